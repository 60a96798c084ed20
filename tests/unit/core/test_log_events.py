from __future__ import annotations

import pytest

from parleqd.core.capture.watch import Loss
from parleqd.core.log_events import (
    EVENTS,
    WITHHELD,
    EventSpec,
    Field,
    Kind,
    Value,
    fits,
    fitting,
    names_in,
    recent,
)
from parleqd.protocol.names import Reason

SAID = "the velvet kingfisher sings"
FIELDS = [field for spec in EVENTS.values() for field in spec.fields.values()]


def test_what_was_said_fits_into_no_field_that_a_report_shows_as_it_is() -> None:
    shown = [field for field in FIELDS if field.kind not in (Kind.NAME, Kind.SENTENCE, Kind.PLACE)]
    assert len(shown) > 50
    assert not any(fits(field, SAID) for field in shown)


@pytest.mark.parametrize(
    ("field", "value", "fit"),
    [
        (Field(Kind.NUMBER), 1, True),
        (Field(Kind.NUMBER), True, True),
        (Field(Kind.NUMBER), "1", False),
        (Field(Kind.NUMBER), -1.5, True),
        (Field(Kind.NUMBER), float("nan"), False),
        (Field(Kind.NUMBER), float("inf"), False),
        (Field(Kind.NUMBER), 10**400, False),
        (Field(Kind.WORD, frozenset(("a",))), "a", True),
        (Field(Kind.WORD, frozenset(("a",))), "kingfisher", False),
        (Field(Kind.CODE), "0fe-1_2.3", True),
        (Field(Kind.CODE), "_Private", True),
        (Field(Kind.CODE), "two words", False),
        (Field(Kind.CODE), "velvet@example.com", False),
        (Field(Kind.CODE), "/home/velvet", False),
        (Field(Kind.CODE), "a\n", False),
        (Field(Kind.CODE), "x" * 201, False),
        (Field(Kind.SENTENCE), "two words", True),
        (Field(Kind.SENTENCE), 3, False),
    ],
)
def test_a_field_holds_what_is_of_its_kind(field: Field, value: Value, fit: bool) -> None:
    assert fits(field, value) is fit
    assert fits(field, None)


def test_a_value_that_does_not_fit_is_withheld_and_the_record_is_kept() -> None:
    assert fitting("session", {"session_id": SAID, "phase": SAID, "end": None, "audio_seconds": 2.5}) == {
        "session_id": WITHHELD,
        "phase": WITHHELD,
        "end": None,
        "audio_seconds": 2.5,
    }
    assert fitting("no_such_event", {"thing": SAID, "count": 2}) == {"thing": WITHHELD, "count": 2}
    assert fitting("polish_failed", {"reason": Reason.TIMEOUT}) == {"reason": "timeout"}


def test_a_report_has_neither_sentences_nor_folders() -> None:
    assert recent(1.0, "error", "event_refused", {"session_id": "s", "detail": SAID}).fields == {"session_id": "s"}
    bug = {"method": "text/clean", "error": "KeyError", "where": "/home/velvet/x/dispatch.py:71"}
    assert recent(1.0, "error", "handler_failed", bug).fields == {**bug, "where": "dispatch.py:71"}


def test_a_report_has_of_an_event_that_nobody_knows_only_numbers() -> None:
    assert recent(1.0, "info", "no_such_event", {"thing": "x", "count": 2}).fields == {"count": 2}


def test_names_are_told_apart() -> None:
    assert names_in("target_tried") == {"target"}
    assert names_in("no_such_event") == frozenset()


def test_every_way_to_lose_a_microphone_has_its_word() -> None:
    assert EVENTS["microphone_lost"].fields["how"].words == {loss.name.lower() for loss in Loss}


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_says_when_it_is_written(event: str) -> None:
    spec: EventSpec = EVENTS[event]
    assert spec.told.endswith((".", "?"))
    assert all(field.words for field in spec.fields.values() if field.kind is Kind.WORD)
