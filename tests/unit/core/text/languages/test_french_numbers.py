from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.languages.french_numbers import NUMERALS
from parleqd.core.text.numbers.cardinals import read

_LOW = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre vingt"}


def spell(value: int) -> str:
    """French for ``value``, without hyphens."""
    for scale, name in ((1000, "mille"), (100, "cent")):
        if value >= scale:
            front = f"{spell(value // scale)} " if value // scale > 1 else ""
            return f"{front}{name} {spell(value % scale) if value % scale else ''}".strip()
    if value < 17:
        return _LOW[value]
    if value < 20:
        return f"dix {_LOW[value - 10]}"
    ten = max(ten for ten in _TENS if ten <= value)
    if value == ten:
        return _TENS[ten]
    link = " et " if value in (21, 31, 41, 51, 61, 71) else " "
    return _TENS[ten] + link + spell(value - ten)


@given(st.integers(0, 999_999))
def test_every_cardinal_is_read(value: int) -> None:
    words = spell(value).split()
    found = read([*words, *[""] * 6], 0, NUMERALS)
    assert found is not None
    assert (found.value, found.last) == (value, len(words))


@pytest.mark.parametrize(
    "text, value", [("septante et un", 71), ("nonante neuf", 99), ("quatre vingts", 80), ("deux cents", 200)]
)
def test_swiss_and_belgian_tens_and_plurals(text: str, value: int) -> None:
    found = read([*text.split(), *[""] * 6], 0, NUMERALS)
    assert found is not None
    assert found.value == value
