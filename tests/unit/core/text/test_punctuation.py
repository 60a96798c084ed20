from __future__ import annotations

from functools import partial

import pytest

from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.punctuation import find
from parleqd.core.text.tokens import tokenise


@pytest.mark.parametrize(
    "raw, text",
    [
        ("dear ms lopez comma it ships today exclamation mark", "dear ms lopez, it ships today!"),
        ("milk new line eggs new line two loaves", "milk\nEggs\nTwo loaves"),
        ("the error said open quote disk full close quote and stopped", 'the error said "disk full" and stopped'),
        (
            "it open parenthesis see page nine close parenthesis colon retries",
            "it (see page nine): retries",
        ),
        ("the plan dash and this is key dash works", "the plan – and this is key – works"),
        ("dear team comma new paragraph thanks", "dear team,\n\nThanks"),
        ("best wishes new line", "best wishes\n"),
        ("new line hello", "\nHello"),
        ("new line new line iPhone", "\n\niPhone"),
        ("comma", ","),
        ("yes period period really exclamation mark exclamation mark", "yes. really!!"),
        ("at 10 colon 30 we met", "at 10:30 we met"),
        ("the score is 10 colon 3", "the score is 10: 3"),
        ("research ampersand development", "research & development"),
        ("great day hashtag winning hashtag sun", "great day #winning #sun"),
        ("at sign anna look", "@anna look"),
        ("well dot dot dot maybe", "well… maybe"),
        ("he said quote I am done unquote and left", 'he said "I am done" and left'),
        ("This is a test, dash, nothing more.", "This is a test – nothing more."),
        ("call get_name open paren close paren", "call get_name()"),
        ("call it open paren now close paren", "call it (now)"),
        ("to buy colon\n- milk", "to buy:\n- milk"),
        ("on may twenty third comma ask Anna", "on may twenty third, ask Anna"),
    ],
)
def test_spoken_marks_are_written(raw: str, text: str) -> None:
    assert clean(raw) == text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("The trial ends in May. New paragraph. The next starts.", "The trial ends in May.\n\nThe next starts."),
        ("Dear team, comma, new paragraph. The plan, period.", "Dear team,\n\nThe plan."),
        ("Are you there, question mark. Yes, period.", "Are you there? Yes."),
        ("Milk, new line, eggs, new line, bread.", "Milk\nEggs\nBread."),
        ("Hi Anna, new line, thanks. Best wishes, new line, Tom.", "Hi Anna,\nThanks. Best wishes,\nTom."),
        ("Shopping: new line, milk", "Shopping:\nMilk"),
        ("He said, open quote, I am done. Close quote. Then he left.", 'He said "I am done." Then he left.'),
        ("It failed. Open quote, disk full, close quote. New line. Then", 'It failed. "disk full".\nThen'),
        ("Hello, comma. How are you?", "Hello, how are you?"),
        ("Hello comma Tom", "Hello, Tom"),
        ("Dear team comma New paragraph The plan", "Dear team,\n\nThe plan"),
        ("Hello, comma, I am here", "Hello, I am here"),
    ],
)
def test_the_recognisers_marks_give_way(raw: str, text: str) -> None:
    assert clean(raw) == text


def test_a_place_without_capitals_gets_none() -> None:
    assert clean("milk new line eggs", capitals=False) == "milk\neggs"


@pytest.mark.parametrize("text", ["", "nothing to do, here.", "The comma key is stuck."])
def test_without_a_command_nothing_changes(text: str) -> None:
    assert clean(text) == text


def clean(raw: str, capitals: bool = True) -> str:
    return run(raw, tokenise(raw), [[Stage("punctuation", partial(find, capitals=capitals))]]).text
