"""session/*, and what the daemon asks of an inserting client."""

from __future__ import annotations

import msgspec

from parleqd.protocol.messages.handshake import PendingSession
from parleqd.protocol.messages.parts import EditRecord, Fallback, Message, ModeUsed, SessionContext, SessionId
from parleqd.protocol.names import Deliver, Mode, OnDisconnect, Pace, Reason, ReceiptStatus, Source, Verdict


class RefineBaseline(Message, frozen=True):
    """The text that the spoken instruction changes; it is the result's ``baseline``."""

    text: str


class SessionStartParams(Message, frozen=True):
    """``path`` (absolute) and ``pace`` belong to ``source: "file"``. ``pressed_ms``: the key went down so long ago
    (not counted below 0 or above a minute).
    """

    source: Source
    deliver: Deliver = Deliver.RETURN
    path: str | None = None
    pace: Pace = Pace.REALTIME
    mode: Mode | None = None
    on_disconnect: OnDisconnect = OnDisconnect.STOP
    context: SessionContext | None = None
    refine: RefineBaseline | None = None
    pressed_ms: float | None = None


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


class SessionCancelParams(Message, frozen=True):
    """Without ``session_id``: the microphone session. ``keep``: false for a key that was touched by accident.

    Then its audio does not take the place of the last capture, which ``session/recover`` redoes.
    """

    session_id: SessionId | None = None
    keep: bool = True


class OptionalSessionRef(Message, frozen=True):
    session_id: SessionId | None = None


class ResultWarning(Message, frozen=True):
    """Something that the text may lack, though there is a text."""

    reason: Reason
    message: str
    hint: str = ""


class TextSegment(Message, frozen=True):
    start: float
    end: float
    text: str


class Timings(Message, frozen=True):
    """Milliseconds. ``release_to_…`` counts from ``session/stop``, or from the end of the file at its pace."""

    release_to_raw: float
    cleanup: float
    release_to_text: float
    decode: float = 0.0


class ModelInUse(Message, frozen=True):
    name: str
    compute_type: str


class SessionResult(Message, frozen=True):
    """What a dictation gave. ``raw`` is what was recognised, ``text`` what it became.

    ``language`` is the code of what was spoken, "" where nobody found out; the text of a translation is English.

    ``baseline`` is null, but for a refinement: then ``raw`` is the instruction, ``baseline`` the text before, and
    ``text`` the one after. It is the same text where nothing was said, or ``fallback`` tells why nothing changed.

    ``trailing_space``: whoever inserts ``text`` puts a blank behind it; that of ``text/insert`` has it already.
    """

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
    warnings: list[ResultWarning]
    language: str = ""
    baseline: str | None = None
    trailing_space: bool = False


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


class InsertPrepareResult(Message, frozen=True):
    """``target`` is the client's own name for the place; it comes back with the text."""

    target: str = ""
    context: SessionContext = SessionContext()


class TextInsertParams(Message, frozen=True):
    """``raw`` and ``edits`` are for showing what was changed; ``text`` alone is inserted."""

    session_id: str
    text: str
    target: str = ""
    raw: str = ""
    edits: list[EditRecord] = msgspec.field(default_factory=list)
