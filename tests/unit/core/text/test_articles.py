from __future__ import annotations

import pytest

from parleqd.core.text.articles import find
from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.tokens import tokenise


def written(raw: str) -> str:
    result = run(raw, tokenise(raw), [[Stage("articles", find)]])
    assert not result.skipped
    return result.text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("a hour ago", "an hour ago"),
        ("A honest answer", "An honest answer"),
        ("an user and an university", "a user and a university"),
        ("an european, an useful tool, an one-way street", "a european, a useful tool, a one-way street"),
        ("a apple and a orange and a idea", "an apple and an orange and an idea"),
        ("an book, an printer, an very long day", "a book, a printer, an very long day"),
        ("a early-access version", "an early-access version"),
    ],
)
def test_the_sound_decides(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "an",
        "an hour, a user, an umbrella, a unit, an uncle, a eulogy, a one-off, an honour",
        "an MRI, a US citizen, an FBI agent, an XML file",
        "an mri and an fbi agent and an x-ray and an sms and an html page and an ssh-agent",
        "an hr person and an rss feed and an la native",
        "grade a is best, vitamin a or b, plan a in march, hepatitis a is bad",
        "a historic day, an historic day, an hotel",
        "a e i o u",
        "a IDE, a AI, an 8, a 11",
        "a once great team, a ubiquitous thing, a euro, a ewe",
        'the "a apple" error',
        "a, apple",
        "a\napple",
        "a of the kind, a at the end",
    ],
)
def test_in_doubt_it_stays(text: str) -> None:
    assert written(text) == text
