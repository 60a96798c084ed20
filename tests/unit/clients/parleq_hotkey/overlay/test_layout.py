from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleq_hotkey.overlay.changes import Kind, Span
from parleq_hotkey.overlay.layout import Run, lines


def laid_out(text: str, width: int, most: int = 99, *, tail: bool = False) -> list[str]:
    """The lines, where every character is one pixel wide."""
    found = lines([Span(text, Kind.KEPT)], len, width, most, tail=tail)
    return ["".join(run.text for run in line) for line in found]


@pytest.mark.parametrize(
    "text, width, shown",
    [
        ("", 10, []),
        ("one two three", 99, ["one two three"]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 8, ["one two", "three"]),
        ("one  two", 4, ["one", "two"]),
        ("one\ntwo\n\nthree\n", 9, ["one", "two", "", "three"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("我们明天见。好", 3, ["我们明", "天见。", "好"]),
        ("我们明天见。", 5, ["我们明天", "见。"]),
        ("a 👨\u200d👩 b", 4, ["a", "👨\u200d👩", "b"]),
        (" leading", 9, ["leading"]),
    ],
)
def test_lines_are_broken_where_they_may_be(text: str, width: int, shown: list[str]) -> None:
    assert laid_out(text, width) == shown


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert laid_out("one two three four five six", 9, 2) == ["one two", "three…"]
    assert laid_out("one two three four five six", 10, 2) == ["one two", "three fou…"]


def test_of_a_long_text_s_tail_the_beginning_is_left_out() -> None:
    assert laid_out("one two three four five six", 10, 2, tail=True) == ["…hree four", "five six"]


def test_pieces_keep_their_kinds_and_words_stay_whole_over_them() -> None:
    spans = [Span("go ho", Kind.KEPT), Span("me", Kind.ADDED), Span(" um", Kind.REMOVED)]
    assert lines(spans, len, 6, 9) == [
        (Run(0, 2, "go", Kind.KEPT),),
        (Run(0, 2, "ho", Kind.KEPT), Run(2, 2, "me", Kind.ADDED)),
        (Run(0, 2, "um", Kind.REMOVED),),
    ]


@given(st.text(alphabet="abc \n我。é", max_size=80), st.integers(2, 12), st.integers(1, 4), st.booleans())
def test_no_line_is_too_wide_and_none_too_many(text: str, width: int, most: int, tail: bool) -> None:
    shown = laid_out(text, width, most, tail=tail)
    assert len(shown) <= most
    assert all(len(line) <= width for line in shown)


@given(st.text(alphabet="abc \n我。é", max_size=80), st.integers(2, 12))
def test_nothing_but_blanks_is_lost_between_lines(text: str, width: int) -> None:
    assert "".join("".join(laid_out(text, width)).split()) == "".join(text.split())
