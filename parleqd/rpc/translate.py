"""From what core and engine hold to what crosses the wire."""

from __future__ import annotations

from collections.abc import Iterable

from parleqd.core.session.outcome import Cleaned, Outcome, Problem
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.states import Delivering, Ended, Offer, State
from parleqd.core.session.texts import instant_of, polished_of
from parleqd.core.text.edits import Edit
from parleqd.engine.history import Entry
from parleqd.engine.live import LiveSession
from parleqd.protocol import messages as m
from parleqd.protocol.names import Mode, PendingState


def pending_session(live: LiveSession) -> m.PendingSession:
    """A finished, unacknowledged session, without its text."""
    state = live.state
    untouched = isinstance(state, Delivering) and state.offer in (Offer.WAITING, Offer.READY)
    return m.PendingSession(
        session_id=live.id,
        state=PendingState.READY if untouched else PendingState.MAYBE_DELIVERED,
        deliver=live.spec.deliver,
        started=live.spec.started,
        audio_seconds=state.outcome.heard.audio_seconds if isinstance(state, Delivering) else 0.0,
    )


def fallback(problem: Problem | None) -> m.Fallback | None:
    """Why the asked cleanup mode was not used."""
    if problem is None:
        return None
    return m.Fallback(reason=problem.reason, message=problem.message, hint=problem.hint, target=problem.target)


def edits(made: Iterable[Edit]) -> list[m.EditRecord]:
    """The changes of the Instant engine."""
    return [m.EditRecord(stage=edit.stage, before=edit.before, after=edit.after) for edit in made]


def mode(asked: Mode, cleaned: Cleaned) -> m.ModeUsed:
    """Which cleanup was asked for, and which was used."""
    return m.ModeUsed(asked=asked, used=cleaned.used)


def session_result(spec: SessionSpec, outcome: Outcome) -> m.SessionResult:
    """The result object of a dictation."""
    heard, cleaned = outcome.heard, outcome.cleaned
    return m.SessionResult(
        session_id=spec.id,
        verdict=heard.verdict,
        raw=heard.raw,
        text=cleaned.text,
        mode=mode(outcome.asked, cleaned),
        fallback=fallback(cleaned.fallback),
        segments=[m.TextSegment(start=s.start, end=s.end, text=s.text) for s in heard.segments],
        edits=edits(cleaned.edits),
        audio_seconds=heard.audio_seconds,
        timings_ms=m.Timings(
            release_to_raw=round(outcome.release_to_raw_ms, 3),
            cleanup=round(outcome.cleanup_ms, 3),
            release_to_text=round(outcome.release_to_text_ms, 3),
            decode=round(heard.decode_ms, 3),
        ),
        model=m.ModelInUse(name=heard.model, compute_type=heard.compute_type),
        warnings=[m.ResultWarning(reason=w.reason, message=w.message, hint=w.hint) for w in heard.warnings],
        language=heard.language,
        baseline=outcome.baseline,
        trailing_space=spec.behaviour.trailing_space,
    )


def history_entry(entry: Entry, state: State | None) -> m.HistoryEntry:
    """An earlier dictation. ``state`` of its session, while that is remembered."""
    return m.HistoryEntry(
        session_id=entry.spec.id,
        started=entry.spec.started,
        delivery="pending" if isinstance(state, Delivering) else state.end if isinstance(state, Ended) else "delivered",
        result=session_result(entry.spec, entry.outcome),
        texts=m.HistoryTexts(
            raw=entry.outcome.heard.raw, instant=instant_of(entry.outcome), polished=polished_of(entry.outcome)
        ),
    )
