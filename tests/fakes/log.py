"""A log that remembers, and refuses what no record may hold."""

from __future__ import annotations

from collections import deque

from parleqd.app.logging import REMEMBERED, check_fields
from parleqd.core.log_events import EVENTS, Recent, Value, fitting, recent


class MemoryLog:
    """The port ``Log``: every record as ``(event, fields)``."""

    def __init__(self) -> None:
        self.records: list[tuple[str, dict[str, Value]]] = []
        self._recent = deque[Recent](maxlen=REMEMBERED)

    def __call__(self, event: str, /, **fields: Value) -> None:
        check_fields(event, fields)
        assert set(fields) == set(EVENTS[event].fields), f"{event}: see parleqd/core/log_events.py"
        assert fitting(event, fields) == fields, f"{event}: a field holds what it may not"
        self.records.append((event, fields))
        self._recent.append(recent(0.0, "info", event, fields))

    def recent(self) -> list[Recent]:
        """As a report may show them."""
        return list(self._recent)

    def events(self) -> list[str]:
        """The names of all events."""
        return [event for event, _ in self.records]

    def fields(self, event: str) -> list[dict[str, Value]]:
        """The fields of every record of ``event``."""
        return [fields for name, fields in self.records if name == event]
