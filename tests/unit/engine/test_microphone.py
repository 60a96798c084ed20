from __future__ import annotations

import anyio
import pytest

from parleqd.core.ports import MicrophoneChoice, MicrophoneStatus
from parleqd.core.settings import Audio, Settings
from parleqd.engine.bus import Bus
from parleqd.engine.microphone import choice_of, keep
from parleqd.protocol.messages import DaemonNotice
from parleqd.protocol.names import MicrophoneState, Reason
from tests.fakes.log import MemoryLog
from tests.fakes.microphone import FakeMicrophone
from tests.fakes.peers import Ear

WELL = MicrophoneStatus(MicrophoneState.LISTENING, "Desk")
LOST = MicrophoneStatus(MicrophoneState.RECOVERING, "Desk", Reason.DEVICE_LOST, "Desk is gone", "plug it in")

SOUGHT = MicrophoneStatus(MicrophoneState.RECOVERING, "Desk", Reason.NO_MICROPHONE, "no sound server", "start it")
FLAT = MicrophoneStatus(MicrophoneState.LISTENING, "Desk", Reason.DEAD_INPUT, "Desk is muted", "unmute it")


def test_the_settings_choose() -> None:
    audio = Audio(device="desk", channel=2, preroll_s=0.5)
    assert choice_of(Settings(audio=audio)) == MicrophoneChoice("desk", 2, 0.5)


@pytest.mark.asyncio
async def test_people_are_told_once_whenever_something_is_wrong() -> None:
    bus, ear, log, microphone = Bus(), Ear(), MemoryLog(), FakeMicrophone()
    bus.join(ear)
    told_all: list[MicrophoneStatus] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keep, microphone, Settings(), bus, log, told_all.append)
        await anyio.wait_all_tasks_blocked()
        for status in (WELL, LOST, SOUGHT, LOST, WELL, FLAT, LOST):
            microphone.become(status)
        tasks.cancel_scope.cancel()
    assert told_all == [WELL, LOST, SOUGHT, LOST, WELL, FLAT, LOST]
    told = [note.params for note in ear.notes]
    assert told == [DaemonNotice(reason=Reason.DEVICE_LOST, message="Desk is gone", hint="plug it in")] * 2
    assert [fields["state"] for fields in log.fields("microphone")][:2] == ["listening", "recovering"]
