"""What to do with a dictation that an earlier daemon left behind: decided from its stages alone."""

from __future__ import annotations

import msgspec

from parleqd.core.ports import LeftBehind
from parleqd.core.session.outcome import Heard, HeardSegment, Problem
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.stages import ATTEMPTS_ALLOWED, Told, tell
from parleqd.core.session.states import Delivering, Offer
from parleqd.core.speech.transcript import join
from parleqd.protocol.names import MAX_INSTANCE_CHARACTERS, Deliver, Mode, Pace, Reason, Source, Verdict

_CUT_OFF = Problem(
    Reason.AUDIO_INCOMPLETE,
    "the daemon was stopped in the middle of this dictation: its end may be missing",
    "say the rest again",
)
_HOPELESS = Problem(
    Reason.WORKER_FAILED,
    f"the daemon has ended {ATTEMPTS_ALLOWED} times over this dictation: only what had been transcribed is kept",
    "`parleqctl recover` tries the whole audio again",
)


class Forget(msgspec.Struct, frozen=True):
    """Nothing in it is wanted any more, or nothing can be made of it."""


class KeepForRecover(msgspec.Struct, frozen=True):
    """It is the last capture's audio. ``until``: seconds since the epoch."""

    spec: SessionSpec
    until: float


class OfferText(msgspec.Struct, frozen=True):
    """Its text is there."""

    spec: SessionSpec
    state: Delivering


class Finish(msgspec.Struct, frozen=True):
    """Its audio, but for what ``segments`` say already, has to be transcribed.

    ``hopeless``: it seems to be what ends the daemon, so that only the segments can be saved. ``unread``: it is a file
    of which nothing was read, to be read from where it was.
    """

    spec: SessionSpec
    segments: tuple[HeardSegment, ...]
    warnings: tuple[Problem, ...]
    hopeless: Problem | None
    unread: bool = False

    def saved(self, audio_seconds: float) -> Heard:
        """What is saved of a hopeless one."""
        raw = join([segment.text for segment in self.segments])
        return Heard(Verdict.SPEECH, raw, self.segments, audio_seconds, 0.0, "", "")


Plan = Forget | KeepForRecover | OfferText | Finish


def plan(left: LeftBehind, now: float, *, keep: bool) -> Plan:
    """``now``: seconds since the epoch. ``keep``: may audio be kept for `recover`?"""
    told = tell(left.stages)
    if told.spec is None:
        if not left.entry.samples:
            return Forget()
        told.spec = _unknown(left.session_id, now)
    if told.kept_until is not None:
        return KeepForRecover(told.spec, told.kept_until) if keep and told.kept_until > now else Forget()
    spec = msgspec.structs.replace(told.spec, owner=_owner(told.spec), partials=False, resumed=True)
    if told.outcome is not None:
        if not told.outcome.news:
            return Forget()
        return OfferText(spec, Delivering(told.outcome, Offer.MAYBE_DELIVERED if told.offered else Offer.WAITING))
    unread = spec.source is Source.FILE and told.audio_done is None and not left.entry.samples
    return _finish(told, spec, unread=unread)


def _finish(told: Told, spec: SessionSpec, *, unread: bool) -> Finish:
    hopeless = told.attempts >= ATTEMPTS_ALLOWED
    return Finish(
        msgspec.structs.replace(spec, pace=Pace.FAST),
        told.segments,
        warnings=(_CUT_OFF,) if told.audio_done is None else told.audio_done.warnings,
        hopeless=_HOPELESS if hopeless else None,
        unread=unread and not hopeless,
    )


def _unknown(session_id: str, now: float) -> SessionSpec:
    """Of a dictation whose beginning is damaged: what was said is there, whose it was is not."""
    return SessionSpec(
        id=session_id,
        number=0,
        owner="nobody: the journal is damaged",
        source=Source.STREAM,
        deliver=Deliver.RETURN,
        mode=Mode.INSTANT,
        started=now,
    )


def _owner(spec: SessionSpec) -> str:
    """An owner that was a mere connection (its name is longer than an instance may be) can never come back."""
    return f"{spec.owner}, and is gone" if len(spec.owner) > MAX_INSTANCE_CHARACTERS else spec.owner
