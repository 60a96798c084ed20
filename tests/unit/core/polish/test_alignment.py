from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.polish.alignment import Gap, gaps, shared


def words_of(said: str, answer: str) -> str:
    keys = said.split()
    return " ".join(keys[i] for i, _ in shared(keys, answer.split()))


def test_words_that_both_have_in_one_order_are_shared() -> None:
    assert words_of("um the left door is open", "the door is wide open") == "the door is open"
    assert words_of("a b", "c d") == words_of("", "a") == words_of("a", "") == ""


def test_of_a_phrase_said_twice_the_later_one_is_shared() -> None:
    said = "i will read it tonight scratch that i will read it tomorrow".split()
    pairs = shared(said, "i will read it tomorrow".split())
    assert [i for i, _ in pairs] == [7, 8, 9, 10, 11]


def test_gaps_are_what_is_left() -> None:
    said, answer = "so we meet at five".split(), "we meet tomorrow at 5".split()
    pairs = shared(said, answer)
    assert gaps(pairs, len(said), len(answer)) == [
        Gap(range(0, 1), range(0, 0)),
        Gap(range(3, 3), range(2, 3)),
        Gap(range(4, 5), range(4, 5)),
    ]


_TEXTS = st.lists(st.sampled_from("abc"), max_size=30)


@given(_TEXTS, _TEXTS)
def test_shared_words_are_the_same_and_ascend(said: list[str], answer: list[str]) -> None:
    pairs = shared(said, answer)
    assert all(said[i] == answer[j] for i, j in pairs)
    assert all(i < k and j < m for (i, j), (k, m) in pairwise(pairs))


@given(_TEXTS)
def test_a_text_shares_everything_with_itself(said: list[str]) -> None:
    assert shared(said, said) == [(i, i) for i in range(len(said))]


@given(_TEXTS, _TEXTS)
def test_gaps_and_shared_words_make_up_both_texts(said: list[str], answer: list[str]) -> None:
    pairs = shared(said, answer)
    found = gaps(pairs, len(said), len(answer))
    assert sorted([i for i, _ in pairs] + [i for gap in found for i in gap.lost]) == list(range(len(said)))
    assert sorted([j for _, j in pairs] + [j for gap in found for j in gap.new]) == list(range(len(answer)))
