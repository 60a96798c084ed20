from __future__ import annotations

import pytest

from parleqd.core.polish.reading import Reading
from parleqd.core.polish.repairs import repeated, withdrawn


def gone(said: str, answer: str, *, by_cue: bool) -> str:
    text = Reading(said)
    found = withdrawn(text, Reading(answer)) if by_cue else repeated(text, Reading(answer))
    return " ".join(text.words[index].text for index in sorted(found))


@pytest.mark.parametrize(
    "said, answer, what",
    [
        ("meet at five no wait six", "meet at six", "five no wait"),
        ("ask Ann, sorry, Bea to come", "ask Bea to come", "Ann sorry"),
        ("i will walk scratch that i will run", "i will run", "i will walk scratch that"),
        ("It is on the ninth of June. Scratch that. It is on the tenth of June.", "It is on the 10th of June.",
         "It is on the ninth of June Scratch that"),
        ("forty, no, fifty chairs", "50 chairs", "forty no"),
        ("ask Ann, sorry, Bea to come", "ask Ann to come", ""),
        ("there is no reason", "there is reason", ""),
        ("the chairs are actually broken", "the broken", ""),
        ("five no wait six", "five no wait six", ""),
        ("hello there", "hello", ""),
    ],
)  # fmt: skip
def test_a_cue_withdraws_what_stands_before_it(said: str, answer: str, what: str) -> None:
    assert gone(said, answer, by_cue=True) == what


@pytest.mark.parametrize(
    "said, answer, what",
    [
        ("can you can you wait", "can you wait", "can you"),
        ("the m missing page", "the missing page", "m"),
        ("what i wanted what i meant is this", "what i meant is this", "what i wanted"),
        ("i went to the i drove home", "i drove home", "i went to the"),
        ("call the bank then the tailor then me", "call the bank then me", ""),
        ("I pay rent. I call Bob.", "I call Bob.", ""),
        ("five five two", "five two", ""),
        ("I like tea I like coffee", "I like coffee", ""),
        ("he said he was ill", "he was ill", ""),
        ("we have to go to town", "we have go to town", ""),
        ("can we cancel it", "we cancel it", ""),
        ("we painted the hall", "we painted", ""),
    ],
)
def test_what_is_said_again_right_behind_may_go(said: str, answer: str, what: str) -> None:
    assert gone(said, answer, by_cue=False) == what


def test_many_cues_take_no_long_time() -> None:
    text = Reading("no wait sorry " * 500)
    assert isinstance(withdrawn(text, Reading("wait")), frozenset)
