from __future__ import annotations

import pytest

from parleqd.core.text.repairs.cues import Cue, Force, cue_at
from parleqd.core.text.repairs.passage import Passage
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "text, force",
    [
        ("at five | no, six", Force.WORD),
        ("at five | no wait six", Force.PHRASE),
        ("at five, | no, sorry, six", Force.PHRASE),
        ("at five | or rather six", Force.PHRASE),
        ("at five | um six", Force.HESITATION),
        ("at five | um no six", Force.WORD),
        ("at five, | oh wait, six", Force.WORD),
        ("so I think, | let me rephrase, it works", Force.DISCARD),
        ("what name | tell me what is wrong", Force.WORD),
        ("when was | no who was it", Force.WORD),
    ],
)
def test_how_surely_words_are_a_correction(text: str, force: Force) -> None:
    cue = cue_in(text)
    assert cue is not None
    assert cue.force is force


@pytest.mark.parametrize(
    "text",
    [
        "there is | no time",
        "at five | no one came",
        "I am | sorry he said",
        "five | rather than six",
        "I would | rather go",
        "you know what | I mean",
        "to | make that clear",
        "please | wait for me",
        "and so | I mean it",
        "tea | or no tea",
        "what do you want | tell me what you need",
        "those two | make it five",
        "now | let me rephrase the question",
        "five is fine | actually.",
    ],
)
def test_words_that_are_no_cue(text: str) -> None:
    assert cue_in(text) is None


def test_a_cue_takes_in_the_pauses_around_it() -> None:
    cue = cue_in("at five, | um, no, wait, six")
    assert cue is not None
    assert (cue.first, cue.last) == (2, 9)
    assert cue.paused
    assert cue.set_off
    assert cue.heard
    assert cue.units == {"no", "wait"}


def cue_in(text: str) -> Cue | None:
    before, _, behind = text.partition("| ")
    return cue_at(Passage(tokenise(before.rstrip() + " " + behind)), len(tokenise(before.rstrip())))
