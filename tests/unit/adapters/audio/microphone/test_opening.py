from __future__ import annotations

import pytest

from parleqd.adapters.audio.microphone.opening import HopelessError, Opening
from parleqd.adapters.audio.microphone.portaudio import PortAudio
from parleqd.adapters.audio.microphone.sound_server import SoundServer
from parleqd.core.errors import OutsideError
from parleqd.core.ports import MicrophoneChoice
from tests.fakes.pulsectl import FakeServer
from tests.fakes.sounddevice import FakeSoundDevice


def opening(library: FakeSoundDevice, server: FakeServer) -> Opening:
    return Opening(PortAudio(lambda: library), SoundServer(lambda: server))


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
