from __future__ import annotations

import os
from array import array
from threading import Event

import anyio
import pytest

from parleqd.adapters.audio.microphone.portaudio import PortAudio, Stream, Wanted
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Device
from parleqd.protocol.names import Reason
from tests.fakes.sounddevice import FakeSoundDevice, PortAudioError

MONO = Wanted("Mic", None, "", channels=1, channel=1, rates=(16_000, 44_100))


def has_sounded(stream: Stream) -> bool:
    return stream.last_frame is not None


@pytest.mark.asyncio
async def test_a_stream_has_fixed_blocks_and_gives_exactly_what_it_gets() -> None:
    library, heard = FakeSoundDevice(), list[bytes]()
    portaudio = PortAudio(lambda: library)
    stream = await portaudio.open(MONO, heard.append)
    (native,) = library.open
    options = native.options
    assert (options["samplerate"], options["blocksize"], options["dtype"]) == (16_000, 320, "int16")
    assert not has_sounded(stream)
    native.feed(b"\1\2\3\4")
    native.feed(b"\5\6", flags=1)
    assert (heard, stream.overflows) == ([b"\1\2\3\4", b"\5\6"], 1)
    assert has_sounded(stream)
    native.vanish()
    assert stream.ended
    await portaudio.close(stream)
    assert library.open == []


@pytest.mark.asyncio
async def test_one_channel_is_handed_over() -> None:
    library, heard = FakeSoundDevice(), list[bytes]()
    await PortAudio(lambda: library).open(MONO._replace(channels=2, channel=2), heard.append)
    library.open[0].feed(array("h", [1, 10, 2, 20]).tobytes())
    assert heard == [array("h", [10, 20]).tobytes()]


@pytest.mark.asyncio
async def test_a_refused_rate_gives_way_to_the_next() -> None:
    library = FakeSoundDevice()
    library.refused = {16_000}
    stream = await PortAudio(lambda: library).open(MONO, lambda pcm: None)
    assert (stream.rate, library.open[0].options["blocksize"]) == (44_100, 882)


@pytest.mark.asyncio
async def test_a_rate_that_must_be_kept_has_no_substitute() -> None:
    library = FakeSoundDevice()
    library.refused = {16_000}
    with pytest.raises(OutsideError, match="'Mic' cannot be opened: Invalid sample rate"):
        await PortAudio(lambda: library).open(MONO._replace(rates=(16_000,)), lambda pcm: None)


@pytest.mark.asyncio
async def test_a_stream_that_does_not_start_is_closed() -> None:
    library = FakeSoundDevice()
    library.start_failure = PortAudioError("busy", -1)
    with pytest.raises(OutsideError, match="busy") as error:
        await PortAudio(lambda: library).open(MONO, lambda pcm: None)
    assert error.value.reason is Reason.NO_MICROPHONE
    assert library.open == []


@pytest.mark.asyncio
async def test_a_stream_that_opens_too_late_is_closed_again() -> None:
    library = FakeSoundDevice()
    library.go, begun = Event(), Event()
    library.on_open = begun.set
    portaudio = PortAudio(lambda: library, patience_s=0.05)
    await portaudio.load()
    with pytest.raises(OutsideError, match="does not answer") as error:
        await portaudio.open(MONO, lambda pcm: None)
    assert error.value.reason is Reason.DEVICE_LOST
    assert begun.is_set()
    library.go.set()
    assert await anyio.to_thread.run_sync(library.closed.wait, 10)
    assert library.open == []


@pytest.mark.parametrize("name", ["PULSE_SOURCE", "PIPEWIRE_NODE"])
@pytest.mark.parametrize("before", [None, "mine"])
@pytest.mark.asyncio
async def test_the_servers_source_is_named_while_the_stream_is_opened(
    monkeypatch: pytest.MonkeyPatch, name: str, before: str | None
) -> None:
    monkeypatch.delenv(name, raising=False)
    if before is not None:
        monkeypatch.setenv(name, before)
    library, seen = FakeSoundDevice(), list[str | None]()
    library.on_open = lambda: seen.append(os.environ.get(name))
    portaudio = PortAudio(lambda: library)
    await portaudio.open(MONO._replace(source="usb"), lambda pcm: None)
    await portaudio.open(MONO, lambda pcm: None)
    assert seen == ["usb", before]
    assert os.environ.get(name) == before


@pytest.mark.asyncio
async def test_devices_are_looked_at_afresh_only_when_nothing_is_open() -> None:
    library = FakeSoundDevice(("Mic", 2), ("Loudspeaker", 0))
    portaudio = PortAudio(lambda: library)
    (found,) = await portaudio.inputs()
    assert found.device == Device("Mic, Fake", "Mic", default=True)
    assert (found.channels, found.rate, found.number) == (2, 44_100, 0)
    stream = await portaudio.open(MONO, lambda pcm: None)
    await portaudio.renew()
    assert library.renewals == 0
    await portaudio.close(stream)
    await portaudio.renew()
    assert library.renewals == 1


@pytest.mark.parametrize(
    ("devices", "route"), [(["hw", "default", "pulse"], 2), (["hw", "default"], 1), (["hw"], None)]
)
@pytest.mark.asyncio
async def test_the_surest_way_to_the_server_is_taken(devices: list[str], route: int | None) -> None:
    library = FakeSoundDevice(*((name, 2) for name in devices))
    assert await PortAudio(lambda: library).server_route() == route


@pytest.mark.asyncio
async def test_without_the_library_every_use_says_so_and_a_later_one_may_succeed() -> None:
    answers = [FakeSoundDevice()]

    def load() -> FakeSoundDevice:
        if len(answers) == 1:
            answers.append(answers[0])
            raise OSError("PortAudio library not found")
        return answers[0]

    portaudio = PortAudio(load)
    with pytest.raises(OutsideError, match="PortAudio library not found") as error:
        await portaudio.inputs()
    assert error.value.reason is Reason.NO_PORTAUDIO
    assert await portaudio.inputs()
