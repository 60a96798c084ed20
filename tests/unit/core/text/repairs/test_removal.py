from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import apply
from parleqd.core.text.repairs.passage import Passage
from parleqd.core.text.repairs.removal import taken_out
from parleqd.core.text.tokens import join, tokenise


@pytest.mark.parametrize(
    "text, first, last, left",
    [
        ("We stay, we go.", 0, 3, "We go."),
        ("Yes. We stay, we go.", 2, 5, "Yes. We go."),
        ("we stay, we go", 0, 3, "we go"),
        ("If we stay, we go", 1, 4, "If we go"),
        ("One\nTwo three", 1, 2, "One\nThree"),
        ("one two\nthree", 1, 2, "one\nthree"),
        ("one two.", 1, 2, "one."),
        ("one two", 1, 2, "one"),
    ],
)
def test_spacing_and_capital_fit_what_is_left(text: str, first: int, last: int, left: str) -> None:
    tokens = tokenise(text)
    result, _ = apply(0, "repairs", tokens, [taken_out(Passage(tokens), first, last)])
    assert join(result) == left
