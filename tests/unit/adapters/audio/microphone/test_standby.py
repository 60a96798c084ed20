from __future__ import annotations

import math

import pytest

from parleqd.adapters.audio.microphone.opening import Opening
from parleqd.adapters.audio.microphone.portaudio import PortAudio
from parleqd.adapters.audio.microphone.sound_server import SoundServer
from parleqd.adapters.audio.microphone.standby import LOOK_S, Standby
from parleqd.core.capture.ladder import STANDBY_RUNGS
from parleqd.core.ports import MicrophoneChoice
from tests.fakes.pulsectl import FakeServer
from tests.fakes.sounddevice import FakeSoundDevice, PortAudioError

PREROLL = MicrophoneChoice(preroll_s=1.0)


def standby(library: FakeSoundDevice, server: FakeServer, return_look_s: float = 5.0) -> Standby:
    found = Standby(Opening(PortAudio(lambda: library), SoundServer(lambda: server)), return_look_s)
    found.active = True
    return found


@pytest.mark.asyncio
async def test_nothing_is_open_unless_it_is_wanted() -> None:
    library = FakeSoundDevice()
    found = standby(library, FakeServer("mic"))
    assert (await found.tend(MicrophoneChoice())).pause_s == math.inf
    assert library.opened == []
    assert (await found.tend(PREROLL)).pause_s == LOOK_S
    assert len(library.open) == 1
    await found.tend(MicrophoneChoice())
    assert library.open == []


@pytest.mark.asyncio
async def test_a_stream_is_taken_for_the_same_choice_only_and_may_be_given_back() -> None:
    library = FakeSoundDevice()
    found = standby(library, FakeServer("mic"))
    await found.tend(PREROLL)
    assert found.take(MicrophoneChoice()) is None
    ear = found.take(PREROLL)
    assert ear is not None
    assert found.take(PREROLL) is None
    await found.give(ear, PREROLL)
    assert found.take(PREROLL) is ear
    await found.give(ear, MicrophoneChoice())
    assert library.open == []


@pytest.mark.asyncio
async def test_nothing_is_kept_when_nobody_looks_after_it() -> None:
    library = FakeSoundDevice()
    found = standby(library, FakeServer("mic"))
    await found.tend(PREROLL)
    ear = found.take(PREROLL)
    assert ear is not None
    found.active = False
    await found.give(ear, PREROLL)
    assert library.open == []


@pytest.mark.asyncio
async def test_a_dead_stream_is_opened_anew_with_longer_and_longer_pauses() -> None:
    library = FakeSoundDevice()
    found = standby(library, FakeServer("mic"))
    await found.tend(PREROLL)
    library.open[0].vanish()
    library.failures = [PortAudioError("busy", -1)] * 5
    pauses = []
    for _ in range(5):
        tended = await found.tend(PREROLL)
        assert tended.problem is not None
        pauses.append(tended.pause_s)
    assert pauses == [*(rung.pause_s for rung in STANDBY_RUNGS[1:]), 30, 30]
    assert (await found.tend(PREROLL)).problem is None
    assert len(library.open) == 1


@pytest.mark.asyncio
async def test_when_there_are_other_microphones_the_pauses_begin_anew() -> None:
    library = FakeSoundDevice()
    found = standby(library, FakeServer("mic"))
    library.failures = [PortAudioError("busy", -1)] * 3
    assert [(await found.tend(PREROLL)).pause_s for _ in range(2)] == [1, 5]
    assert library.renewals == 1
    found.begin_anew()
    assert (await found.tend(PREROLL)).pause_s == 1
    assert library.renewals == 1


@pytest.mark.asyncio
async def test_what_is_kept_open_is_named_once_it_gives_sound() -> None:
    library = FakeSoundDevice()
    found = standby(library, FakeServer("mic"))
    assert (await found.tend(PREROLL)).heard == ""
    library.open[0].feed(b"\1\2")
    assert (await found.tend(PREROLL)).heard == "Mic"


@pytest.mark.asyncio
async def test_a_stand_in_makes_room_when_the_chosen_one_is_back() -> None:
    library, server = FakeSoundDevice(("pulse", 32)), FakeServer("mic")
    found, choice = standby(library, server, return_look_s=0.0), MicrophoneChoice("usb", preroll_s=1.0)
    await found.tend(choice)
    library.open[0].feed(b"\1\2")
    await found.tend(choice)
    assert len(library.opened) == 1
    server.names.append("usb")
    await found.tend(choice)
    assert len(library.opened) == 2
    ear = found.take(choice)
    assert ear is not None
    assert ear.device.id == "usb"
    await found.give(ear, MicrophoneChoice())
