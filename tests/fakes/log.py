"""A log that remembers, and refuses what no record may hold."""

from __future__ import annotations

from parleqd.app.logging import check_fields

Value = str | int | float | bool | None


class MemoryLog:
    """The port ``Log``: every record as ``(event, fields)``."""

    def __init__(self) -> None:
        self.records: list[tuple[str, dict[str, Value]]] = []

    def __call__(self, event: str, /, **fields: Value) -> None:
        check_fields(event, fields)
        self.records.append((event, fields))

    def events(self) -> list[str]:
        """The names of all events."""
        return [event for event, _ in self.records]

    def fields(self, event: str) -> list[dict[str, Value]]:
        """The fields of every record of ``event``."""
        return [fields for name, fields in self.records if name == event]
