from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqctl import display


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain", "plain"),
        ("naïve 日本", "naïve 日本"),
        ("a\x1b[31mb", "a [31mb"),
        ("a\nb\rc\td\x00e\x7f", "a b c d e "),
        ("a\u202eb\u200bc", "a b c"),
        ("a\u2028b\u0085c", "a b c"),
        ("a\udcffb", "a b"),
    ],
)
def test_what_would_disturb_a_terminal_becomes_a_blank(text: str, safe: str) -> None:
    assert display.one_line(text) == safe


@pytest.mark.parametrize(("text", "columns"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("ａ", 2), ("", 0)])
def test_wide_characters_take_two_columns_and_combining_ones_none(text: str, columns: int) -> None:
    assert display.width(text) == columns


@pytest.mark.parametrize(
    ("text", "columns", "head", "tail"),
    [
        ("hello", 5, "hello", "hello"),
        ("hello", 4, "hel…", "…llo"),
        ("日本語", 5, "日本…", "…本語"),
        ("日本語", 4, "日…", "…語"),
        ("hello", 1, "…", "…"),
        ("hello", 0, "", ""),
    ],
)
def test_a_text_is_cut_to_what_fits(text: str, columns: int, head: str, tail: str) -> None:
    assert display.head(text, columns) == head
    assert display.tail(text, columns) == tail


@given(st.text(), st.integers(min_value=0, max_value=100))
def test_no_text_breaks_the_line_or_its_width(text: str, columns: int) -> None:
    safe = display.one_line(text)
    assert len(safe.splitlines()) <= 1
    assert display.width(display.tail(safe, columns)) <= columns
    assert display.width(display.head(safe, columns)) <= columns
