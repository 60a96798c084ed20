from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.repairs.stage import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("What are red blood cells um white blood cells for?", "What are white blood cells for?"),
        ("What do plants use no animals use to make energy?", "What do animals use to make energy?"),
        ("What happens when pressure rises no temperature rises?", "What happens when temperature rises?"),
        ("What kind of engine does no fuel does the rocket use?", "What kind of fuel does the rocket use?"),
        ("We had some Greek food, sorry, Thai food for lunch.", "We had some Thai food for lunch."),
    ],
)
def test_a_phrase_gives_way_to_one_built_alike(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "Do plants use water and do animals use water?",
        "I like Greek food, actually, Italian food is better.",
        "We sell red wine, no white wine is left.",
        "How much does it cost and how much does it weigh?",
    ],
)
def test_phrases_that_are_both_meant_stay(text: str) -> None:
    assert clean(text) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("repairs", find)]]).text
