from __future__ import annotations

import pytest

from parleqd.core.polish.differences import differences
from parleqd.core.polish.reading import Reading
from parleqd.core.polish.verbs import ASKED, DOER, TIME, changed, is_past


def turned(said: str, answer: str, *heard: int) -> str | None:
    text, given = Reading(said), Reading(answer)
    return changed(text, given, differences(text, given, ()), frozenset(heard))


@pytest.mark.parametrize(
    "said, answer",
    [
        ("they live in Oslo", "They lived in Oslo."),
        ("she works in Ghent", "She worked in Ghent."),
        ("they sold the house", "They sell the house."),
        ("the door is open", "The door was open."),
        ("it was open", "It's open."),
        ("it's open", "It was open."),
        ("I don't know", "I didn't know."),
        ("I have a car", "I had a car."),
        ("send the mail", "Sent the mail."),
        ("I have finished it", "I will finish it."),
        ("I'll send the keys", "I sent the keys."),
        ("we are going to close", "We closed."),
        ("they live there", "They will live there."),
        ("I'm leaving the firm", "I left the firm."),
        ("I have to go to town", "I go to town."),
        ("we go to town", "We have to go to town."),
        ("it has to dry", "It has dried."),
        ("you agreed to pay", "You agree to pay."),
    ],
)
def test_what_was_stays_past_and_what_will_be_future(said: str, answer: str) -> None:
    assert turned(said, answer) == TIME


@pytest.mark.parametrize(
    "said, answer",
    [
        ("I seen him", "I saw him."),
        ("he don't know", "He doesn't know."),
        ("we was late", "We were late."),
        ("she have went home", "She has gone home."),
        ("I didn't went there", "I didn't go there."),
        ("he call me", "He called me."),
        ("he asks me yesterday", "He asked me yesterday."),
        ("the door was lock", "The door was locked."),
        ("it's broke", "It's broken."),
        ("I suppose to be there", "I'm supposed to be there."),
        ("I was try to open it", "I was trying to open it."),
        ("a use car", "A used car."),
        ("we are gonna go", "We will go."),
        ("I call you tomorrow", "I'll call you tomorrow."),
        ("I be there", "I'll be there."),
        ("you have to sign", "You must sign."),
    ],
)
def test_a_verb_may_be_mended(said: str, answer: str) -> None:
    assert turned(said, answer) is None


def test_who_was_told_is_not_who_told() -> None:
    assert turned("he was fired on Monday", "He fired on Monday.") == DOER
    assert turned("the man was hit", "The man hit.") == DOER
    assert turned("the bank was sued by the tenant", "The bank sued the tenant.") == DOER
    assert turned("he was fired", "He got fired.") is None
    assert turned("he is gone", "He's gone.") is None


def test_a_statement_does_not_become_a_question() -> None:
    assert turned("they agreed on it", "Did they agree on it?") in (ASKED, TIME)
    assert turned("they have the key", "Do they have the key?") == ASKED
    assert turned("they have the key?", "Do they have the key?") is None
    assert turned("you want some tea", "Do you want some tea?") is None
    assert turned("where you want it", "Where do you want it?") is None


def test_what_was_heard_may_come_back() -> None:
    assert turned("they live here", "They lived here.", 1) is None


@pytest.mark.parametrize(
    "word, past",
    [
        ("went", True),
        ("asked", True),
        ("agreed", True),
        ("need", False),
        ("speed", False),
        ("red", False),
        ("is", False),
    ],
)
def test_forms_that_may_be_past(word: str, past: bool) -> None:
    assert is_past(word) is past
