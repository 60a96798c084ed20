from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.confidence import Span, with_confidence
from parleqd.core.text.tokens import join, tokenise

RAW = "We use Parlek, daily"


def told(raw: str, *spans: tuple[int, int, float]) -> dict[str, float | None]:
    tokens = with_confidence(tokenise(raw), [Span(*span) for span in spans])
    return {token.text: token.confidence for token in tokens}


@pytest.mark.parametrize(
    "spans, expected",
    [
        ((), {}),
        (((0, 20, 0.5),), {"We": 0.5, "use": 0.5, "Parlek": 0.5, "daily": 0.5}),
        (((7, 13, 0.2),), {"Parlek": 0.2}),
        (((7, 10, 0.9), (10, 13, 0.2)), {"Parlek": 0.2}),
        (((15, 20, 0.7), (0, 2, 0.9)), {"We": 0.9, "daily": 0.7}),
        (((2, 3, 0.1), (6, 7, 0.1)), {}),
        (((5, 8, 0.3),), {"use": 0.3, "Parlek": 0.3}),
        (((100, 120, 0.3), (-5, 0, 0.1)), {}),
    ],
)
def test_a_word_has_the_least_confidence_of_the_spans_it_touches(
    spans: tuple[tuple[int, int, float], ...], expected: dict[str, float]
) -> None:
    assert {word: sure for word, sure in told(RAW, *spans).items() if sure is not None} == expected


def test_marks_have_none() -> None:
    assert told(RAW, (0, 20, 0.5))[","] is None


@given(
    st.text(),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5), st.floats(0, 1)), max_size=8),
)
def test_the_text_stays_as_it_is(raw: str, spans: list[tuple[int, int, float]]) -> None:
    tokens = with_confidence(tokenise(raw), [Span(start, start + length, sure) for start, length, sure in spans])
    assert join(tokens) == raw
