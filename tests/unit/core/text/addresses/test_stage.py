from __future__ import annotations

import pytest

from parleqd.core.text.addresses.stage import find
from parleqd.core.text.pipeline import Stage, run
from parleqd.core.text.tokens import tokenise


def written(raw: str) -> str:
    result = run(raw, tokenise(raw), [[Stage("addresses", find)]])
    assert not result.skipped
    assert run(result.text, tokenise(result.text), [[Stage("addresses", find)]]).text == result.text
    return result.text


@pytest.mark.parametrize(
    "raw, text",
    [
        ("write to j dot doe at example dot org and wait", "write to j.doe@example.org and wait"),
        (
            "the page is at docs dot example dot net slash start and more",
            "the page is at docs.example.net/start and more",
        ),
        ("open slash etc slash hosts now", "open /etc/hosts now"),
        ("rename user underscore id in main dot c p p", "rename user_id in main.cpp"),
        ("rename user underscore ID here", "rename user_id here"),
        ("the env is API underscore KEY", "the env is API_KEY"),
        ("npm run build dash dash watch", "npm run build --watch"),
        (
            "if n equals equals ten open brace return n semicolon close brace",
            "if n == 10 open brace return n semicolon close brace",
        ),
        ("choose he slash she and slash or yes slash no", "choose he/she and/or yes/no"),
        ("a well hyphen known state hyphen of hyphen the hyphen art tool", "a well-known state-of-the-art tool"),
        ("edit read me dot m d", "edit readme.md"),
    ],
)
def test_what_was_spelled_out_is_written(raw: str, text: str) -> None:
    assert written(raw) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dot",
        "at",
        "slash slash dot dot",
        "the dot on the map at the top is mine",
        "call dot at home",
        "connect the dot in the middle",
        "the red dot it means stop",
        "she wore a polka dot dress from a polka dot shop",
        "we had to slash the budget at the last minute",
        "they slash prices every spring",
        "slash and burn, the slash key, use the slash command",
        "I want to underscore that this is important",
        "the results underscore the need for more",
        "reports underscore concerns about safety",
        "these findings underscore importance of sleep",
        "press the underscore key and type hyphen then stop",
        "please insert a hyphen between the words",
        "a dash of salt, a mad dash, make a dash for it",
        "cat dash dog",
        "I told git that dash is fine",
        "the plan dash and this is key dash is simple",
        "two plus two equals four",
        "x equals five is the answer",
        "the pipe is broken and the star is bright",
        "use camel case for names",
        "we saw a camel case the joint",
        "tilde is a wavy line",
        "python three point eleven",
        "he scored two dot one",
        'he said "anna at example dot com" aloud',
        "anna dot\nkowalski at\nexample dot\ncom",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert written(text) == text


@pytest.mark.parametrize(
    "unit", ["a dot ", "dot ", "slash a ", "x underscore y ", "at a dot com ", "dash dash v ", "git dash "]
)
def test_a_text_made_to_defeat_it_comes_through(unit: str) -> None:
    assert written(unit * 300)
