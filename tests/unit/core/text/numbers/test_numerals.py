from __future__ import annotations

import pytest

from parleqd.core.text.numbers.numerals import Numerals, grouped, phrases, vocabulary

FRENCH = Numerals(
    small={("deux",): 2, ("vingt",): 20, ("vingt", "et", "un"): 21},
    scales={"mille": 1000},
    digits={"deux": "2"},
    small_ordinals={("deuxième",): 2},
    hundreds={"cent": 100},
    bare=frozenset(("mille",)),
    joiners=frozenset(("et",)),
    group_mark=" ",
    longest=3,
)


@pytest.mark.parametrize("digits, text", [("7", "7"), ("1234", "1234"), ("12345", "12 345"), ("1234567", "1 234 567")])
def test_thousands_are_grouped_with_the_mark_of_the_language(digits: str, text: str) -> None:
    assert grouped(digits, FRENCH) == text


def test_from_how_many_digits_they_are_grouped_is_the_caller_s() -> None:
    assert grouped("1234", FRENCH, above=3) == "1 234"


def test_tens_and_ones_make_phrases() -> None:
    assert phrases({"twenty": 20}, {"one": 1, "two": 2}) == {("twenty", "one"): 21, ("twenty", "two"): 22}


def test_the_single_words() -> None:
    words = vocabulary(FRENCH)
    assert words.cardinals == {"deux", "vingt", "un", "cent", "mille"}
    assert words.ordinals == {"deuxième"}
    assert words.openers == {"deux", "vingt", "deuxième", "mille"}
