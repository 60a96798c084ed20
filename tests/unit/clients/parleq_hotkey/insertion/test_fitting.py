from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleq_hotkey.insertion.fitting import can_be_typed, fit
from parleq_hotkey.ports import Window

TERMINAL = Window("1", app="xterm")


@given(st.text())
def test_everywhere_else_the_text_is_exact(text: str) -> None:
    assert fit(text, Window("1", app="gedit")) == text


@pytest.mark.parametrize(
    "text, fitted",
    [
        ("ls -l\n", "ls -l"),
        ("one\ntwo\r\n\r\nthree ", "one two three "),
        ("one \n two", "one two"),
        ("a\ttab", "a\ttab"),
        ("before\x1b[201~\x07after", "before[201~after"),
        ("👩‍👩‍👧 Привет", "👩‍👩‍👧 Привет"),
        ("\n", ""),
    ],
)
def test_a_terminal_gets_no_line_break(text: str, fitted: str) -> None:
    assert fit(text, TERMINAL) == fitted


@given(st.text())
def test_nothing_that_a_terminal_gets_can_run_or_steer(text: str) -> None:
    assert not any(character < " " and character != "\t" for character in fit(text, TERMINAL))
    assert fit(fit(text, TERMINAL), TERMINAL) == fit(text, TERMINAL)


@pytest.mark.parametrize("text, can", [("ls -l", True), ("", False), ("é", False), ("a\n", False), ("a" * 51, False)])
def test_what_can_be_typed(text: str, can: bool) -> None:
    assert can_be_typed(text) is can
