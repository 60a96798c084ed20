from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.terms.suggestions import Suggestion, suggestions


def found(before: str, after: str) -> list[tuple[str, str]]:
    return [(one.heard, one.term) for one in suggestions([(before, after)], ())]


@pytest.mark.parametrize(
    ("before", "after", "correction"),
    [
        ("open the cube cuddle config", "open the kubectl config", ("cube cuddle", "kubectl")),
        ("ask morel about it", "ask Morrel about it", ("morel", "Morrel")),
        ("push it to github today", "Push it to GitHub today.", ("github", "GitHub")),
        ("we use post gress here", "We use Postgres here.", ("post gress", "Postgres")),
    ],
)
def test_names_in_the_place_of_what_sounds_like_them_are_suggested(
    before: str, after: str, correction: tuple[str, str]
) -> None:
    assert correction in found(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("we meet on tuesday", "We meet on Friday."),
        ("I want the red house", "I would like the red home"),
        ("it costs twenty dollars", "It costs 20 dollars"),
        ("we meet at noon", "We meet at noon."),
        ("make it shorter", "Kubernetes"),
        ("the their house", "their there house"),
        ("", "Kubernetes"),
        ("a b c d e", "one Noirtier two Villefort three Danglars"),
    ],
)
def test_ordinary_words_and_other_words_are_not(before: str, after: str) -> None:
    assert found(before, after) == []


def test_the_most_frequent_come_first_without_what_is_known() -> None:
    changes = [("ask morel", "ask Morrel"), ("see noartier", "see Noirtier"), ("and noartier", "and Noirtier")]
    assert suggestions(changes, ()) == [Suggestion("Noirtier", "noartier", 2), Suggestion("Morrel", "morel", 1)]
    assert suggestions(changes, {"noirtier"}) == [Suggestion("Morrel", "morel", 1)]


@given(st.text(), st.text())
def test_no_text_makes_it_fail(before: str, after: str) -> None:
    assert all(one.term and one.heard for one in suggestions([(before, after)], ()))
