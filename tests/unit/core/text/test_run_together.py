from __future__ import annotations

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.run_together import ACRONYMS, find
from parleqd.core.text.tokens import tokenise


def written(raw: str) -> str:
    result = run(raw, tokenise(raw), [[Stage("run_together", find)]])
    assert not result.skipped
    assert run(result.text, tokenise(result.text), [[Stage("run_together", find)]]).text == result.text
    return result.text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("alot of work", "a lot of work"),
        ("Alot, aswell", "A lot, as well"),
        ("i dont know and im tired", "i don't know and I'm tired"),
        ("we cant and they wont", "we can't and they won't"),
        ("we can not go", "we cannot go"),
        ("a nother day, an other way", "another day, another way"),
        ("I did it my self to day", "I did it myself to day"),
        ("To morrow with out fail", "Tomorrow without fail"),
        ("you need h t t p s here", "you need HTTPS here"),
        ("an a p i and a p d f", "an API and a PDF"),
        ("H T M L", "HTML"),
        ("the r t x card", "the RTX card"),
        ("r s v p", "RSVP"),
    ],
)
def test_parted_and_joined(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "its lets well ill were id hell",
        "as is his wont, the cant of thieves",
        "you can not only sing but dance",
        "my self esteem, her self portrait",
        "he can do with out of pocket money",
        "IM me, an IVE plant",
        "a b c, x y z, options a b c d",
        "he got a b in maths, i a m",
        "spell it s m i t h",
        "p s, e g, i e, u k",
        'he said "alot" and "h t t p s"',
        "can\nnot",
        "a Nother",
        "b o b and a n n a",
    ],
)
def test_what_may_be_meant_stays(text: str) -> None:
    assert written(text) == text


def test_acronyms_are_in_the_form_that_tokens_are_compared_by() -> None:
    assert all(acronym == acronym.lower() for acronym in ACRONYMS)


def test_a_long_row_of_letters_takes_no_longer_a_letter() -> None:
    assert written("x " * 20_000).startswith("x x")
