from __future__ import annotations

import pytest

from parleqd.core.polish.differences import differences
from parleqd.core.polish.reading import Reading


def unexplained(said: str, answer: str, *terms: str) -> tuple[list[str], list[str]]:
    text, given = Reading(said), Reading(answer)
    found = differences(text, given, terms)
    return (
        [text.keys[i] for difference in found for i in difference.lost],
        [given.keys[j] for difference in found for j in difference.new],
    )


@pytest.mark.parametrize(
    "said, answer",
    [
        ("the work tree is there", "the worktree is there"),
        ("a worktree", "a work tree"),
        ("we need h t t p s now", "we need HTTPS now"),
        ("gate b fourteen", "gate B14"),
        ("he don't know", "he doesn't know"),
        ("we was late", "we were late"),
        ("she breaked it", "she broke it"),
        ("come more early please", "come earlier please"),
        ("mister Lee", "Mr. Lee"),
        ("9 miles per hour", "9 mph"),
        ("the 5 of may", "May the 5 of"),
        ("late 20 minutes", "20 minutes late"),
        ("also they asked", "they also asked"),
        ("the reason is because it broke", "the reason is that it broke"),
    ],
)
def test_two_forms_of_one_thing_are_no_difference(said: str, answer: str) -> None:
    assert unexplained(said, answer) == ([], [])


@pytest.mark.parametrize(
    "said, answer, lost, new",
    [
        ("um we meet", "we meet", ["um"], []),
        ("the left door", "the right door", ["left"], ["right"]),
        ("ask Petra now", "ask Paula now", ["petra"], ["paula"]),
        ("it broke because it fell", "it broke that it fell", ["because"], ["that"]),
        ("we meet in may", "we meet in june", ["may"], ["june"]),
        ("sign the contract", "sign the contact", ["contract"], ["contact"]),
    ],
)
def test_everything_else_is_one(said: str, answer: str, lost: list[str], new: list[str]) -> None:
    assert unexplained(said, answer) == (lost, new)


def test_a_term_takes_the_place_of_what_sounds_like_it_and_of_nothing_else() -> None:
    assert unexplained("run cube control again", "run kubectl again", "kubectl") == ([], [])
    assert unexplained("run cube control again", "run kubectl again")[1] == ["kubectl"]
    assert unexplained("the jason payload", "the JSON", "JSON") == (["payload"], [])
    assert unexplained("the signals again", "the kubectl again", "kubectl") == (["signals"], ["kubectl"])


def test_a_day_moves_only_with_its_number() -> None:
    assert unexplained("good morning all", "good all morning") != ([], [])


def test_words_that_are_all_others_are_left_as_they_are() -> None:
    lost, new = unexplained("ship " * 500, "shop " * 500)
    assert (len(lost), len(new)) == (500, 500)
