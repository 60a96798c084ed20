from __future__ import annotations

import pytest

from parleqd.core.text.numbers.english_grammar import GRAMMAR
from parleqd.core.text.numbers.stage import find
from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.tokens import tokenise


def clean(text: str) -> str:
    return run(text, tokenise(text), [[Stage("numbers", lambda tokens: find(tokens, GRAMMAR))]]).text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("let's meet at nine fifteen a m on june third", "let's meet at 9:15 AM on June 3"),
        ("from 1 to twenty euros, or ten percent", "from €1 to €20, or 10%"),
        ("we had two hundred users in twenty twenty three", "we had 200 users in 2023"),
        ("Forty-seven dollars and fifty cents.", "$47.50."),
        ("route sixty six is two thousand miles long", "route 66 is 2000 miles long"),
        ("call nine one one at quarter past ten", "call 911 at 10:15"),
        ("between one hundred and two hundred people", "between 100 and 200 people"),
        ("between two thousand and ten and two thousand and fifteen", "between 2010 and 2015"),
        ("between one hundred and ten and one hundred and twenty", "between 110 and 120"),
        ("between twenty and thirty people", "between 20 and 30 people"),
        ("it went one forty to two hundred times", "it went one forty to two hundred times"),
        ("Twenty, thirty, forty.", "Twenty, thirty, forty."),
        ("Twenty people came and thirty left.", "Twenty people came and 30 left."),
        ("two to three hundred people", "two to three hundred people"),
        ("it takes two or three thousand years", "it takes two or three thousand years"),
        ("ten to twelve thousand dollars", "ten to twelve thousand dollars"),
        ("ten to twenty dollars", "$10 to $20"),
        ("from one to one hundred", "from one to 100"),
        ("five to twenty people", "five to 20 people"),
        ("it rose by one point five percent at one point", "it rose by 1.5% at one point"),
        ("read chapter twenty three\ntwenty pages", "read chapter 23\n20 pages"),
    ],
)
def test_classes_side_by_side(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "No one was second to none, and one of them said a thousand thanks.",
        "On the one hand two heads are better than one.",
        "in twenty twenty five two people left",
        "it takes fifteen twenty minutes",
        "wait one second, I have two or three questions",
        "you may second that, or march first in line",
        "first do this, second do that, third rest",
        'he said "twenty five" twice',
        "one, two, three, four",
        "a twenty-five-year-old one-off",
        "half an hour and a quarter of a million",
        "The nineties were a catch twenty two.",
        "On 2027-03-23 at 10:30 PM, 5-10 people paid $5 million or €3.50 for v2.0.1.",
        "room 101, route 53, 12000 pixels, 60 seconds, -5 degrees, 1st, 10 million, 3:30pm",
        "twenty twenty twenty twenty",
    ],
)
def test_what_stays(text: str) -> None:
    assert clean(text) == text
