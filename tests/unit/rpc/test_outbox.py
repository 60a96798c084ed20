from __future__ import annotations

import json
from typing import Any

from parleqd.protocol import messages as m
from parleqd.protocol.methods import DAEMON_NOTICE, SESSION_LEVEL, SESSION_PARTIAL
from parleqd.protocol.names import Reason
from parleqd.rpc.outbox import LASTING_KEPT, PASSING_KEPT, Outbox


def partial(outbox: Outbox, revision: int) -> None:
    outbox.put(
        SESSION_PARTIAL,
        m.SessionPartialNote(session_id="s1", revision=revision, stable="", provisional=""),
    )


def level(outbox: Outbox) -> None:
    outbox.put(SESSION_LEVEL, m.SessionLevelNote(session_id="s1", dbfs=-20.0))


def notice(outbox: Outbox, message: str) -> None:
    outbox.put(DAEMON_NOTICE, m.DaemonNotice(reason=Reason.INTERNAL, message=message))


def take_all(outbox: Outbox) -> list[tuple[str, Any]]:
    taken: list[tuple[str, Any]] = []
    while (body := outbox.take()) is not None:
        note = json.loads(body)
        assert "id" not in note
        taken.append((note["method"], note["params"]))
    return taken


def test_notes_come_out_in_order() -> None:
    outbox = Outbox()
    partial(outbox, 1)
    notice(outbox, "two")
    level(outbox)
    assert [method for method, _ in take_all(outbox)] == ["session/partial", "daemon/notice", "session/level"]
    assert outbox.take() is None


def test_the_oldest_partials_and_levels_go_first_and_are_counted() -> None:
    outbox = Outbox()
    notice(outbox, "stays")
    level(outbox)
    for revision in range(PASSING_KEPT + 2):
        partial(outbox, revision)
    (first, counts), *rest = take_all(outbox)
    assert (first, counts) == ("events/dropped", {"partials": 2, "levels": 1, "others": 0})
    assert rest[0] == ("daemon/notice", {"reason": "internal", "message": "stays", "hint": "", "session_id": None})
    assert [params["revision"] for _, params in rest[1:]] == list(range(2, PASSING_KEPT + 2))


def test_lasting_notes_are_kept_beside_any_number_of_passing_ones() -> None:
    outbox = Outbox()
    for number in range(LASTING_KEPT):
        notice(outbox, str(number))
        level(outbox)
    taken = take_all(outbox)
    assert sum(method == "daemon/notice" for method, _ in taken) == LASTING_KEPT
    assert sum(method == "session/level" for method, _ in taken) == PASSING_KEPT


def test_a_reader_that_has_stopped_reading_loses_lasting_notes_too_and_is_told() -> None:
    outbox = Outbox()
    for number in range(LASTING_KEPT + 3):
        notice(outbox, str(number))
    (first, counts), *rest = take_all(outbox)
    assert (first, counts) == ("events/dropped", {"partials": 0, "levels": 0, "others": 3})
    assert [params["message"] for _, params in rest] == [str(number) for number in range(3, LASTING_KEPT + 3)]


def test_what_was_dropped_is_told_once() -> None:
    outbox = Outbox()
    for revision in range(PASSING_KEPT + 1):
        partial(outbox, revision)
    take_all(outbox)
    partial(outbox, 99)
    assert [method for method, _ in take_all(outbox)] == ["session/partial"]


def test_room_comes_back_with_what_is_taken_or_dropped() -> None:
    outbox = Outbox()
    for revision in range(PASSING_KEPT * 2):
        partial(outbox, revision)
    take_all(outbox)
    for revision in range(PASSING_KEPT):
        partial(outbox, revision)
    outbox.take()
    partial(outbox, 99)
    assert "events/dropped" not in [method for method, _ in take_all(outbox)]
