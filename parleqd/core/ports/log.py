"""The event log, as everybody writes to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from parleqd.core.log_events import Recent


class Log(Protocol):
    """The event log. Fields are counts, names and durations: never dictated text, a key or a token."""

    def __call__(self, event: str, /, **fields: str | int | float | bool | None) -> None:
        """Record one event of `core.log_events`."""


class EventLog(Log, Protocol):
    """The log itself, which remembers the latest events in memory."""

    def recent(self) -> Sequence[Recent]:
        """The latest events, oldest first."""
