from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.languages.german_numbers import NUMERALS, split
from parleqd.core.text.numbers.cardinals import read

_ONES = (
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn"
)
_SPELLED = [*_ONES.split(), "achtzehn", "neunzehn"]
_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def spell(value: int, one: str = "eins") -> str:
    """German for ``value``, as one word."""
    if value >= 1000:
        return f"{spell(value // 1000, 'ein')}tausend{spell(value % 1000) if value % 1000 else ''}"
    if value >= 100:
        return f"{spell(value // 100, 'ein')}hundert{spell(value % 100) if value % 100 else ''}"
    if value >= 20:
        ones = f"{spell(value % 10, 'ein')}und" if value % 10 else ""
        return ones + _TENS[value // 10 - 2]
    return one if value == 1 else _SPELLED[value]


@given(st.integers(0, 999_999))
def test_every_number_written_as_one_word_is_read(value: int) -> None:
    words = split(spell(value))
    found = read([*words, *[""] * 4], 0, NUMERALS)
    assert found is not None
    assert (found.value, found.last) == (value, len(words))


@pytest.mark.parametrize("word", ["tausend", "tausendfüßler", "haustausend", "", "punkt"])
def test_other_words_stay_whole(word: str) -> None:
    assert split(word) == (word,)
