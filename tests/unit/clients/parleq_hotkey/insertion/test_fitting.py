from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleq_hotkey.insertion.fitting import can_be_typed, fit
from parleq_hotkey.ports import Window

TERMINAL = Window("1", app="xterm")


PRINTED = st.text(st.characters(exclude_categories=["Cc", "Cs"], include_characters="\t\n\r\x85"))


@given(PRINTED)
def test_everywhere_else_the_text_is_exact(text: str) -> None:
    assert fit(text, Window("1", app="gedit")) == text


@pytest.mark.parametrize(
    "text, fitted",
    [
        ("before\x1b[201~rm -rf /\n", "before[201~rm -rf /\n"),
        ("c1\x9b201~", "c1201~"),
        ("cut\0short", "cutshort"),
        ("half \ud83d a pair", "half \ufffd a pair"),
    ],
)
def test_nobody_gets_what_steers_a_terminal_or_is_no_character(text: str, fitted: str) -> None:
    assert fit(text, Window("1", app="code")) == fitted


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
