from __future__ import annotations

import pytest

from parleqd.core.text.addresses.items import Kind, figures, item_at, read
from parleqd.core.text.tokens import tokenise


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(item.kind, item.text) for item in read(tokenise(text))][:-1]


def test_words_letters_figures_and_signs() -> None:
    assert kinds("anna a b two dot twenty three") == [
        (Kind.WORD, "anna"),
        (Kind.LETTERS, "ab2"),
        (Kind.SIGN, "."),
        (Kind.FIGURES, "23"),
    ]


def test_marks_lines_and_quotations_end_what_is_said() -> None:
    assert [kind for kind, _ in kinds('a, b\nc "d"')] == [
        Kind.LETTERS, Kind.END, Kind.LETTERS, Kind.END, Kind.LETTERS, Kind.END, Kind.END, Kind.END,
    ]  # fmt: skip


def test_signs_of_two_words() -> None:
    assert kinds("forward slash at sign question mark") == [(Kind.SIGN, "/"), (Kind.SIGN, "@"), (Kind.SIGN, "?")]
    assert kinds("question")[0][0] is Kind.WORD


@pytest.mark.parametrize("text", ["w w w", "W-W-W", "triple w", "double u double u double u"])
def test_letters_by_name(text: str) -> None:
    assert [(kind, spelled.lower()) for kind, spelled in kinds(text)] == [(Kind.LETTERS, "www")]


@pytest.mark.parametrize(
    "said, written",
    [
        ("one two three", "123"),
        ("eighty eighty", "8080"),
        ("three thousand", "3000"),
        ("eight thousand eighty", "8080"),
        ("five hundred forty two", "542"),
        ("one ninety two", "192"),
        ("two fifty five", "255"),
        ("oh seven", "07"),
        ("4 2", "42"),
        ("hundred", ""),
    ],
)
def test_figures(said: str, written: str) -> None:
    assert figures(said.split()) == written


def test_outside_the_text_there_is_an_end() -> None:
    assert item_at(read(tokenise("a")), -1).kind is Kind.END
    assert item_at(read(tokenise("a")), 9).kind is Kind.END


def test_o_between_figures_is_a_zero() -> None:
    assert kinds("four o four") == [(Kind.FIGURES, "404")]
    assert kinds("double five dot o") == [(Kind.FIGURES, "55"), (Kind.SIGN, "."), (Kind.LETTERS, "o")]
    assert kinds("double trouble") == [(Kind.WORD, "double"), (Kind.WORD, "trouble")]
    assert kinds("o four b") == [(Kind.LETTERS, "o4b")]


def test_a_command_may_be_spelled_before_what_it_takes() -> None:
    assert kinds("c d slash home")[0] == (Kind.WORD, "cd")
    assert kinds("l s dash l a")[0] == (Kind.WORD, "ls")
    assert kinds("c d dash rom")[0] == (Kind.LETTERS, "cd")
    assert kinds("my c d slash home")[1] == (Kind.LETTERS, "cd")
