"""Every name that crosses the wire: enumerations, error codes, reasons and limits (standard library only).

This module is the one thing that all layers and all clients share, so it must stay free of dependencies:
``parleqctl status`` loads it and little else.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

PROTOCOL_VERSION = 1
MAX_MESSAGE_BYTES = 8 * 1024 * 1024
MAX_INSTANCE_CHARACTERS = 64
SAMPLE_RATE = 16_000
"""Samples a second of all audio inside parleqd: mono, signed 16-bit little-endian."""
SAMPLE_BYTES = 2


class Mode(StrEnum):
    """How the raw transcript is cleaned."""

    RAW = "raw"
    INSTANT = "instant"
    POLISHED = "polished"


class Source(StrEnum):
    """Where a session's audio comes from."""

    MICROPHONE = "microphone"
    FILE = "file"
    STREAM = "stream"


class Pace(StrEnum):
    """How fast a file is heard."""

    REALTIME = "realtime"
    FAST = "fast"


class Deliver(StrEnum):
    """Where the text goes: back to the session's owner, or to a client that inserts it."""

    RETURN = "return"
    INSERT = "insert"


class OnDisconnect(StrEnum):
    """What the loss of the owner's connection does to a recording."""

    STOP = "stop"
    CONTINUE = "continue"


class Phase(StrEnum):
    """The states of a session, as clients see them."""

    RECORDING = "recording"
    TRANSCRIBING = "transcribing"
    CLEANING = "cleaning"
    DELIVERING = "delivering"
    ENDED = "ended"


class End(StrEnum):
    """How a session ended."""

    DELIVERED = "delivered"
    NOTHING_SAID = "nothing_said"
    CANCELLED = "cancelled"
    FAILED = "failed"


class PendingState(StrEnum):
    """What is known of an unacknowledged result."""

    READY = "ready"
    MAYBE_DELIVERED = "maybe_delivered"


class ReceiptStatus(StrEnum):
    """What became of a delivered text, from the surest to the least sure; ``held`` waits for review."""

    VERIFIED = "verified"
    READ = "read"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"


class Verdict(StrEnum):
    """What a capture held, decided before its text is trusted."""

    SPEECH = "speech"
    TOO_SHORT = "too_short"
    SILENCE = "silence"
    DEAD_INPUT = "dead_input"


class Topic(StrEnum):
    """What a client can subscribe to."""

    STATE = "state"
    PARTIAL = "partial"
    LEVEL = "level"
    NOTICE = "notice"


class ModelState(StrEnum):
    """What the speech worker and its model are doing."""

    UNLOADED = "unloaded"
    LOADING = "loading"
    READY = "ready"
    MISSING = "missing"
    FAILED = "failed"


class MicrophoneState(StrEnum):
    """What the microphone is doing, or why it cannot."""

    UNTRIED = "untried"
    """Prepared, or being prepared; it has not been opened yet."""
    IDLE = "idle"
    """Closed, and heard well the last time."""
    LISTENING = "listening"
    RECOVERING = "recovering"
    """Lost in the middle of a recording; it is being sought."""
    MISSING = "missing"
    """No device, no sound server, or no PortAudio."""


class SecretState(StrEnum):
    """Where a cleanup target's key comes from."""

    STORED = "stored"
    """The keyring, which goes before the environment."""
    ENVIRONMENT = "environment"
    MISSING = "missing"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"
    """The keyring cannot be read, and the environment has none."""


class TermChange(StrEnum):
    """What adding a term to the vocabulary came to."""

    ADDED = "added"
    CHANGED = "changed"
    """It was there; it is spelled otherwise now, or has more forms."""
    UNCHANGED = "unchanged"


class VocabularyFormat(StrEnum):
    """What a list of terms is written in."""

    LINES = "lines"
    CSV = "csv"
    JSON = "json"


class CheckVerdict(StrEnum):
    """What ``doctor`` found of a part, from the best to the worst. ``SKIPPED``: something before it failed."""

    SKIPPED = "skipped"
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


class DaemonState(StrEnum):
    """The daemon in one word: the furthest-forward thing that any session does."""

    IDLE = "idle"
    RECORDING = "recording"
    WORKING = "working"


class ErrorCode(IntEnum):
    """JSON-RPC 2.0 error codes, and the two that parleqd adds."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    CANCELLED = -32800
    REFUSED = -32000


class Reason(StrEnum):
    """The stable reason of every refusal and failure: ``error.data.reason`` decides, messages may change."""

    # cleanup
    NOT_CONFIGURED = "not_configured"
    KEY_MISSING = "key_missing"
    KEY_REJECTED = "key_rejected"
    AZ_MISSING = "az_missing"
    AZ_NOT_LOGGED_IN = "az_not_logged_in"
    AZ_TIMEOUT = "az_timeout"
    TOKEN_FAILED = "token_failed"
    PERMISSION_DENIED = "permission_denied"
    NETWORK_BLOCKED = "network_blocked"
    RESOURCE_NOT_FOUND = "resource_not_found"
    DEPLOYMENT_NOT_FOUND = "deployment_not_found"
    WRONG_FAMILY = "wrong_family"
    BAD_REQUEST = "bad_request"
    CONTENT_FILTERED = "content_filtered"
    RATE_LIMITED = "rate_limited"
    QUOTA_EXHAUSTED = "quota_exhausted"
    SERVICE_UNAVAILABLE = "service_unavailable"
    NETWORK_ERROR = "network_error"
    TLS_ERROR = "tls_error"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    MALFORMED_RESPONSE = "malformed_response"
    GUARD_REJECTED = "guard_rejected"
    COOLING_DOWN = "cooling_down"
    # hearing
    MICROPHONE_BUSY = "microphone_busy"
    NO_MICROPHONE = "no_microphone"
    NO_PORTAUDIO = "no_portaudio"
    DEVICE_LOST = "device_lost"
    DEVICE_CHANGED = "device_changed"
    DEAD_INPUT = "dead_input"
    LONG_SILENCE = "long_silence"
    AUDIO_UNREADABLE = "audio_unreadable"
    AUDIO_INCOMPLETE = "audio_incomplete"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    NO_CAPTURE = "no_capture"
    # speech
    MODEL_MISSING = "model_missing"
    MODEL_DAMAGED = "model_damaged"
    MODEL_CONFLICT = "model_conflict"
    DOWNLOAD_FAILED = "download_failed"
    WORKER_FAILED = "worker_failed"
    SPEECH_SERVER_FAILED = "speech_server_failed"
    GPU_FAILED = "gpu_failed"
    # sessions
    QUEUE_FULL = "queue_full"
    UNKNOWN_SESSION = "unknown_session"
    WRONG_PHASE = "wrong_phase"
    NOT_OWNER = "not_owner"
    ALREADY_CLAIMED = "already_claimed"
    NO_INSERT_CLIENT = "no_insert_client"
    UNKNOWN_EDIT = "unknown_edit"
    UNKNOWN_PRESET = "unknown_preset"
    CANCELLED = "cancelled"
    RESUMED = "resumed"
    # the desktop
    NO_DISPLAY = "no_display"
    NO_KEY_SOURCE = "no_key_source"
    KEY_UNKNOWN = "key_unknown"
    KEY_TAKEN = "key_taken"
    INPUT_FORBIDDEN = "input_forbidden"
    NO_PORTAL = "no_portal"
    NO_INSERTION = "no_insertion"
    NO_NOTIFICATIONS = "no_notifications"
    SOURCE_MUTED = "source_muted"
    # the daemon
    JOURNAL_FAILED = "journal_failed"
    CONFIG_INVALID = "config_invalid"
    MANAGED = "managed"
    PROTOCOL_UNSUPPORTED = "protocol_unsupported"
    SOCKET_UNUSABLE = "socket_unusable"
    ALREADY_RUNNING = "already_running"
    UNKNOWN_TERM = "unknown_term"
    VOCABULARY_FAILED = "vocabulary_failed"
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_MISSING = "keyring_missing"
    INTERNAL = "internal"
    # seen by clients only
    DAEMON_UNREACHABLE = "daemon_unreachable"
    USAGE = "usage"
    CLIPBOARD_MISSING = "clipboard_missing"
    NO_SERVICE_MANAGER = "no_service_manager"
    SERVICE_FAILED = "service_failed"
    UNIT_CHANGED = "unit_changed"
    OUTPUT_CLOSED = "output_closed"
