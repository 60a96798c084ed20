from __future__ import annotations

import pytest

from parleqd.core.text.code_signs import find
from parleqd.core.text.tokens import tokenise


def words(text: str) -> list[str]:
    tokens = tokenise(text)
    found = find(tokens)
    return [token.text for index, token in enumerate(tokens) if index in found and token.is_word]


@pytest.mark.parametrize(
    "text",
    ["x = 5", "x += y", "a == b or c", "foo bar() baz", "the array a[i] here", "return { x }", "for i in range(10):"],
)
def test_a_sentence_that_shows_code_is_code(text: str) -> None:
    assert len(words(text)) == sum(token.is_word for token in tokenise(text))


def test_other_sentences_and_lines_are_not() -> None:
    assert words("We know. x = 5. So do i") == ["x", "=", "5"]
    assert words("We know\nx = 5\nSo do i") == ["x", "=", "5"]


@pytest.mark.parametrize(
    "text", ["cd /home/anna", "Git commit -m fix", "ls -la | sort", "find src -name x", "cd ~/src"]
)
def test_a_command_line_is_code(text: str) -> None:
    assert text.split()[0] in words(text)


@pytest.mark.parametrize("text", ["Find /tmp for me", "git is a tool", "make it - now", "we run git -m"])
def test_a_command_in_a_sentence_is_not(text: str) -> None:
    assert text.split()[0] not in words(text)


def test_a_lone_operator_only_claims_the_words_beside_it() -> None:
    assert words("what i + 1 is i know") == ["i", "+", "1"]


@pytest.mark.parametrize(
    "text", ["", "the file(s) i sent", "as (we) know", "you & i", "he - i think - knows", "[music]"]
)
def test_prose_is_not_code(text: str) -> None:
    assert words(text) == []
