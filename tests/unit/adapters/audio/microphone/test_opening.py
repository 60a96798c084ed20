from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.audio.microphone.opening import HopelessError, Opening
from parleqd.adapters.audio.microphone.portaudio import PortAudio
from parleqd.adapters.audio.microphone.sound_server import SoundServer
from parleqd.core.errors import OutsideError
from parleqd.core.ports import MicrophoneChoice
from parleqd.protocol.names import Reason
from tests.fakes.pulsectl import FakeServer
from tests.fakes.sounddevice import FakeSoundDevice

PATIENCE_S = 0.2


def opening(library: FakeSoundDevice, server: FakeServer) -> Opening:
    return Opening(PortAudio(lambda: library), SoundServer(lambda: server, PATIENCE_S))


@contextmanager
def hanging(server: FakeServer) -> Iterator[None]:
    server.hang = hang = Event()
    try:
        yield
    finally:
        server.hang = None
        hang.set()


def nowhere(pcm: bytes) -> None:
    """Frames that nobody wants."""


@pytest.mark.asyncio
async def test_a_chosen_source_is_steered_to_where_the_environment_had_no_effect() -> None:
    library, server = FakeSoundDevice(("hw", 2), ("default", 32)), FakeServer("mic", "usb")
    library.on_open = lambda: setattr(server, "heard", "mic")
    opened = await opening(library, server).open(MicrophoneChoice("usb"), nowhere, None, renew=False)
    assert (opened.device.id, opened.absent, server.heard) == ("usb", False, "usb")
    assert library.open[0].options["device"] == 1


@pytest.mark.asyncio
async def test_the_servers_default_is_left_to_the_server() -> None:
    library, server = FakeSoundDevice(), FakeServer("mic", "usb")
    opened = await opening(library, server).open(MicrophoneChoice(), nowhere, None, renew=False)
    assert (opened.device.id, server.steered) == ("mic", [])


@pytest.mark.asyncio
async def test_without_a_server_portaudios_device_is_opened_by_number() -> None:
    library, server = FakeSoundDevice(("one", 1), ("two", 2)), FakeServer()
    server.up = False
    await opening(library, server).open(MicrophoneChoice("two"), nowhere, None, renew=True)
    assert library.open[0].options["device"] == 1
    assert library.open[0].options["channels"] == 2
    assert library.renewals == 1


@pytest.mark.parametrize(("up", "said"), [(True, "knows no source"), (False, "no sound server answers")])
@pytest.mark.asyncio
async def test_nothing_to_open_is_told_with_its_cause(up: bool, said: str) -> None:
    library, server = FakeSoundDevice(), FakeServer()
    library.devices, server.up = [], up
    parts = opening(library, server)
    with pytest.raises(OutsideError, match=said):
        await parts.inputs()
    with pytest.raises(OutsideError, match=said):
        await parts.open(MicrophoneChoice(), nowhere, None, renew=False)


@pytest.mark.asyncio
async def test_a_server_without_a_way_to_it_is_looked_for_again_and_then_told() -> None:
    library, server = FakeSoundDevice(("hw", 2)), FakeServer("mic")
    with pytest.raises(OutsideError, match="no way to 'Mic'"):
        await opening(library, server).open(MicrophoneChoice(), nowhere, None, renew=False)
    assert library.renewals == 1


@pytest.mark.asyncio
async def test_a_channel_too_many_is_hopeless() -> None:
    with pytest.raises(HopelessError, match=r"audio\.channel is 2, but 'Mic' has 1 channel"):
        await opening(FakeSoundDevice(), FakeServer("mic")).open(MicrophoneChoice(channel=2), nowhere, None, False)


@pytest.mark.asyncio
async def test_while_the_server_hangs_no_other_microphone_stands_in_for_the_chosen_one() -> None:
    library, server = FakeSoundDevice(("hw", 2), ("default", 32)), FakeServer("mic", "usb")
    parts = opening(library, server)
    with hanging(server):
        with pytest.raises(OutsideError, match="no microphone can be chosen now: the sound server does not") as error:
            await parts.open(MicrophoneChoice("usb"), nowhere, None, renew=False)
        assert error.value.reason is Reason.NO_MICROPHONE
        with pytest.raises(OutsideError, match="no microphone can be chosen now"):
            await parts.inputs()
    assert library.opened == []


@pytest.mark.asyncio
async def test_while_the_server_hangs_its_default_is_opened_by_the_way_to_it_or_not_at_all() -> None:
    library, server = FakeSoundDevice(("hw", 2), ("default", 32)), FakeServer("mic")
    parts = opening(library, server)
    with hanging(server):
        await parts.open(MicrophoneChoice(), nowhere, None, renew=False)
        library.devices.pop()
        with pytest.raises(OutsideError, match="no microphone can be chosen now"):
            await parts.open(MicrophoneChoice(), nowhere, None, renew=False)
    assert [stream.options["device"] for stream in library.opened] == [1]


@pytest.mark.asyncio
async def test_a_stream_that_the_server_does_not_steer_is_closed() -> None:
    library, server = FakeSoundDevice(), FakeServer("mic", "usb")
    library.on_open = lambda: setattr(server, "hang", hang)
    hang = Event()
    try:
        with pytest.raises(OutsideError, match="no microphone can be chosen now"):
            await opening(library, server).open(MicrophoneChoice("usb"), nowhere, None, renew=False)
    finally:
        hang.set()
    assert (len(library.opened), library.open) == (1, [])


@pytest.mark.asyncio
async def test_other_sources_than_at_the_last_opening_are_news_once() -> None:
    library, server = FakeSoundDevice(), FakeServer("mic")
    parts = opening(library, server)
    await parts.open(MicrophoneChoice(), nowhere, None, renew=False)
    assert not await parts.changed()
    server.names.append("usb")
    assert [await parts.changed() for _ in range(2)] == [True, False]
    server.up = False
    assert [await parts.changed() for _ in range(2)] == [True, False]
    server.up = True
    assert await parts.changed()
    parts.forget()
    assert await parts.changed()


@pytest.mark.asyncio
async def test_what_a_server_knows_after_it_hung_is_news() -> None:
    server = FakeServer("mic")
    parts = opening(FakeSoundDevice(), server)
    await parts.open(MicrophoneChoice(), nowhere, None, renew=False)
    with hanging(server):
        assert not await parts.changed()
    with anyio.fail_after(5):
        while not await parts.changed():
            await anyio.lowlevel.checkpoint()
