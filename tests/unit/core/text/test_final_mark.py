from __future__ import annotations

import pytest

from parleqd.core.text.final_mark import find
from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, mark",
    [
        ("it ships today", "."),
        ("please send the report", "."),
        ("first part. then we go on", "."),
        ("milk\nwe need eggs too", "."),
        ("he said (as we know)", "."),
        ('it said "disk full"', "."),
        ("what i want is a break", "."),
        ("do the dishes", "."),
        ("which is why we left", "."),
        ("i met the man who is my neighbour", "."),
        ("can you write me an email", "?"),
        ("okay so is the meeting on", "?"),
        ("what is the capital of France", "?"),
        ("what time is it", "?"),
        ("how many people are coming", "?"),
        ("how's the weather today", "?"),
    ],
)
def test_a_sentence_gets_its_mark(raw: str, mark: str) -> None:
    assert clean(raw) == raw + mark


@pytest.mark.parametrize(
    "text",
    [
        "",
        "milk",
        "two loaves of bread",
        "git commit",
        "it ships today.",
        "is it?",
        "we need three things:",
        "we were in the",
        "we go and",
        "the file is api.py",
        "it is in /home/anna",
        "it was a mis-",
        "we met\nbest wishes\nAmara",
        'he said "it is done."',
        "hello there how are you",
        "thanks for the update what is the plan",
        "if (i == 0) { i = 1 }",
        "i = i + 1",
        "We need:\n- Milk is fine\n- You know it",
        "1. Call them\n2. We go home",
        "the array a[i] is i plus one",
    ],
)
def test_what_is_no_sentence_or_has_a_mark_stays(text: str) -> None:
    assert clean(text) == text


def test_the_mark_stands_before_white_space_at_the_end() -> None:
    assert clean("it ships today \n") == "it ships today. \n"


def test_a_long_run_of_words_is_not_one_question() -> None:
    assert clean("can you come " + "and we will see about the rest " * 5).endswith("rest. ")


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("final_mark", find)]]).text
