"""history/*: earlier dictations."""

from __future__ import annotations

from parleqd.core.errors import RefusedError
from parleqd.core.session.states import Delivering
from parleqd.core.session.texts import texts_of, without
from parleqd.engine.history import Entry
from parleqd.engine.live import LiveSession
from parleqd.protocol import messages as m
from parleqd.protocol.methods import (
    HISTORY_CLEAR,
    HISTORY_LAST,
    HISTORY_LIST,
    HISTORY_SEARCH,
    HISTORY_SHOW,
    HISTORY_UNDO,
)
from parleqd.protocol.names import Reason
from parleqd.rpc import translate
from parleqd.rpc.dispatch import handles
from parleqd.rpc.services import Call

LIST_CHARACTERS = 1_000_000
"""How much text one list may hold: well below what a message may have, escapes and segments included."""


def _told(call: Call, entry: Entry) -> m.HistoryEntry:
    return translate.history_entry(entry, call.services.sessions.driver.state_of(entry.spec.id))


def _entries(call: Call, found: list[Entry]) -> m.HistoryListResult:
    """The newest of ``found`` that fit into one message; at least one."""
    entries: list[m.HistoryEntry] = []
    room = LIST_CHARACTERS
    for entry in found:
        room -= sum(map(len, texts_of(entry.outcome)))
        if entries and room < 0:
            break
        entries.append(_told(call, entry))
    return m.HistoryListResult(entries=entries)


@handles(HISTORY_LIST)
def latest(call: Call, params: m.HistoryListParams) -> m.HistoryListResult:
    return _entries(call, call.services.records.history.latest(params.limit))


@handles(HISTORY_SEARCH)
def search(call: Call, params: m.HistorySearchParams) -> m.HistoryListResult:
    return _entries(call, call.services.records.history.search(params.words, params.limit))


@handles(HISTORY_SHOW)
def show(call: Call, params: m.SessionRef) -> m.HistoryEntry:
    return _told(call, call.services.records.history.show(params.session_id))


@handles(HISTORY_LAST)
def last(call: Call, _: m.Nothing) -> m.HistoryEntry:
    """The latest of what the history keeps and of what waits: with ``keep = 0`` only the latter."""
    found = call.services.records.history.latest(1)
    found += [_entry_of(live) for live in call.services.sessions.pending()[-1:]]
    if not found:
        raise RefusedError(Reason.UNKNOWN_SESSION, "there is no earlier dictation", "history.keep = 0 keeps none")
    return _told(call, max(found, key=lambda entry: entry.spec.number))


@handles(HISTORY_UNDO)
def undo(call: Call, params: m.HistoryUndoParams) -> m.HistoryUndoResult:
    waiting = (_entry_of(live) for live in call.services.sessions.pending() if live.id == params.session_id)
    entry = next(waiting, None) or call.services.records.history.show(params.session_id)
    try:
        text, left = without(entry.outcome, params.edits)
    except IndexError as error:
        count = len(entry.outcome.cleaned.edits)
        message = f"dictation {params.session_id} has no edit {error}"
        raise RefusedError(Reason.UNKNOWN_EDIT, message, f"it has {count}, counted from 1") from None
    return m.HistoryUndoResult(text=text, edits=translate.edits(left))


def _entry_of(live: LiveSession) -> Entry:
    assert isinstance(live.state, Delivering)
    return Entry(live.spec, live.state.outcome)


@handles(HISTORY_CLEAR)
def clear(call: Call, _: m.Nothing) -> m.HistoryClearResult:
    """Everything that was said is forgotten, texts that nobody is there to fetch included."""
    call.services.records.recovery.forget()
    orphans = call.services.sessions.give_up_orphans()
    return m.HistoryClearResult(cleared=len({*orphans, *call.services.records.history.clear()}))
