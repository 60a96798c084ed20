from __future__ import annotations

import pytest

from parleqd.core.text.capitals import find
from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("hello there", "Hello there"),
        ("one. two? three! four", "One. Two? Three! Four"),
        ("i think i'm late and i'd say so", "I think I'm late and I'd say so"),
        ("so do i. we know", "So do I. We know"),
        ("élan vital", "Élan vital"),
        ('"hello" he said', '"Hello" he said'),
        ("(see below)", "(See below)"),
        ("the file(s) i sent. x = 5. i know", "The file(s) I sent. x = 5. I know"),
        ("one\n\ntwo", "One\n\nTwo"),
    ],
)
def test_where_a_capital_belongs(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "iPhone sales",
        "api.py is broken",
        "x86 is old",
        "/home/anna",
        "Meet Dr. lopez, etc. and so on",
        "At 5 p.m. sharp, e.g. here",
        "J. smith",
        "So... well",
        '"Really?" she asked',
        "The end.of it",
        "1. back up",
        "Hard-wrapped lines\nstay as they are",
        "Item (i) and i)",
        'The letter "i" is small',
        "The a p i server",
        "ßtraße",
        "if (i == 0) { i = 1 }",
        "for i in range(10): print(i)",
        "i = i + 1",
        "the array a[i] is i plus one",
        "foo() returns None",
        "x = 5",
    ],
)
def test_where_none_belongs(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("see you on friday in vienna", "See you on Friday in Vienna"),
        ("the german team and friday's call", "The German team and Friday's call"),
        ("dear ms lopez", "Dear Ms Lopez"),
        ("mr and mrs smith met a dr in march", "Mr and Mrs Smith met a dr in march"),
        ("may i march", "May I march"),
        ("Cd /home/anna", "cd /home/anna"),
        ("git commit -m fix", "git commit -m fix"),
        ("Git is a tool", "Git is a tool"),
    ],
)
def test_names_and_commands(raw: str, text: str) -> None:
    assert clean(raw) == text


def clean(raw: str) -> str:
    return run(raw, tokenise(raw), [[Stage("capitals", find)]]).text
