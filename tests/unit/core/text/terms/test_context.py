from __future__ import annotations

import pytest

from parleqd.core.text.terms import context
from parleqd.core.text.tokens import Token, tokenise


def around(text: str) -> tuple[list[Token], int, int]:
    """The words between | and |."""
    before, inside, behind = text.split("|")
    first = len(tokenise(before.rstrip()))
    return tokenise(before + inside + behind), first, first + len(tokenise(inside))


@pytest.mark.parametrize(
    "text",
    [
        "a model hosted on |bedrock|.",
        "we host it on |bedrock| today",
        "post it in |slack|",
        "share the file in |teams| and wait",
        "we use |rust| for that",
        "send it via |outlook|",
        "the |slack| channel",
        "a |word| document",
        "written in |go|",
        "using |excel|",
        "the |sequel| query is slow",
        "the |rust| compiler",
        "the |swift| code",
        "our |swift| codebase",
        "an |excel| spreadsheet",
        "a |zoom| call",
    ],
)
def test_the_name_of_a_tool(text: str) -> None:
    assert context.is_tool(*around(text))


@pytest.mark.parametrize(
    "text",
    [
        "the |bedrock| of our society",
        "they hit |bedrock| at last",
        "cut me some |slack|",
        "you can |slack| off",
        "we work in |teams|",
        "the |rust| on the car",
        "|go| home",
        "let us |go| now",
        "I will |go| file a complaint",
        "please |go| report this",
        "we |excel| at this",
        "they |sneak| out",
        "a |swift| response",
        "a |linear| model",
        "please |go| call him",
        "a |sneak| peek",
        "use |force| users fear",
    ],
)
def test_an_ordinary_word(text: str) -> None:
    assert not context.is_tool(*around(text))


@pytest.mark.parametrize(
    "text", ["the |jason| file", "a |jason| payload again", "in |Jason| format", "this |jason| schema"]
)
def test_a_thing(text: str) -> None:
    assert context.is_thing(*around(text))


@pytest.mark.parametrize(
    "text",
    [
        "ask |Jason| from accounting",
        "|Jason| file",
        "tell |jason| file two is missing",
        "with |Jason| and Anna",
        "the |Jason| I know",
    ],
)
def test_a_person(text: str) -> None:
    assert not context.is_thing(*around(text))


@pytest.mark.parametrize(
    "text", ["I |see sharp| edges", "they |cube control| it", "we can |see sharp|", "go |see sharp| it"]
)
def test_a_verb(text: str) -> None:
    assert context.is_verb(*around(text))


@pytest.mark.parametrize("text", ["with |cube control| before", "in |see sharp|", "the |fluid audio| library"])
def test_no_verb(text: str) -> None:
    assert not context.is_verb(*around(text))


def test_one_of_many() -> None:
    assert context.is_one_of_many(*around("like a |time machine|"))
    assert context.is_one_of_many(*around("the |time machine| of Wells"))
    assert not context.is_one_of_many(*around("a |time machine| backup"))
    assert not context.is_one_of_many(*around("restored from |time machine|"))


def test_nothing_is_told_across_lines() -> None:
    assert not context.is_tool(*around("the |slack|\nchannel"))
