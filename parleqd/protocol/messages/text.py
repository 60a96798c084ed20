"""text/* and history/*."""

from __future__ import annotations

from parleqd.protocol.messages.parts import Count, EditRecord, Fallback, Message, ModeUsed, SessionContext
from parleqd.protocol.messages.session import SessionResult
from parleqd.protocol.names import Mode


class CleanupTimings(Message, frozen=True):
    cleanup: float


class TextCleanParams(Message, frozen=True):
    text: str
    mode: Mode | None = None
    context: SessionContext | None = None


class TextCleanResult(Message, frozen=True):
    text: str
    mode: ModeUsed
    fallback: Fallback | None
    edits: list[EditRecord]
    timings_ms: CleanupTimings


class HistoryListParams(Message, frozen=True):
    limit: Count = 100


class HistorySearchParams(Message, frozen=True):
    """Every one of ``words`` must occur, in any order and case."""

    words: str
    limit: Count = 100


class HistoryEntry(Message, frozen=True):
    """``delivery`` is "delivered", "pending" or how the session ended otherwise."""

    session_id: str
    started: float
    delivery: str
    result: SessionResult


class HistoryListResult(Message, frozen=True):
    """Newest first."""

    entries: list[HistoryEntry]


class HistoryClearResult(Message, frozen=True):
    cleared: int
