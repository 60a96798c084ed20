from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.repairs.clauses import is_past
from parleqd.core.text.repairs.stage import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday works, actually, Wednesday is a holiday.",
        "Friday is fine, sorry, Saturday is not.",
        "Monday suits me, I mean, Tuesday is packed.",
        "Call John, sorry, Mary is on leave.",
        "Ask Lisa, sorry, Karen has left for the day.",
        "Email Bob, actually, Alice will be away.",
        "Invite Tom, no, Tim can't come.",
        "I prefer Lisbon, I mean, Porto is nice too.",
        "I love Paris, actually, London is fine as well.",
        "We flew to Paris, no, London was closed.",
        "They moved to Berlin, sorry, Munich was too dear.",
        "She stayed in Rome, I mean, Milan bored her.",
        "It costs fifty dollars, actually, sixty dollars is the full price.",
        "We sold ten, actually, twelve were returned.",
        "He ordered five, no, six would not fit.",
        "I need three, wait, four is better.",
        "You said Friday, wait, Saturday is your birthday!",
        "They said March, no, April was cancelled.",
        "We open in May, sorry, June has gone wrong.",
        "I'd pick red, or rather, red suits you.",
        "I'd take blue, I mean, green looks dull.",
        "I like Tuesday, actually, Wednesday is bad for me.",
        "I can't do Monday, sorry, Tuesday is also full.",
        "Red, no, blue is what she said.",
        "Left, no, right is where the bank is.",
        "I need five boxes, no four wheel drive though.",
        "The room costs ninety euros, no breakfast included.",
        "We have ten chairs, no eleven o'clock coffee though.",
        "It has two doors, no three point turn needed.",
        "I like pizza, actually, pasta is too heavy.",
        "I like the red one, actually, the blue one is ugly.",
        "I read the book, I mean, the film was awful.",
        "We took the train, sorry, the bus was full.",
        "We took the bus, no, the train had left.",
        "She bought the car, actually, the van was cheaper.",
        "I asked the teacher, sorry, the head was busy.",
        "He saw the doctor, I mean, the nurse was ill.",
        "The soup was good, I mean, the bread was stale.",
        "The film was long, no, the book was longer.",
        "The garden is lovely, actually, the house is too.",
        "I know the mayor, sorry, the governor never calls.",
        "We met on Monday, actually, on Tuesday he was away.",
        "He came in March, no, in April he left.",
        "She works in Leeds, I mean, in Hull there is no work.",
        "The meeting is at three, actually, four people can't come.",
        "I want five, no, six people are coming.",
        "There were ten, I mean, eleven counts the driver.",
        "We won in June, actually, July brought nothing.",
        "Bob paid, sorry, Alice forgot.",
        "Bob sang, no, Alice danced.",
        "Mary left, actually, Lisa stayed.",
        "My brother drives, I mean, my sister cycles.",
        "My car is fine, sorry, my bike is broken.",
        "His plan failed, actually, her plan worked.",
        "This one fits, I mean, that one pinches.",
        "We walked for miles and miles and talked on and on.",
    ],
)
def test_what_says_something_of_its_own_takes_nothing_back(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Tuesday, no, Wednesday works.", "Wednesday works."),
        ("The meeting with Bob, no, Alice is at noon.", "The meeting with Alice is at noon."),
        ("I think Monday, no, Tuesday is free.", "I think Tuesday is free."),
        ("The buyer, sorry, the seller pays the fee.", "The seller pays the fee."),
        ("She is ill and Bob, no, Alice will come.", "She is ill and Alice will come."),
        ("We have five, no, six seats left.", "We have six seats left."),
        ("Tuesday works, no wait, Wednesday works.", "Wednesday works."),
        ("I'll call you, no wait, I'll write to you.", "I'll write to you."),
    ],
)
def test_a_new_subject_takes_over_the_clause(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize("word, past", [("built", True), ("rebuilt", True), ("opened", True), ("red", False)])
def test_verbs_in_the_past(word: str, past: bool) -> None:
    assert is_past(word) is past


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("repairs", find)]]).text
