"""The event log: structured records to stderr, for people or as JSON lines.

structlog is slow to import, so records queue in a ``DeferredLog`` until the sink behind them is installed,
which the lifecycle does once the socket answers. No record may hold dictated text, a key or a token: names of
fields that could are refused here, for every record at every level, and `core.log_events` says what each may hold.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Protocol, TextIO

import msgspec

from parleqd.core.log_events import Recent, Value, fitting, recent

REMEMBERED = 1000
"""How many of the latest events are kept in memory, for a report."""


class LogFormat(StrEnum):
    """How records are written."""

    CONSOLE = "console"
    JSON = "json"


class LogLevel(StrEnum):
    """How much a record matters, from least to most."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        """Its place in that order."""
        return list(LogLevel).index(self)


class Record(msgspec.Struct, frozen=True):
    """One event. ``at`` is seconds since the epoch."""

    at: float
    level: LogLevel
    event: str
    fields: Mapping[str, Value]


class Sink(Protocol):
    """Where records go."""

    def __call__(self, record: Record, /) -> None:
        """Write one record, or leave it out."""


# An event's level follows from the last word of its name; every other event is information.
_LEVELS = {
    LogLevel.ERROR: ("failed", "crashed", "broken"),
    LogLevel.WARNING: (
        "refused",
        "rejected",
        "invalid",
        "dropped",
        "lost",
        "died",
        "hung",
        "killed",
        "retried",
    ),
    LogLevel.DEBUG: ("received", "sent", "decoded", "partial", "level"),
}
_LEVEL_OF = {word: level for level, words in _LEVELS.items() for word in words}

# The last word of a field's name: `window_title` is refused, `text_characters` is not.
_DENIED = frozenset(
    (
        "text",
        "raw",
        "transcript",
        "prompt",
        "instruction",
        "context",
        "title",
        "token",
        "key",
        "secret",
        "password",
    )
)


def level_of(event: str) -> LogLevel:
    """An event's level: ``worker_died`` is a warning, ``decode_failed`` an error, the rest information."""
    return _LEVEL_OF.get(_last_word(event), LogLevel.INFO)


def check_fields(event: str, fields: Mapping[str, object]) -> None:
    """Refuse what no record may hold. Raises ``ValueError``: a bug in the caller, for its tests to find."""
    for name, value in fields.items():
        if _last_word(name) in _DENIED:
            raise ValueError(f"{event}: the field {name} could hold dictated text or a secret; log its length")
        if value is not None and not isinstance(value, (str, int, float)):
            raise ValueError(f"{event}: the field {name} is {type(value).__name__}, not a number, name or flag")


class DeferredLog:
    """The port ``EventLog``. Queues records until ``install``, at most ``limit``, the oldest dropped first."""

    def __init__(self, limit: int = 1000, remembered: int = REMEMBERED) -> None:
        self._recent: deque[Recent] = deque(maxlen=remembered)
        self._sink: Sink | None = None
        self._queue: deque[Record] = deque(maxlen=limit)
        self._dropped = 0

    def __call__(self, event: str, /, **fields: Value) -> None:
        """Record one event; from the event loop's thread only."""
        check_fields(event, fields)
        record = Record(time.time(), level_of(event), event, fitting(event, fields))
        self._recent.append(recent(record.at, record.level, event, record.fields))
        if self._sink is None:
            self._dropped += len(self._queue) == self._queue.maxlen
            self._queue.append(record)
            return
        with suppress(OSError):  # stderr is gone: there is nowhere left to tell, and work goes on
            self._sink(record)

    def recent(self) -> list[Recent]:
        """The latest events, whatever level the sink writes, oldest first."""
        return list(self._recent)

    def install(self, sink: Sink) -> None:
        """Write what has queued, in order, and everything from now on."""
        self._sink, queued, dropped = sink, tuple(self._queue), self._dropped
        self._queue.clear()
        self._dropped = 0
        with suppress(OSError):
            for record in queued:
                sink(record)
        if dropped:
            self("log_dropped", records=dropped)


def structlog_sink(form: LogFormat, level: LogLevel, stream: TextIO | None = None) -> Sink:
    """A sink that renders with structlog to ``stream`` (stderr). Importing it is slow: not for the loop."""
    import structlog

    out: TextIO | None = sys.stderr if stream is None else stream
    if out is None:  # started without a stderr (`2>&-`): there is nobody to tell
        return lambda record: None
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form is LogFormat.JSON
        else structlog.dev.ConsoleRenderer(
            colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
        )
    )
    write = structlog.WriteLogger(out).msg

    def sink(record: Record) -> None:
        if record.level.rank < level.rank:
            return
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.at)) + f".{int(record.at * 1000) % 1000:03}Z"
        head = {"timestamp": stamp, "level": record.level.value, "event": record.event}
        write(str(renderer(None, record.level, {**head, **record.fields})))

    return sink


def _last_word(name: str) -> str:
    return name.replace(".", "_").rpartition("_")[2].lower()
