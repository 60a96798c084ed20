"""Keeps the microphone ready while the daemon runs, and tells people what becomes of it."""

from __future__ import annotations

from collections.abc import Callable

from parleqd.core.ports import Log, Microphone, MicrophoneChoice, MicrophoneStatus
from parleqd.core.settings import Settings
from parleqd.engine.bus import Bus
from parleqd.protocol.names import MicrophoneState, Reason


def choice_of(settings: Settings) -> MicrophoneChoice:
    """Which microphone the settings ask for, and how."""
    audio = settings.audio
    return MicrophoneChoice(audio.device, audio.channel, audio.preroll_s, audio.avoid_bluetooth)


async def keep(
    microphone: Microphone, settings: Settings, bus: Bus, log: Log, tell: Callable[[MicrophoneStatus], None]
) -> None:
    """Run the microphone until cancelled. What is wrong with it is announced once, when it becomes wrong.

    ``tell`` is given every change.
    """
    last = microphone.status

    def on_status(status: MicrophoneStatus) -> None:
        nonlocal last
        log("microphone", state=status.state, reason=status.reason)
        tell(status)
        if _is_news(last, status):
            assert status.reason is not None
            bus.notice(status.reason, status.message, status.hint)
        last = status

    await microphone.run(choice_of(settings), on_status)


def _is_news(before: MicrophoneStatus, now: MicrophoneStatus) -> bool:
    """A loss counts once, whatever the search for the device finds; a dead input is told by its session."""
    if now.reason in (None, Reason.DEAD_INPUT):
        return False
    searching = MicrophoneState.RECOVERING
    return now.reason is not before.reason and not (before.state is searching and now.state is searching)
