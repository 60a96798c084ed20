from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.session.behaviour import STAGE, Behaviour
from parleqd.core.session.outcome import Cleaned
from parleqd.core.settings import Newlines
from parleqd.core.text import instant
from parleqd.core.text.edits import Edit, replay
from parleqd.protocol.names import Mode

ONE_LINE = Behaviour(newlines=Newlines.SPACE)


@pytest.mark.parametrize(
    ("text", "laid_out"),
    [
        ("one\ntwo", "one two"),
        ("one  \n\n  two\n", "one two"),
        ("\none", "one"),
        ("one\r\ntwo\u2028three", "one two three"),
        ("one  two", "one  two"),
        ("\n", ""),
        ("", ""),
    ],
)
def test_a_text_may_have_to_stand_on_one_line(text: str, laid_out: str) -> None:
    assert ONE_LINE.laid_out(Cleaned(text, Mode.INSTANT)).text == laid_out
    assert Behaviour().laid_out(Cleaned(text, Mode.INSTANT)).text == text


@given(st.text("ab \t\n\r\u2028"))
def test_what_it_changed_is_an_edit_like_any_other(raw: str) -> None:
    done = instant.clean(raw)
    laid = ONE_LINE.laid_out(Cleaned(done.text, Mode.INSTANT, done.edits))
    assert replay(raw, laid.edits) == laid.text
    assert ONE_LINE.laid_out(laid).text == laid.text
    assert "\n" not in laid.text


def test_its_edits_come_last() -> None:
    laid = ONE_LINE.laid_out(Cleaned("a\nb", Mode.POLISHED, (Edit("polished", "x", "a\nb", 0, 4),)))
    assert laid.edits[-1] == Edit(STAGE, "\n", " ", 1, 5)


@pytest.mark.parametrize(("text", "inserted"), [("Hello.", "Hello. "), ("", ""), ("a\n", "a\n")])
def test_a_blank_behind_an_inserted_text(text: str, inserted: str) -> None:
    assert Behaviour(trailing_space=True).inserted(text) == inserted
    assert Behaviour().inserted(text) == text


def test_instant_is_asked_for_what_is_wanted() -> None:
    profile = Behaviour(spoken_punctuation=False, capitals=False, final_mark=False).profile
    assert (profile.spoken_punctuation, profile.capitals, profile.final_mark) == (False, False, False)
    assert Behaviour().profile == instant.DEFAULT
