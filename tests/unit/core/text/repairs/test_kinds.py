from __future__ import annotations

import pytest

from parleqd.core.text.repairs.kinds import Kind, alike, value_at, value_before
from parleqd.core.text.repairs.passage import Passage
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "text, kind, words",
    [
        ("twenty five people", Kind.CARDINAL, 2),
        ("two hundred and five", Kind.CARDINAL, 4),
        ("five and six", Kind.CARDINAL, 1),
        ("three point one four", Kind.CARDINAL, 4),
        ("$47.50 each", Kind.CARDINAL, 1),
        ("3.2% of it", Kind.CARDINAL, 1),
        ("10:30 sharp", Kind.CARDINAL, 1),
        ("twenty-third street", Kind.ORDINAL, 1),
        ("twenty third street", Kind.ORDINAL, 2),
        ("4th of July", Kind.ORDINAL, 1),
        ("tuesday at five", Kind.WEEKDAY, 1),
        ("May or so", None, 0),
        ("may I go", None, 0),
        ("tomorrow at ten", Kind.DAY, 1),
        ("noon or so", Kind.NOON, 1),
        ("red paint", Kind.COLOUR, 1),
        ("oldest house", Kind.DEGREE, 1),
        ("forest green", None, 0),
        ("berlin in winter", Kind.PLACE, 1),
        ("sarah knows", Kind.PERSON, 1),
        ("the house", None, 0),
    ],
)
def test_values_and_where_they_end(text: str, kind: Kind | None, words: int) -> None:
    passage = Passage(tokenise(text))
    value = value_at(passage, passage.right(0), 0)
    if kind is None:
        assert value is None or value.kind is Kind.MONTH
    else:
        assert value is not None
        assert (value.kind, value.last) == (kind, words)


def test_a_capital_inside_a_sentence_makes_a_name() -> None:
    passage = Passage(tokenise("Ask Pranav Rao to join"))
    value = value_at(passage, passage.right(0), 1)
    assert value is not None
    assert (value.kind, value.first, value.last) == (Kind.NAME, 1, 3)
    assert value_at(passage, passage.right(0), 0) is None


def test_the_nearest_value_of_a_kind_is_found_behind_what_it_counts() -> None:
    passage = Passage(tokenise("on Monday at twenty five past"))
    row = passage.right(0)
    number = value_before(passage, row, Kind.CARDINAL, 1)
    weekday = value_before(passage, row, Kind.WEEKDAY, 4)
    assert number is not None
    assert (number.first, number.last) == (3, 5)
    assert weekday is not None
    assert (weekday.first, weekday.last) == (1, 2)
    assert value_before(passage, row, Kind.CARDINAL, 0) is None


def test_kinds_that_can_correct_one_another() -> None:
    assert alike(Kind.DAY, Kind.WEEKDAY)
    assert alike(Kind.NOON, Kind.CARDINAL)
    assert alike(Kind.PERSON, Kind.NAME)
    assert not alike(Kind.WEEKDAY, Kind.CARDINAL)
