from __future__ import annotations

from functools import partial

import pytest

from parleqd.core.text.lists import find
from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.tokens import tokenise


def written(raw: str, capitals: bool = True) -> str:
    result = run(raw, tokenise(raw), [[Stage("lists", partial(find, capitals=capitals))]])
    assert not result.skipped
    return result.text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("to buy bullet milk bullet two eggs", "to buy\n- Milk\n- Two eggs"),
        ("bullet point call them bullet point go home", "- Call them\n- Go home"),
        ("Agenda. Bullet, budget. Bullet, hiring.", "Agenda.\n- Budget.\n- Hiring."),
        ("next bullet fix it, next bullet ship it", "- Fix it\n- Ship it"),
        ("bullet milk, and bullet eggs", "- Milk\n- Eggs"),
        ("bullet new shoes bullet and, next bullet eggs", "- New shoes\n- And\n- Eggs"),
        ("to do new line bullet point call new line bullet point eat", "to do\n- Call\n- Eat"),
        ("bullet iPhone bullet api.py", "- iPhone\n- api.py"),
        ("number one call them number two go home", "1. Call them\n2. Go home"),
        ("To do: number one, call. Number two, write.", "To do:\n1. Call.\n2. Write."),
        ("two things first call them second go home", "two things:\n1. Call them\n2. Go home"),
        ("two things firstly call them secondly go home", "two things:\n1. Call them\n2. Go home"),
        ("it has 3 parts first engine second clients third docs", "it has 3 parts:\n1. Engine\n2. Clients\n3. Docs"),
    ],
)
def test_what_was_dictated_as_a_list(raw: str, text: str) -> None:
    assert written(raw) == text
    assert written(text) == text


def test_a_place_without_capitals_gets_none() -> None:
    assert written("bullet milk bullet eggs", capitals=False) == "- milk\n- eggs"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bullet",
        "bullet milk",
        "a bullet train and a bullet hole",
        "bite the bullet and bullet proof the plan",
        "bullet points are useful and bullet lists too",
        "the first bullet missed and the second bullet hit",
        "silver bullet or magic bullet",
        "add bullet points and three bullet points",
        "he is number one and she is number two",
        "number one is price and number two is time",
        "number one fan",
        "number two first and number one last",
        "my number one and your number two",
        "first we eat second we drink",
        "first come first served",
        "in three steps first quarter we won",
        "three reasons first it is cheap second it is fast third it is safe",
        "three steps first open it second close it",
        "two steps, first, open it; second, close it",
        "two steps first open it. Then second close it",
        'he said "bullet one bullet two"',
        "bullet\nbullet\npoint",
    ],
)
def test_what_was_not(text: str) -> None:
    assert written(text) == text
