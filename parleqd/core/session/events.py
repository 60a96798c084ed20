"""Everything that can happen to a session."""

from __future__ import annotations

import msgspec

from parleqd.core.session.outcome import Cleaned, Heard, Problem
from parleqd.protocol.names import ReceiptStatus


class AudioBegan(msgspec.Struct, frozen=True):
    """The microphone's first frames are in the journal."""


class StopRequested(msgspec.Struct, frozen=True):
    """The key was released, or somebody asked for the end of the recording."""


class CancelRequested(msgspec.Struct, frozen=True):
    """Somebody gave the dictation up. ``keep``: its audio is worth the place of the last capture's."""

    keep: bool = True


class AudioEnded(msgspec.Struct, frozen=True):
    """No more frames will come. ``warnings``: why some of what was said may be missing."""

    audio_seconds: float
    warnings: tuple[Problem, ...] = ()


class CaptureFailed(msgspec.Struct, frozen=True):
    """Nothing could be heard at all."""

    problem: Problem


class TranscriptReady(msgspec.Struct, frozen=True):
    """The recogniser is done."""

    heard: Heard


class RecognitionFailed(msgspec.Struct, frozen=True):
    """The recogniser gave up. ``heard`` holds what had been committed before, if anything."""

    problem: Problem
    heard: Heard | None = None


class RecogniserAdvanced(msgspec.Struct, frozen=True):
    """The recogniser finished some piece of work, anybody's: it is alive."""


class TextCleaned(msgspec.Struct, frozen=True):
    """Cleanup is done (a fallback counts as done)."""

    cleaned: Cleaned


class TimerFired(msgspec.Struct, frozen=True):
    """A timer ran out. One of an earlier generation comes too late and is ignored."""

    generation: int


class TurnCame(msgspec.Struct, frozen=True):
    """No earlier session of the same recipient is left to be delivered first."""


class HandedOut(msgspec.Struct, frozen=True):
    """The text was given to its owner, as the answer to ``session/result``."""


class InsertionBegan(msgspec.Struct, frozen=True):
    """The text was sent to an inserting client."""


class InsertionLost(msgspec.Struct, frozen=True):
    """The inserting client vanished or did not answer: nobody knows."""


class ReceiptCame(msgspec.Struct, frozen=True):
    """A client said what became of the text."""

    status: ReceiptStatus


class OwnerLeft(msgspec.Struct, frozen=True):
    """The last connection of the session's owner ended."""


class TakenOver(msgspec.Struct, frozen=True):
    """Another client is the owner now, and the session a ``return`` session (a claim, or ``stop --print``)."""

    owner: str


Event = (
    AudioBegan
    | StopRequested
    | CancelRequested
    | AudioEnded
    | CaptureFailed
    | TranscriptReady
    | RecognitionFailed
    | RecogniserAdvanced
    | TextCleaned
    | TimerFired
    | TurnCame
    | HandedOut
    | InsertionBegan
    | InsertionLost
    | ReceiptCame
    | OwnerLeft
    | TakenOver
)
EVENTS: tuple[type[Event], ...] = (
    AudioBegan,
    StopRequested,
    CancelRequested,
    AudioEnded,
    CaptureFailed,
    TranscriptReady,
    RecognitionFailed,
    RecogniserAdvanced,
    TextCleaned,
    TimerFired,
    TurnCame,
    HandedOut,
    InsertionBegan,
    InsertionLost,
    ReceiptCame,
    OwnerLeft,
    TakenOver,
)
