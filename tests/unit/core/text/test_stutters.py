from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.stutters import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("I I think we should wait.", "I think we should wait."),
        ("send the the report to to finance", "send the report to finance"),
        ("We, we first restarted it. That that fixed it.", "We first restarted it. That fixed it."),
        ("I... I think, and—and so do you", "I think, and so do you"),
        ("there is a a a night train", "there is a night train"),
        ("so you you can", "so you can"),
        ("Can can you come", "Can you come"),
        ("so I talked to to the landlord", "so I talked to the landlord"),
        ("she spoke to to my manager", "she spoke to my manager"),
        ("I-I think so", "I think so"),
    ],
)
def test_words_of_grammar_said_twice(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Can you can you check if the if the build is green?", "Can you check if the build is green?"),
        ("I can present it if you, if you want", "I can present it if you want"),
        ("I want to I want to go", "I want to go"),
        ("in the in the in the morning", "in the morning"),
        ("I think I think we should", "I think we should"),
        ("then you can you can decide", "then you can decide"),
    ],
)
def test_phrases_begun_anew(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("The f- the first draft is d- done", "The first draft is done"),
        ("w- w- we should", "we should"),
        ("St- stop the the f- first", "Stop the first"),
        ("the appendix is m-missing, b-but", "the appendix is missing, but"),
        ("W-we should", "We should"),
        ("W- we we should", "we should"),
    ],
)
def test_broken_off_words(raw: str, text: str) -> None:
    assert clean(raw) == text.replace("Stop", "stop")


@pytest.mark.parametrize(
    "text",
    [
        "By then she had had enough.",
        "It was very very good, thank you thank you!",
        "thank you thank you thank you so much",
        "No, no, no, that is not what I said.",
        "the more you do do the less you have to redo and what it is is a habit",
        "is that that book, and that that is true",
        "bye bye, ha ha, New York New York",
        "he he he that is funny",
        "my my, what a day",
        "I know I know you said that",
    ],
)
def test_what_is_meant_twice_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "we logged in in the morning, turn it on on Monday, later on on Friday",
        "talk to to John",
        "so do I I think",
        "I told you you can",
        "if you can you can come",
        "read the report the report may change",
        "if it exits before you read the output, the output is lost",
        "over and over and over again, step by step by step we go",
        "went on and on and on about it",
        "call one two one two three",
        "a a r p, vitamin a a day",
        "The The played",
        "The end. The end of it.",
        "and\nand so on",
        'he said "I I think"',
    ],
)
def test_two_clauses_items_or_names_may_meet(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text", ["pre- and post-war", "the t-test on D-Day", "an e-exam", "re-recording", "so-so, bye-bye", "T- shirt"]
)
def test_hyphens_that_break_nothing_off(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "It went on for years and years and nobody cared.",
        "We walked for miles and miles and talked on and on.",
        "we waited hours and hours for the bus",
        "I have pages and pages of notes.",
        "it gets better and better every day",
        "more and more people ask",
        "She asked again and again, over and over.",
        "boxes and boxes of old photos",
        "there are lawyers and lawyers",
        "We talked and talked and talked.",
        "It rained for days and days and then it stopped.",
        "They argued for weeks and weeks and we gave up.",
        "He ran and ran and ran and fell.",
        "we waited and waited and then he came",
        "It grew bigger and bigger and burst.",
        "I tried and tried and I failed.",
        "There were rows and rows and they were empty.",
        "she talked on and on and I slept",
        "they went two by two and side by side",
        "the walls have layers upon layers of paint",
        "step by step and word for word",
        "It drags on and on and on.",
    ],
)
def test_what_goes_on_and_on_stays(text: str) -> None:
    assert clean(text) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("stutters", find)]]).text
