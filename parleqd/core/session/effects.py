"""What the machine wants done. The engine does it, and reports back with events."""

from __future__ import annotations

import msgspec

from parleqd.core.session.outcome import Heard, Outcome, Problem
from parleqd.protocol.names import End, Phase, Reason


class StopCapture(msgspec.Struct, frozen=True):
    """Let the recording end in an orderly way: ``AudioEnded`` follows."""


class DropCapture(msgspec.Struct, frozen=True):
    """Close the recording now; nothing follows."""


class FinishUtterance(msgspec.Struct, frozen=True):
    """Tell the recogniser that all audio is in: ``TranscriptReady`` or ``RecognitionFailed`` follows."""


class DiscardUtterance(msgspec.Struct, frozen=True):
    """Tell the recogniser to forget it."""


class Clean(msgspec.Struct, frozen=True):
    """Clean this transcript: ``TextCleaned`` follows."""

    heard: Heard


class DropCleanup(msgspec.Struct, frozen=True):
    """Cleanup is no longer wanted."""


class SetTimer(msgspec.Struct, frozen=True):
    """Fire ``TimerFired(generation)`` after so many seconds; replaces the session's earlier timer."""

    seconds: float
    generation: int


class Record(msgspec.Struct, frozen=True):
    """The text is there: into history and metrics."""

    outcome: Outcome


class Announce(msgspec.Struct, frozen=True):
    """The session entered a phase."""

    phase: Phase
    end: End | None = None
    reason: Reason | None = None


class OfferText(msgspec.Struct, frozen=True):
    """Announce the result; for an ``insert`` session, begin to insert."""

    outcome: Outcome


class Tell(msgspec.Struct, frozen=True):
    """People should know this."""

    problem: Problem


class ReleaseAudio(msgspec.Struct, frozen=True):
    """The audio is needed no longer, but for ``recover`` (``keep``). ``owed``: it never became a text."""

    keep: bool
    owed: bool = False


Effect = (
    StopCapture
    | DropCapture
    | FinishUtterance
    | DiscardUtterance
    | Clean
    | DropCleanup
    | SetTimer
    | Record
    | Announce
    | OfferText
    | Tell
    | ReleaseAudio
)
