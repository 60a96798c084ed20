from __future__ import annotations

import pytest

from parleqd.core.text.numbers import ratios
from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from parleqd.core.text.numbers.phrase import phrase
from parleqd.core.text.tokens import tokenise

WORDS = vocabulary(NUMERALS)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("one twenty over eighty", "120 over 80"),
        ("one thirty five over ninety this morning", "135 over 90"),
        ("one eighty over one ten", "180 over 110"),
        ("one twenty over the others", None),
        ("one twenty over five", None),
        ("one twenty over two hundred", None),
        ("three over four", None),
    ],
)
def test_a_blood_pressure(spoken: str, text: str | None) -> None:
    reading = ratios.read(phrase(tokenise(spoken), NUMERALS, WORDS), 0)
    assert (reading.text if reading else None) == text
