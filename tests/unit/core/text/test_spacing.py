from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.spacing import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("  one  two ", "one two"),
        ("\tone\u00a0", "one"),
        ("   ", ""),
        ("one\ttwo", "one\ttwo"),
        ("one\u00a0two", "one\u00a0two"),
        ("one \n  two\n", "one \n  two\n"),
        ("\none", "\none"),
        ("one , two", "one , two"),
    ],
)
def test_blanks(raw: str, text: str) -> None:
    assert run(raw, tokenise(raw), [[Stage("spacing", find)]]).text == text
