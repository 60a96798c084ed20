from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.text.tokens import (
    Change,
    ends_clause,
    is_enclosed,
    join,
    key_at,
    mark,
    quoted,
    removal,
    starts_sentence,
    tokenise,
)


@given(st.text())
def test_joining_gives_the_text_back(text: str) -> None:
    assert join(tokenise(text)) == text


@pytest.mark.parametrize(
    "text, keys",
    [
        ("", []),
        ("Don’t stop", ["don't", "stop"]),
        ("at 14:05, example.com's (see x).", ["at", "14:05", ",", "example.com's", "(", "see", "x", ")", "."]),
        ("I—um... think…", ["i", "—", "um", "...", "think", "…"]),
        ("w- we, re-do", ["w-", "we", ",", "re-do"]),
        ('say "um"', ["say", '"', "um", '"']),
        ("new\nline \n", ["new", "line", ""]),
        ("\ud800 e\u0301 😀 שלום", ["\ud800", "e\u0301", "😀", "שלום"]),
    ],
)
def test_words_and_marks(text: str, keys: list[str]) -> None:
    assert [token.key for token in tokenise(text)] == keys


def test_a_mark_is_no_word() -> None:
    assert [token.is_word for token in tokenise("yes, no")] == [True, False, True]
    assert not mark(",").is_word


@pytest.mark.parametrize(
    "text, starts",
    [
        ("one two", [True, False]),
        ("One. two", [True, False, True]),
        ("one, two", [True, False, False]),
        ("one\ntwo", [True, True]),
        ('One. ("two', [True, False, True, True, True]),
    ],
)
def test_where_sentences_start(text: str, starts: list[bool]) -> None:
    tokens = tokenise(text)
    assert [starts_sentence(tokens, index) for index in range(len(tokens))] == starts


@pytest.mark.parametrize("text, ends", [("a b", False), ("a.", True), ("a, b", False), ("a\nb", True), ("a ", True)])
def test_where_clauses_end(text: str, ends: bool) -> None:
    assert ends_clause(tokenise(text), 1) is ends


def test_outside_the_text_there_is_no_key() -> None:
    tokens = tokenise("one")
    assert [key_at(tokens, index) for index in (-1, 0, 1)] == ["", "one", ""]


@pytest.mark.parametrize(
    "text, inside",
    [
        ('he said "um yes" twice', {"um", "yes"}),
        ("he said “um yes” twice", {"um", "yes"}),
        ('5" of um', set()),
        ('odd "um\nthen "even um"', {"even", "um"}),
        ("no quotation", set()),
    ],
)
def test_what_is_quoted(text: str, inside: set[str]) -> None:
    tokens = tokenise(text)
    assert {tokens[index].key for index in quoted(tokens)} == inside


@pytest.mark.parametrize("text, enclosed", [("(um) a", True), ('"x" um', False), ('x "um', True), ("a um b", False)])
def test_what_is_enclosed(text: str, enclosed: bool) -> None:
    tokens = tokenise(text)
    index = next(n for n, token in enumerate(tokens) if token.key == "um")
    assert is_enclosed(tokens, index, index + 1) is enclosed


@pytest.mark.parametrize(
    "text, first, last, left",
    [
        ("um so", 0, 1, "so"),
        ("so um we", 1, 2, "so we"),
        ("so um", 1, 2, "so"),
        ("so\num we", 1, 2, "so\nwe"),
        ("I—um—think", 1, 4, "I think"),
        ("a um .b", 1, 2, "a .b"),
        ("um.b", 0, 0, "um.b"),
    ],
)
def test_what_a_removal_leaves_is_spaced(text: str, first: int, last: int, left: str) -> None:
    tokens = tokenise(text)
    change = removal(tokens, first, last)
    assert join([*tokens[: change.first], *change.tokens, *tokens[change.last :]]) == left


def test_a_change_may_only_remove() -> None:
    assert Change(1, 2).tokens == ()
