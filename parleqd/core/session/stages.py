"""What a session's journal entry says besides its audio, and what can be told from it after a crash."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from parleqd.core.session.outcome import HeardSegment, Outcome, Problem
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.states import Delivering, Offer, Recording, State, Transcribing

ATTEMPTS_ALLOWED = 3
"""A dictation that was taken up again so often, and never ended, may be what ends the daemon."""


class _Stage(msgspec.Struct, frozen=True, tag_field="is", tag=str.lower):
    """One record; its type travels in the field ``is``."""


class Began(_Stage, frozen=True):
    """The session, as it was started, or as it belongs to somebody else from here on."""

    spec: SessionSpec


class Committed(_Stage, frozen=True):
    """A piece of the transcript that is final."""

    segment: HeardSegment


class AudioDone(_Stage, frozen=True):
    """No more frames come. ``warnings``: why some may be missing."""

    warnings: tuple[Problem, ...] = ()


class Finished(_Stage, frozen=True):
    """The text is there."""

    outcome: Outcome


class Offered(_Stage, frozen=True):
    """``out``: somebody has been given the text. ``False``: it came back."""

    out: bool


class Resumed(_Stage, frozen=True):
    """A later daemon took the session up."""


class Stopped(_Stage, frozen=True):
    """The daemon ended in good order: it was not this dictation that ended it."""


class Kept(_Stage, frozen=True):
    """The entry is only kept for `recover`, until this time (seconds since the epoch)."""

    spec: SessionSpec
    until: float


Stage = Began | Committed | AudioDone | Finished | Offered | Resumed | Stopped | Kept


class Told(msgspec.Struct):
    """What the stages tell of a session. ``spec`` is ``None`` when nothing can be made of them."""

    spec: SessionSpec | None = None
    segments: tuple[HeardSegment, ...] = ()
    audio_done: AudioDone | None = None
    outcome: Outcome | None = None
    offered: bool = False
    attempts: int = 0
    kept_until: float | None = None


def tell(stages: Iterable[Stage]) -> Told:
    """Read the stages in their order."""
    told = Told()
    for stage in stages:
        match stage:
            case Began():
                told.spec = stage.spec
            case Committed():
                told.segments = (*told.segments, stage.segment)
            case AudioDone():
                told.audio_done = stage
            case Finished():
                told.outcome = stage.outcome
            case Offered():
                told.offered = stage.out
            case Resumed():
                told.attempts += 1
            case Stopped():
                told.attempts = max(0, told.attempts - 1)
            case Kept():
                told.spec, told.kept_until = stage.spec, stage.until
    return told


def stage_between(before: State, after: State) -> Stage | None:
    """What a transition has to leave in the journal, if anything."""
    if isinstance(before, Recording) and isinstance(after, Transcribing):
        return AudioDone(after.warnings)
    if not isinstance(after, Delivering):
        return None
    if not isinstance(before, Delivering):
        return Finished(after.outcome)
    return Offered(_is_out(after.offer)) if _is_out(after.offer) is not _is_out(before.offer) else None


def _is_out(offer: Offer) -> bool:
    return offer in (Offer.UNDER_WAY, Offer.HELD, Offer.MAYBE_DELIVERED)
