"""The event log, as everybody writes to it."""

from __future__ import annotations

from typing import Protocol


class Log(Protocol):
    """The event log. Fields are counts, names and durations: never dictated text, a key or a token."""

    def __call__(self, event: str, /, **fields: str | int | float | bool | None) -> None:
        """Record one event."""
