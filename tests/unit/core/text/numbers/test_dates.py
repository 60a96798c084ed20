from __future__ import annotations

import pytest

from parleqd.core.text.numbers import dates
from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from parleqd.core.text.numbers.phrase import phrase
from parleqd.core.text.tokens import tokenise
from tests.number_readers import written_by

WORDS = vocabulary(NUMERALS)


def written(text: str) -> str | None:
    return written_by(lambda words, at: dates.read(words, at) or dates.read_year(words, at), text)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("march twenty third two thousand twenty seven", "March 23, 2027"),
        ("october twenty-first, nineteen ninety nine", "October 21, 1999"),
        ("december the twenty fifth", "December 25"),
        ("june five works", "June 5"),
        ("november eleven nineteen eighteen", "November 11, 1918"),
        ("november nineteen eighteen", "November 1918"),
        ("march ten nineteen ninety nine was cold", "March 10, 1999"),
        ("in august ten sixty six", "August 1066"),
        ("the fifth of November nineteen eighty nine", "5 November 1989"),
        ("the tenth of June", "10 June"),
        ("first of may two thousand", "1 May 2000"),
        ("july nineteen oh five", "July 1905"),
        ("in may twenty twenty", "May 2020"),
        ("on may fifth", "May 5"),
        ("april 3rd", None),
        ("nineteen seventy five", "1975"),
        ("twenty ten", "2010"),
        ("in twelve fifteen", "1215"),
        ("the nineteen eighties", "1980s"),
        ("the eighteen hundreds", "1800s"),
    ],
)
def test_dates_and_years(spoken: str, text: str | None) -> None:
    assert written(spoken) == text


@pytest.mark.parametrize(
    "spoken",
    [
        "you may first want to look",
        "we march first thing tomorrow",
        "march two by two",
        "may one ask",
        "the fourth of July",
        "the third and the fifth of june",
        "april two people left",
        "the nineties",
        "it costs nineteen ninety nine",
        "fifteen twenty minutes",
        "the fifth of them",
        "june forty",
    ],
)
def test_what_is_no_date(spoken: str) -> None:
    assert written(spoken) is None


def era(text: str) -> str | None:
    words = phrase(tokenise(text), NUMERALS, WORDS)
    found = (dates.read_era(words, at) for at in range(words.end) if not (at and words.is_number(at - 1)))
    return next((reading.text for reading in found if reading is not None), None)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("seven fifty b c", "750 BC"),
        ("in seven hundred fifty three b c", "753 BC"),
        ("around 550 a d", "550 AD"),
        ("in three hundred b c e the city fell", "300 BCE"),
        ("page fifty b c", None),
        ("the vitamins two b c d", None),
        ("we had two hundred a day", None),
        ("forty a d and d players", None),
        ("two hundred b c students", None),
    ],
)
def test_a_year_with_its_era(spoken: str, text: str | None) -> None:
    assert era(spoken) == text
