"""Every event that the code writes stands in the table, with exactly those fields; and nothing else stands there."""

from __future__ import annotations

import ast
from typing import NamedTuple

from parleqd.core.log_events import EVENTS
from tests.architecture import tree

_LOGS, _BUGS = {"log", "_log"}, {"bug", "_on_bug"}
_OF_A_BUG = {"error", "where", "session_id"}
_ITSELF = "self"  # within the log, which writes an event of its own


class Written(NamedTuple):
    """A call that writes an event."""

    place: str
    event: str
    fields: set[str]


def test_every_event_is_in_the_table_with_its_fields() -> None:
    tree.expect_none(
        f"{one.place}: {one.event} is not in parleqd/core/log_events.py with the fields {sorted(one.fields)}"
        for one in _written()
        if one.event not in EVENTS or set(EVENTS[one.event].fields) != one.fields
    )


def test_every_event_of_the_table_is_written() -> None:
    written = {one.event for one in _written()}
    tree.expect_none(f"{event} is written nowhere: strike it out" for event in EVENTS if event not in written)


def test_events_are_written_under_names_that_can_be_read() -> None:
    """A name that is put together, or fields in two stars, could hold anything."""
    tree.expect_none(
        f"{tree.name(path)}:{call.lineno}: write the event's name and fields out"
        for path in tree.modules(*(f"parleqd/{layer}" for layer in ("engine", "adapters", "rpc", "app")))
        if path.name != "logging.py"
        for call in tree.calls(tree.parse(path))
        if tree.called(call) in _LOGS and (not _event(call) or any(keyword.arg is None for keyword in call.keywords))
        if not _is_bug_report(call)
    )


def _written() -> list[Written]:
    found = []
    for path in tree.modules("parleqd"):
        if "_tools" in path.parts:
            continue
        for call in tree.calls(tree.parse(path)):
            event, name = _event(call), tree.called(call)
            place = f"{tree.name(path)}:{call.lineno}"
            if event and (name in _LOGS or (name == _ITSELF and path.name == "logging.py")):
                found.append(Written(place, event, {str(keyword.arg) for keyword in call.keywords}))
            elif event and name in _BUGS:
                found.append(Written(place, event, _OF_A_BUG))
    assert len(found) >= len(EVENTS)
    return found


def _event(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""


def _is_bug_report(call: ast.Call) -> bool:
    """`Records.bug` passes the name on that `_BUGS` were given."""
    return [keyword.arg for keyword in call.keywords] == ["error", "where", "session_id"]
