from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.terms.spelling import distance

words = st.text("abcd", max_size=6)


@pytest.mark.parametrize(
    "one, other, apart",
    [
        ("", "", 0),
        ("parleq", "parleq", 0),
        ("parleq", "parleg", 1),
        ("parleq", "parlaeq", 1),
        ("parleq", "parle", 1),
        ("parleq", "paleq", 1),
        ("parleq", "parelq", 1),
        ("parleq", "parlayq", 2),
        ("kitten", "sitting", 3),
    ],
)
def test_letters_that_differ_are_counted(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 5) == apart


@given(words, words, st.integers(0, 6))
def test_it_is_the_same_both_ways_and_bounded(one: str, other: str, most: int) -> None:
    apart = distance(one, other, most)
    assert apart == distance(other, one, most)
    assert 0 <= apart <= most + 1
    assert (apart == 0) == (one == other)
    assert apart == min(distance(one, other, 12), most + 1)
