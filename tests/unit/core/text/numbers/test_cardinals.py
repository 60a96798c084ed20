from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.numbers.cardinals import Number, read
from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import Numerals

GERMAN = Numerals(
    small={("zwei",): 2, ("dreißig",): 30, ("dreihundertfünf",): 305},
    scales={"tausend": 1000, "millionen": 10**6},
    digits={},
    bare=frozenset(("tausend",)),
    longest=1,
)
"""A language without a word that multiplies by a hundred, and with a thousand that stands alone."""
_NAMES = {value: " ".join(phrase) for phrase, value in NUMERALS.small.items()}
_PADDING = [""] * 4


def number(text: str, numerals: Numerals = NUMERALS) -> Number | None:
    return read([*text.split(), *_PADDING], 0, numerals)


def spell(value: int) -> str:
    """English for ``value``."""
    for scale, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= scale:
            rest = f" {spell(value % scale)}" if value % scale else ""
            return f"{spell(value // scale)} {name}{rest}"
    return _NAMES[value]


@given(st.integers(0, 10**12 - 1))
def test_every_cardinal_is_read_back(value: int) -> None:
    found = number(spell(value))
    assert found is not None
    assert (found.value, found.last) == (value, len(spell(value).split()))


@pytest.mark.parametrize(
    "text, value, last",
    [
        ("one hundred and five people", 105, 4),
        ("two thousand and nine", 2009, 4),
        ("ninety nine hundred and fifteen", 9915, 5),
        ("a hundred people", 100, 2),
        ("a thousand two hundred", 1200, 4),
        ("one hundred and people", 100, 2),
        ("five six", 5, 1),
        ("twenty twenty", 20, 1),
        ("two thousand three million", 2000, 2),  # the three belongs to another number
        ("zero five", 0, 1),
    ],
)
def test_where_a_number_ends(text: str, value: int, last: int) -> None:
    found = number(text)
    assert found is not None
    assert (found.value, found.last) == (value, last)


def test_between_two_numbers_and_parts_them() -> None:
    found = read(["between", "one", "hundred", "and", "two", "hundred", *_PADDING], 1, NUMERALS)
    assert found == Number(3, 100)


@pytest.mark.parametrize("text", ["people", "a person", "hundred", "thousand", "and five", ""])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    "text, value",
    [
        ("second", 2),
        ("twenty first", 21),
        ("one hundredth", 100),
        ("two hundred and third", 203),
        ("eleven hundred twenty first", 1121),
        ("five thousandth", 5000),
    ],
)
def test_ordinals(text: str, value: int) -> None:
    assert number(text) == Number(len(text.split()), value, is_ordinal=True)


def test_a_large_scale_that_ends_a_number_is_kept() -> None:
    assert number("five million") == Number(2, 5_000_000, scale="million", factor=5)
    assert number("five million two") == Number(3, 5_000_002)
    assert number("five thousand") == Number(2, 5000)


@pytest.mark.parametrize(
    "text, value",
    [("tausend zwei", 1002), ("zwei tausend dreihundertfünf", 2305), ("dreißig millionen tausend", 30_000_000)],
)
def test_another_language_is_another_table(text: str, value: int) -> None:
    found = number(text, GERMAN)
    assert found is not None
    assert found.value == value
