"""Every message of the protocol as a struct: parameters, results and notifications.

Times are seconds unless the name says otherwise; ``started`` is seconds since the epoch. Unknown fields are ignored,
so that a newer client can talk to an older daemon.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from parleqd.protocol import names
from parleqd.protocol.names import (
    Deliver,
    End,
    Mode,
    ModelState,
    OnDisconnect,
    Pace,
    PendingState,
    Phase,
    Reason,
    ReceiptStatus,
    Source,
    Topic,
    Verdict,
)

Instance = Annotated[str, msgspec.Meta(min_length=1, max_length=names.MAX_INSTANCE_CHARACTERS)]
SessionId = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class Message(msgspec.Struct, frozen=True):
    """Base of all that crosses the wire."""


class Nothing(Message, frozen=True):
    """No parameters, or an empty result."""


# Handshake


class ClientInfo(Message, frozen=True):
    """Who is calling. ``instance`` lives as long as the window or process: best a UUID."""

    name: str
    instance: Instance
    version: str = ""


class ClientCapabilities(Message, frozen=True):
    """What the client can do: ``insert`` text into the focused window; make use of ``partials``."""

    insert: bool = False
    partials: bool = True


class InitializeParams(Message, frozen=True):
    client: ClientInfo
    protocol: int
    capabilities: ClientCapabilities = ClientCapabilities()


class ServerInfo(Message, frozen=True):
    name: str
    version: str


class ServerCapabilities(Message, frozen=True):
    """What this daemon offers: sources it can hear, modes it can clean with, topics it can tell of."""

    sources: list[Source]
    modes: list[Mode]
    topics: list[Topic]


class PendingSession(Message, frozen=True):
    """A finished, unacknowledged session. Never its text."""

    session_id: str
    state: PendingState
    deliver: Deliver
    started: float
    audio_seconds: float


class InitializeResult(Message, frozen=True):
    server: ServerInfo
    protocol: int
    capabilities: ServerCapabilities
    pending: list[PendingSession]


# Sessions


class SessionContext(Message, frozen=True):
    """Where the text will go: chooses mode, vocabulary and punctuation. Neither logged nor sent anywhere."""

    app: str = ""
    window_class: str = ""
    title: str = ""
    file_type: str = ""
    language: str = ""


class RefineBaseline(Message, frozen=True):
    """The text that the spoken instruction changes."""

    text: str


class SessionStartParams(Message, frozen=True):
    """``path`` (absolute) and ``pace`` belong to ``source: "file"``."""

    source: Source
    deliver: Deliver = Deliver.RETURN
    path: str | None = None
    pace: Pace = Pace.REALTIME
    mode: Mode | None = None
    on_disconnect: OnDisconnect = OnDisconnect.STOP
    context: SessionContext | None = None
    refine: RefineBaseline | None = None


class SessionStarted(Message, frozen=True):
    session_id: str


class SessionAudioParams(Message, frozen=True):
    """``pcm`` is base64 of 16 kHz mono signed 16-bit little-endian audio, whole samples."""

    session_id: SessionId
    pcm: bytes


class SessionStopParams(Message, frozen=True):
    """Without ``session_id``: the microphone session. ``deliver: "return"`` makes the caller its owner."""

    session_id: SessionId | None = None
    deliver: Deliver | None = None


class SessionRef(Message, frozen=True):
    session_id: SessionId


class OptionalSessionRef(Message, frozen=True):
    session_id: SessionId | None = None


class ModeUsed(Message, frozen=True):
    asked: Mode
    used: Mode


class Fallback(Message, frozen=True):
    """Why the asked cleanup mode was not used."""

    reason: Reason
    message: str
    hint: str = ""
    target: str = ""


class Warning(Message, frozen=True):
    """Something that the text may lack, though there is a text."""

    reason: Reason
    message: str
    hint: str = ""


class TextSegment(Message, frozen=True):
    start: float
    end: float
    text: str


class EditRecord(Message, frozen=True):
    """One change of the Instant engine."""

    stage: str
    before: str
    after: str


class Timings(Message, frozen=True):
    """Milliseconds. ``release_to_…`` counts from ``session/stop``, or from the end of the file at its pace."""

    release_to_raw: float
    cleanup: float
    release_to_text: float
    decode: float = 0.0


class CleanupTimings(Message, frozen=True):
    cleanup: float


class ModelInUse(Message, frozen=True):
    name: str
    compute_type: str


class SessionResult(Message, frozen=True):
    """What a dictation gave. ``raw`` is what was recognised, ``text`` what it became."""

    session_id: str
    verdict: Verdict
    raw: str
    text: str
    mode: ModeUsed
    fallback: Fallback | None
    segments: list[TextSegment]
    edits: list[EditRecord]
    audio_seconds: float
    timings_ms: Timings
    model: ModelInUse
    warnings: list[Warning] = []


class Receipt(Message, frozen=True):
    status: ReceiptStatus
    detail: str = ""


class SessionAcknowledgeParams(Message, frozen=True):
    session_id: SessionId
    receipt: Receipt = Receipt(status=ReceiptStatus.READ)


class SessionPendingParams(Message, frozen=True):
    """``all``: every instance's of this user, not only the caller's."""

    all: bool = False


class SessionPendingResult(Message, frozen=True):
    sessions: list[PendingSession]


# Inserting: requests of the daemon to an inserting client


class InsertPrepareResult(Message, frozen=True):
    """``target`` is the client's own name for the place; it comes back with the text."""

    target: str = ""
    context: SessionContext = SessionContext()


class TextInsertParams(Message, frozen=True):
    session_id: str
    text: str
    target: str = ""


# Notifications


class SessionStateNote(Message, frozen=True):
    session_id: str
    phase: Phase
    source: Source
    deliver: Deliver
    end: End | None = None
    reason: Reason | None = None


class SessionPartialNote(Message, frozen=True):
    """``stable`` is the whole committed text, only ever extended; ``provisional`` follows it and may change."""

    session_id: str
    revision: int
    stable: str
    provisional: str


class SessionFinalNote(Message, frozen=True):
    """The result is there: ``session/result`` has it, or ``text/insert`` brings it. Carries no text."""

    session_id: str
    verdict: Verdict


class SessionLevelNote(Message, frozen=True):
    session_id: str
    dbfs: float


class DaemonNotice(Message, frozen=True):
    """Something a person should know."""

    reason: Reason
    message: str
    hint: str = ""
    session_id: str | None = None


class EventsDropped(Message, frozen=True):
    """How many notifications this connection was too slow to read, since the last such count."""

    partials: int
    levels: int
    others: int


class EventsSubscribeParams(Message, frozen=True):
    """Replaces the connection's earlier subscription; ``[]`` ends it."""

    topics: list[Topic]


class EventsSubscribeResult(Message, frozen=True):
    topics: list[Topic]


class CancelRequestParams(Message, frozen=True):
    id: int | str


class ProgressNote(Message, frozen=True):
    """``total`` is 0 while unknown; ``done`` and ``total`` are bytes."""

    token: int | str
    message: str
    done: int
    total: int


# Status


class ModelStatus(Message, frozen=True):
    name: str
    compute_type: str
    state: ModelState
    detail: str = ""


class DaemonStateNote(Message, frozen=True):
    """The speech model, as ``status/get`` shows it."""

    model: ModelStatus


class TargetStatus(Message, frozen=True):
    name: str
    state: str
    detail: str = ""


class CleanupStatus(Message, frozen=True):
    mode: Mode
    targets: list[TargetStatus]


class ConfigStatus(Message, frozen=True):
    """``state`` is "ok" or "config_invalid"; ``problems`` name file, line and key."""

    path: str
    state: str
    problems: list[str]


class StatusResult(Message, frozen=True):
    """``pending`` counts finished, unacknowledged sessions; ``sessions`` those under way."""

    state: names.DaemonState
    model: ModelStatus
    device: str
    cleanup: CleanupStatus
    pending: int
    sessions: int
    config: ConfigStatus
    version: str
    pid: int
    uptime_seconds: float


# Text


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


# History


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


# Models


class ModelEntry(Message, frozen=True):
    """``path`` is a folder that faster-whisper opens ("" while not installed)."""

    name: str
    path: str
    installed: bool
    in_use: bool
    description: str = ""


class ModelsListResult(Message, frozen=True):
    models: list[ModelEntry]


class ModelRef(Message, frozen=True):
    """A name from ``models/list``, or an absolute path of a folder. ``progress_token`` asks for ``$/progress``."""

    name: str
    progress_token: int | str | None = None


# Settings, metrics, daemon


class SettingsGetParams(Message, frozen=True):
    """Without ``key``: all of them. A section's name gives the section."""

    key: str | None = None


class SettingEntry(Message, frozen=True):
    """``value`` is any JSON value; ``origin`` says where it comes from."""

    key: str
    value: msgspec.Raw
    origin: str


class SettingsGetResult(Message, frozen=True):
    path: str
    settings: list[SettingEntry]
    problems: list[str]


class SettingsSetParams(Message, frozen=True):
    """``value`` is the text of a TOML value; what is not one is taken as a string."""

    key: str
    value: str


class StageMetrics(Message, frozen=True):
    """Milliseconds over the latest dictations."""

    count: int
    p50: float
    p95: float


class MetricsResult(Message, frozen=True):
    stages: dict[str, StageMetrics]
    counts: dict[str, int]


class ReloadResult(Message, frozen=True):
    problems: list[str]
