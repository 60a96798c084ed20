from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.languages.spanish_numbers import NUMERALS
from parleqd.core.text.numbers.cardinals import read

_NAMES = {value: " ".join(phrase) for phrase, value in list(NUMERALS.small.items())[::-1]}


def spell(value: int) -> str:
    """Spanish for ``value``."""
    if value >= 1000:
        front = f"{spell(value // 1000)} " if value // 1000 > 1 else ""
        return f"{front}mil {spell(value % 1000) if value % 1000 else ''}".strip()
    return _NAMES[value]


@given(st.integers(0, 999_999))
def test_every_cardinal_is_read(value: int) -> None:
    words = spell(value).split()
    found = read([*words, *[""] * 6], 0, NUMERALS)
    assert found is not None
    assert (found.value, found.last) == (value, len(words))


@pytest.mark.parametrize(
    "text, value",
    [("veintitrés", 23), ("treinta y una", 31), ("doscientas veintiuna", 221), ("cien", 100), ("ciento uno", 101)],
)
def test_genders_and_joined_words(text: str, value: int) -> None:
    found = read([*text.split(), *[""] * 6], 0, NUMERALS)
    assert found is not None
    assert (found.value, found.last) == (value, len(text.split()))


def test_the_table_has_every_number_below_a_thousand() -> None:
    assert set(_NAMES) == set(range(1000))
