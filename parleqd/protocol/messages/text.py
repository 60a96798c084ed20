"""text/* and history/*."""

from __future__ import annotations

from parleqd.protocol.messages.parts import (
    Count,
    EditRecord,
    Fallback,
    Message,
    ModeUsed,
    SessionContext,
    SessionId,
)
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


class TextRefineParams(Message, frozen=True):
    """Either ``instruction`` or ``preset``: its name or digit. Without ``mode``, as ``cleanup.refine_mode`` says."""

    text: str
    instruction: str | None = None
    preset: str | None = None
    mode: Mode | None = None
    context: SessionContext | None = None


class TextRefineResult(Message, frozen=True):
    """``baseline`` is the text that was sent, so that every step of a chain can be taken back.

    ``text`` is the same where ``fallback`` tells why nothing changed.
    """

    text: str
    baseline: str
    mode: ModeUsed
    fallback: Fallback | None
    edits: list[EditRecord]
    timings_ms: CleanupTimings


class PresetEntry(Message, frozen=True):
    """``digit``: 1 to 9, null beyond the ninth."""

    name: str
    instruction: str
    digit: int | None


class TextPresetsResult(Message, frozen=True):
    """The user's own presets, then the built-in ones."""

    presets: list[PresetEntry]


class HistoryListParams(Message, frozen=True):
    limit: Count = 100


class HistorySearchParams(Message, frozen=True):
    """Every one of ``words`` must occur, in any order and case."""

    words: str
    limit: Count = 100


class HistoryTexts(Message, frozen=True):
    """As it was recognised, as it was cleaned on the device, as a model wrote it; null what was not made."""

    raw: str
    instant: str | None
    polished: str | None


class HistoryEntry(Message, frozen=True):
    """``delivery`` is "delivered", "pending" or how the session ended otherwise."""

    session_id: str
    started: float
    delivery: str
    result: SessionResult
    texts: HistoryTexts


class HistoryListResult(Message, frozen=True):
    """Newest first."""

    entries: list[HistoryEntry]


class HistoryClearResult(Message, frozen=True):
    cleared: int


class HistoryUndoParams(Message, frozen=True):
    """``edits``: numbers of the result's ``edits``, counted from 1."""

    session_id: SessionId
    edits: list[Count]


class HistoryUndoResult(Message, frozen=True):
    """The text without those edits, and the edits that are left: what rested on one of them is gone as well."""

    text: str
    edits: list[EditRecord]
