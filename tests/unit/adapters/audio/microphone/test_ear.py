from __future__ import annotations

from threading import Event

import pytest

from parleqd.adapters.audio.microphone.ear import OpenEar
from parleqd.adapters.audio.microphone.opening import Opening
from parleqd.adapters.audio.microphone.portaudio import PortAudio
from parleqd.adapters.audio.microphone.sound_server import SoundServer
from parleqd.core.ports import MicrophoneChoice
from tests.fakes.pulsectl import FakeServer
from tests.fakes.sounddevice import FakeSoundDevice


def opening(library: FakeSoundDevice, patience_s: float = 10.0) -> Opening:
    return Opening(PortAudio(lambda: library, patience_s), SoundServer(lambda: FakeServer("mic")))


@pytest.mark.asyncio
async def test_what_comes_before_anybody_listens_is_remembered_and_given_at_the_end() -> None:
    library, heard = FakeSoundDevice(), list[bytes]()
    library.at_once = [b"\1\2", b"\3\4"]
    parts = opening(library)
    ear = await OpenEar.open(parts, MicrophoneChoice(), blocks=5)
    assert (ear.device.id, ear.absent) == ("mic", False)
    ear.tap.listen(heard.append)
    await ear.close(parts)
    assert heard == [b"\1\2", b"\3\4"]
    assert library.open == []


@pytest.mark.asyncio
async def test_an_end_that_hangs_is_left_alone_and_the_ear_is_deaf() -> None:
    library, heard, go = FakeSoundDevice(), list[bytes](), Event()
    parts = opening(library, patience_s=0.1)
    ear = await OpenEar.open(parts, MicrophoneChoice(), blocks=5)
    ear.tap.listen(heard.append)
    (native,) = library.open
    native.hang = go
    try:
        await ear.close(parts)
        native.feed(b"\1\2")
    finally:
        go.set()
    assert heard == []
