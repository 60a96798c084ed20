"""Verdicts, counts and events as a report shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from parleqd.core.log_events import Recent, Value, names_in
from parleqd.core.polish.hops import Hop
from parleqd.core.report.pseudonyms import Pseudonyms

PARTS = frozenset(
    ("daemon", "settings", "model", "worker", "speed", "devices", "microphone", "journal", "targets", "socket")
)
"""What `doctor` tries, but for cleanup targets."""
_BY_TARGET = "target_"
_HOPS = frozenset(str(hop) for hop in Hop)


def check_shown(check: str, names: Pseudonyms) -> str:
    """A check's name: a part's as it is, a target's with a number in place of its name."""
    if check in PARTS:
        return check
    target, _, hop = check.rpartition(": ")
    return f"{names.of(target)}: {hop}" if target and hop in _HOPS else names.of(check)


def counts_shown(counts: Mapping[str, int], names: Pseudonyms) -> dict[str, int]:
    """Counts, those by target under a number."""
    return {
        f"{_BY_TARGET}{names.of(name.removeprefix(_BY_TARGET))}" if name.startswith(_BY_TARGET) else name: count
        for name, count in counts.items()
    }


def events_shown(events: Iterable[Recent], names: Pseudonyms) -> list[tuple[Recent, dict[str, Value]]]:
    """Each event with its fields, numbers in place of names."""
    return [(event, _fields(event, names)) for event in events]


def _fields(event: Recent, names: Pseudonyms) -> dict[str, Value]:
    chosen = names_in(event.event)
    return {
        name: names.of(value) if name in chosen and isinstance(value, str) else value
        for name, value in event.fields.items()
    }
