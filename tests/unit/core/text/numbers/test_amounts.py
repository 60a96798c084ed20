from __future__ import annotations

import pytest

from parleqd.core.text.numbers import amounts
from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from parleqd.core.text.numbers.phrase import Phrase, phrase
from parleqd.core.text.tokens import tokenise

WORDS = vocabulary(NUMERALS)


def words(text: str) -> Phrase:
    return phrase(tokenise(text), NUMERALS, WORDS)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("twenty five", "25"),
        ("twelve thousand three hundred", "12,300"),
        ("minus twelve thousand", "-12000"),
        ("negative five", "-5"),
        ("three point one four", "3.14"),
        ("three point eleven", "3.11"),
        ("oh point five", "0.5"),
        ("zero point zero two", "0.02"),
        ("five million", "5 million"),
        ("five point two million", "5.2 million"),
        ("two point five thousand", "2500"),
        ("ten million two", "10,000,002"),
        ("two and a half", "2.5"),
        ("two and a half billion", "2.5 billion"),
        ("1,250.50", "1,250.50"),
        ("50 thousand", "50,000"),
        ("5 million", "5 million"),
        ("3 point five", "3.5"),
        ("3 point 5", "3.5"),
        ("-5", "-5"),
    ],
)
def test_amounts(spoken: str, text: str) -> None:
    whole = words(spoken)
    amount = amounts.read(whole, 0)
    assert amount is not None
    assert amount.last == whole.end
    assert amount.written(whole) == text


@pytest.mark.parametrize(
    "text", ["people", "first", "point taken", "half a million", "and five", "3.5.1", "9:30", "a lot"]
)
def test_what_is_no_amount(text: str) -> None:
    assert amounts.read(words(text), 0) is None


def test_a_part_of_an_amount_is_no_amount() -> None:
    assert amounts.read(words("half a million"), 1) is None


@pytest.mark.parametrize("text, last", [("five point people", 1), ("two and a half", 4), ("two and a horse", 1)])
def test_where_an_amount_ends(text: str, last: int) -> None:
    amount = amounts.read(words(text), 0)
    assert amount is not None
    assert amount.last == last


@pytest.mark.parametrize("text, whole", [("two thirty", "230"), ("eighty eighty", "8080"), ("two oh five", "205")])
def test_numbers_said_in_two_parts(text: str, whole: str) -> None:
    amount = amounts.shortened(words(text), 0)
    assert amount is not None
    assert amount.whole == whole


@pytest.mark.parametrize("text", ["two", "two five", "thirty", "two hundred thirty", "people"])
def test_what_is_not_said_in_two_parts(text: str) -> None:
    assert amounts.shortened(words(text), 0) is None


@pytest.mark.parametrize(
    "text, shares",
    [
        ("two to three hundred", True),
        ("five to six thousand", True),
        ("one to one hundred", False),
        ("two to six", False),
    ],
)
def test_a_scale_may_belong_to_both_ends_of_a_range(text: str, shares: bool) -> None:
    said = words(text)
    first = said.number(0)
    assert first is not None
    assert amounts.shares_scale(said, first.value, 2) is shares
