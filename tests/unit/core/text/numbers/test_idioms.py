from __future__ import annotations

import pytest

from parleqd.core.text.numbers import idioms
from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from parleqd.core.text.numbers.phrase import Reading, phrase
from parleqd.core.text.tokens import tokenise


def read(text: str) -> Reading | None:
    return idioms.read(phrase(tokenise(text), NUMERALS, vocabulary(NUMERALS)), 0)


@pytest.mark.parametrize("text", ["catch twenty two", "forty winks", "nine to five", "two cents", "one in a million"])
def test_what_stays_in_words(text: str) -> None:
    assert read(text) == Reading(0, len(text.split()), "")


@pytest.mark.parametrize("text, written", [("twenty four seven", "24/7"), ("fifty-fifty", "50/50")])
def test_what_is_always_written_in_one_way(text: str, written: str) -> None:
    found = read(text)
    assert found is not None
    assert found.text == written


@pytest.mark.parametrize("text", ["nine to five thirty", "twenty four people", "fifty", ""])
def test_what_is_no_idiom(text: str) -> None:
    assert read(text) is None
