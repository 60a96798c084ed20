"""The tables of docs/events.md, from the one table of events."""

from __future__ import annotations

from pathlib import Path

from parleqd.app.logging import level_of
from parleqd.core import log_events
from parleqd.core.log_events import EventSpec, Field, Kind

_GROUPS = (
    ("A dictation", log_events.SESSION_EVENTS),
    ("Speech and microphone", log_events.SPEECH_EVENTS),
    ("Cleanup by a model", log_events.CLEANUP_EVENTS),
    ("The daemon", log_events.MACHINE_EVENTS),
)
_SHORT = {
    Kind.NUMBER: "number",
    Kind.WORD: "word",
    Kind.CODE: "code",
    Kind.PLACE: "place",
    Kind.NAME: "name",
    Kind.SENTENCE: "sentence",
}
_MOST_WORDS = 8
"""So many are written out; a reason's are in PROTOCOL.md."""


def event_tables(_: Path) -> str:
    """Every event with its level and fields."""
    blocks = [f"### {title}\n\n{_table(events)}" for title, events in _GROUPS]
    return "\n".join(["", "\n\n".join(blocks), ""])


def kind_table(_: Path) -> str:
    """What a field may hold."""
    rows = [f"| {short} | {kind.value} |" for kind, short in _SHORT.items()]
    return "\n".join(["| kind | what it holds |", "| --- | --- |", *rows])


def _table(events: dict[str, EventSpec]) -> str:
    rows = [f"| `{name}` | {level_of(name)} | {spec.told} | {_fields(spec)} |" for name, spec in events.items()]
    return "\n".join(["| event | level | when | fields |", "| --- | --- | --- | --- |", *rows])


def _fields(spec: EventSpec) -> str:
    return ", ".join(f"`{name}` {_kind(field)}" for name, field in spec.fields.items())


def _kind(field: Field) -> str:
    if field.kind is not Kind.WORD or len(field.words) > _MOST_WORDS:
        return _SHORT[field.kind]
    return "\\|".join(sorted(field.words))
