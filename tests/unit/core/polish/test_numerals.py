from __future__ import annotations

import pytest

from parleqd.core.polish.numerals import Numerals

SAME = [
    ("three thirty pm", "3:30 PM"),
    ("nine thirty", "09:30"),
    ("quarter past five", "5:15"),
    ("quarter to five", "4:45"),
    ("ten to five", "4:50"),
    ("half past four", "4:30"),
    ("noon", "12:00"),
    ("march twenty third two thousand twenty seven", "March 23, 2027"),
    ("the fifth of November nineteen eighty nine", "the 5th of November 1989"),
    ("twenty twenty five", "2025"),
    ("one thousand two hundred fifty dollars and fifty cents", "$1,250.50"),
    ("forty-seven dollars and fifty cents", "$47.50"),
    ("fifty thousand dollars", "$50,000"),
    ("fifty thousand dollars", "$50k"),
    ("two point five million yen", "¥2.5 million"),
    ("two point five million yen", "¥2.5M"),
    ("three point two percent", "3.2%"),
    ("version twenty two point four point one", "version 22.4.1"),
    ("five five five oh one four two", "555-0142"),
    ("double five two", "552"),
    ("twelve thousand three hundred and forty five", "12,345"),
    ("one million one hundred fifty six thousand one hundred seventy three", "1156173"),
    ("four hundred five billion", "405 billion"),
    ("a hundred birds", "100 birds"),
    ("the twenty first nest", "the 21st nest"),
    ("twenty-five", "25"),
    ("9 30", "9:30"),
    ("three quarters of them", "3/4 of them"),
    ("two fifths", "2/5"),
    ("1405", "14:05"),
    ("one", "1"),
    ("nobody said a number, oh well", "nobody said a number"),
]


@pytest.mark.parametrize("said, written", SAME)
def test_a_number_said_and_written_is_the_same(said: str, written: str) -> None:
    assert Numerals(written).supported_by(Numerals(said))
    assert Numerals(said).kept_by(Numerals(written))
    assert Numerals(said).supported_by(Numerals(said))
    assert Numerals(written).kept_by(Numerals(written))


@pytest.mark.parametrize(
    "said, written",
    [
        ("four four seven one nine", "44791"),
        ("forty, no, fifty thousand dollars", "$40,000"),
        ("three thirty pm", "3:15 PM"),
        ("quarter to six", "6:15"),
        ("two thirds", "3/2"),
        ("three thirty pm", "4:30 PM"),
        ("version two point one", "version 2.2"),
        ("fifteen", "50"),
        ("at the station", "at 5"),
        ("twenty two", "twenty three"),
        ("$47.50", "$45.70"),
        ("two thousand twenty seven", "2028"),
    ],
)
def test_a_number_that_was_not_said(said: str, written: str) -> None:
    assert not Numerals(written).supported_by(Numerals(said))


@pytest.mark.parametrize(
    "said, written",
    [("room 12 at 3:30", "room 12"), ("six copies of nine pages", "copies of nine pages"), ("room 417", "the room")],
)
def test_a_number_that_is_gone(said: str, written: str) -> None:
    assert not Numerals(said).kept_by(Numerals(written))


def test_numbers_said_twice_are_kept_once() -> None:
    assert Numerals("at at five five").kept_by(Numerals("at 5"))


def test_marks_of_a_list_are_no_numbers() -> None:
    assert Numerals("1. Check\n2. Restart").groups == []


@pytest.mark.parametrize(
    "text", ["", "9" * 5000, "one " * 3000, "hundred " * 500, "point point one point", "2026-11-21"]
)
def test_odd_texts_are_their_own_match(text: str) -> None:
    assert Numerals(text).supported_by(Numerals(text))
    assert Numerals(text).kept_by(Numerals(text))
