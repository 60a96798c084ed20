from __future__ import annotations

import pytest

from parleqd.core.text.numbers.english import NUMERALS


def test_every_number_below_a_hundred_has_its_words() -> None:
    assert sorted(NUMERALS.small.values()) == list(range(100))


def test_every_ordinal_below_a_hundred_has_its_words() -> None:
    assert sorted(NUMERALS.small_ordinals.values()) == list(range(100))


@pytest.mark.parametrize(
    "value, suffix", [(1, "st"), (2, "nd"), (3, "rd"), (4, "th"), (11, "th"), (112, "th"), (121, "st")]
)
def test_suffixes_of_ordinals(value: int, suffix: str) -> None:
    assert NUMERALS.ordinal_suffix(value) == suffix


def test_no_phrase_is_longer_than_the_tables_say() -> None:
    assert max(len(phrase) for phrase in (*NUMERALS.small, *NUMERALS.small_ordinals)) == NUMERALS.longest
