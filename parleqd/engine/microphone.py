"""Keeps the microphone ready while the daemon runs, and tells people what becomes of it."""

from __future__ import annotations

from parleqd.core.ports import Log, Microphone, MicrophoneChoice, MicrophoneStatus
from parleqd.core.settings import Settings
from parleqd.engine.bus import Bus
from parleqd.protocol.names import Reason


def choice_of(settings: Settings) -> MicrophoneChoice:
    """Which microphone the settings ask for, and how."""
    audio = settings.audio
    return MicrophoneChoice(device=audio.device, channel=audio.channel, preroll_s=audio.preroll_s)


async def keep(microphone: Microphone, settings: Settings, bus: Bus, log: Log) -> None:
    """Run the microphone until cancelled. What is wrong with it is announced once, when it becomes wrong."""
    last: Reason | None = None

    def on_status(status: MicrophoneStatus) -> None:
        nonlocal last
        log("microphone", state=status.state, reason=status.reason)
        if status.reason is not None and status.reason is not last:
            bus.notice(status.reason, status.message, status.hint)
        last = status.reason

    await microphone.run(choice_of(settings), on_status)
