from __future__ import annotations

import pytest

from parleqd.core.polish.comparison import Comparison
from parleqd.core.polish.reading import Reading


def compared(said: str, answer: str, heard: str = "") -> Comparison:
    text = Reading(said)
    return Comparison(text, Reading(answer), Reading(heard) if heard else text, ())


def test_names_stay_letter_by_letter() -> None:
    assert compared("ask Petra", "ask Paula").names() == "the answer has a name or day that was not said"
    assert compared("ask Petra about it", "ask about it").names() == "a name or day is missing"
    assert compared("ask petra", "Ask Petra.").names() is None


def test_negations_stay_where_they_are() -> None:
    assert compared("do not go", "do go").negations() == "a negation is missing"
    assert compared("do go", "do not go").negations() == "the answer has a negation that was not said"
    assert compared("do not go and stay", "do go and not stay").negations() is not None
    assert compared("he don't know nothing", "he doesn't know anything").negations() is None
    assert compared("she don't neither", "she doesn't either").negations() is None
    assert compared("neither of them came", "either of them came").negations() == "a negation is missing"


def test_units_stay_with_their_numbers() -> None:
    assert compared("50 euros", "50").units() == "a unit is missing"
    assert compared("50 euros", "$50").units() == "the answer has a unit that was not said"
    assert compared("for 5 and 6 dollars", "for $5 and $6").units() is None
    assert compared("90 cents", "$0.90").units() is None


@pytest.mark.parametrize(
    "said, answer, why",
    [
        ("the car is here", "the red car is here", "words that were not said"),
        ("we go", "we must go", "words that were not said"),
        ("the dog bit the man", "the man bit the dog", "order"),
        ("it is to be", "is it to be", "order"),
        ("go", "go to it with him by the river", "words that were not said"),
    ],
)
def test_no_word_comes_of_itself(said: str, answer: str, why: str) -> None:
    assert why in str(compared(said, answer).additions())


def test_words_come_that_were_heard_and_small_ones_that_mend_the_grammar() -> None:
    assert compared("it was long", "it was very long", heard="it was very long").additions() is None
    assert compared("we going to house", "we are going to the house").additions() is None


def test_small_words_do_not_turn_the_sense_round() -> None:
    assert compared("before the title", "after the title").senses() == "a small word has changed the sense"
    assert compared("she called him", "she called me").senses() == "the answer speaks of somebody else"
    assert compared("in the house", "at the house").senses() is None


@pytest.mark.parametrize(
    "said, answer",
    [
        ("we need the signed paper", "we need the paper"),
        ("only members may vote", "members may vote"),
        ("if it rains we stay", "it rains we stay"),
        ("half the budget", "the budget"),
        ("open the door please", "the door please"),
        ("tell me who it was for", "tell me who it was"),
        ("turn right at the lights", "turn at the lights"),
        ("we came and he left and then we cried", "we came and he left and then cried"),
        ("we need more water here", "we need water here"),
    ],
)
def test_no_word_of_weight_goes(said: str, answer: str) -> None:
    assert compared(said, answer).losses() is not None


@pytest.mark.parametrize(
    "said, answer",
    [
        ("so um you know we start", "we start"),
        ("what i wanted to say is that we start", "we start"),
        ("he said open quote no close quote", 'he said "no"'),
        ("hello comma new line we start", "hello,\nwe start"),
        ("we should really maybe go now today", "we should go now today"),
        ("quarter past 5 it is", "5:15 it is"),
        ("what we did is we moved", "we moved"),
        ("we came and then we all saw it", "we came and then all saw it"),
        ("it is a bit more darker", "it is a bit darker"),
        ("all caps urgent", "URGENT"),
    ],
)
def test_what_only_gains_time_or_names_a_mark_goes(said: str, answer: str) -> None:
    assert compared(said, answer).losses() is None


def test_verbs_keep_their_time() -> None:
    assert compared("they live here", "they lived here").verbs() == "the answer speaks of another time"
    assert compared("he don't live here", "he doesn't live here").verbs() is None
