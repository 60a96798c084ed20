from __future__ import annotations

from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.session.outcome import Cleaned, Outcome
from parleqd.core.session.texts import (
    POLISHED_STAGE,
    behind,
    instant_of,
    polished_of,
    refined,
    texts_of,
    without,
)
from parleqd.core.text import instant
from parleqd.core.text.edits import Edit, replay
from parleqd.protocol.names import Mode
from tests.fakes.dictations import heard, outcome

RAW = "um so the the meeting uh is on friday"
ON_DEVICE = instant.clean(RAW)
POLISHED = "So, the meeting is on Friday!"


def cleaned(text: str, mode: Mode, polished: str = POLISHED) -> Outcome:
    done = instant.clean(text)
    made = Cleaned(done.text, Mode.INSTANT, tuple(done.edits))
    if mode is Mode.POLISHED:
        made = Cleaned(polished, mode, behind(made.edits, made.text, polished))
    elif mode is Mode.RAW:
        made = Cleaned(text, mode)
    return msgspec.structs.replace(outcome(), heard=heard(text), cleaned=made)


def refinement(before: str, after: str, mode: Mode = Mode.POLISHED) -> Outcome:
    made = Cleaned(after, mode, refined(before, after))
    return msgspec.structs.replace(outcome(), heard=heard("make it new"), cleaned=made, baseline=before)


def test_all_texts_that_were_made_are_told() -> None:
    raw, device, polished = (cleaned(RAW, mode) for mode in (Mode.RAW, Mode.INSTANT, Mode.POLISHED))
    assert (instant_of(raw), polished_of(raw)) == (None, None)
    assert (instant_of(device), polished_of(device)) == (ON_DEVICE.text, None)
    assert (instant_of(polished), polished_of(polished)) == (ON_DEVICE.text, POLISHED)
    assert texts_of(polished) == [RAW, POLISHED, ON_DEVICE.text, POLISHED]


def test_a_model_that_changed_nothing_made_a_text_all_the_same() -> None:
    same = cleaned(RAW, Mode.POLISHED, ON_DEVICE.text)
    assert same.cleaned.edits == tuple(ON_DEVICE.edits)
    assert (instant_of(same), polished_of(same)) == (ON_DEVICE.text, ON_DEVICE.text)


def test_the_edits_lead_from_raw_by_instant_to_polished() -> None:
    made = cleaned(RAW, Mode.POLISHED).cleaned
    assert replay(RAW, made.edits) == POLISHED
    assert replay(RAW, made.edits[:-1]) == ON_DEVICE.text
    assert made.edits[-1].stage == POLISHED_STAGE


def test_without_a_model_s_edit_it_is_the_instant_text() -> None:
    polished = cleaned(RAW, Mode.POLISHED)
    assert without(polished, [len(polished.cleaned.edits)]) == (ON_DEVICE.text, tuple(ON_DEVICE.edits))


def test_a_model_s_text_goes_with_any_edit_before_it() -> None:
    polished = cleaned("hello there um", Mode.POLISHED, "Hello there!")
    text, left = without(polished, [1])
    assert "!" not in text
    assert all(edit.stage != POLISHED_STAGE for edit in left)


@pytest.mark.parametrize("mode", [Mode.INSTANT, Mode.POLISHED])
def test_without_any_of_its_edits_a_text_is_raw(mode: Mode) -> None:
    made = cleaned(RAW, mode)
    everything = range(1, len(made.cleaned.edits) + 1)
    assert without(made, everything) == (RAW, ())
    assert without(made, reversed(everything)) == (RAW, ())
    assert without(made, []) == (made.cleaned.text, made.cleaned.edits)


def test_all_of_very_many_edits_are_taken_back_at_once() -> None:
    count = 20_000
    edits = tuple(Edit("any", "a", "b", place) for place in range(count))
    made = msgspec.structs.replace(
        outcome(), heard=heard("a" * count), cleaned=Cleaned("b" * count, Mode.INSTANT, edits)
    )
    assert without(made, range(1, count + 1)) == ("a" * count, ())


def test_the_order_and_repetition_of_numbers_say_nothing() -> None:
    made = cleaned(RAW, Mode.INSTANT)
    numbers = range(1, len(made.cleaned.edits) + 1)
    for one, other in combinations(numbers, 2):
        assert without(made, [one, other]) == without(made, [other, one, one])


@pytest.mark.parametrize("number", [0, -1, 2])
def test_an_edit_that_is_not_there_is_an_error(number: int) -> None:
    with pytest.raises(IndexError):
        without(refinement("Old.", "New."), [number])


def test_a_refinement_goes_back_to_the_text_before() -> None:
    made = refinement("Old.", "New.")
    assert without(made, [1]) == ("Old.", ())
    assert without(made, []) == ("New.", made.cleaned.edits)
    assert (instant_of(made), polished_of(made)) == (None, "New.")
    assert refinement("Same.", "Same.").cleaned.edits == ()


@given(
    st.lists(st.sampled_from("um so the the meeting comma hello Bob is on on friday scratch that".split())), st.data()
)
def test_whatever_is_taken_back_what_is_left_replays(words: list[str], data: st.DataObject) -> None:
    raw = " ".join(words)
    made = cleaned(raw, data.draw(st.sampled_from(Mode)))
    count = len(made.cleaned.edits)
    numbers = data.draw(st.lists(st.integers(1, count))) if count else []
    text, left = without(made, numbers)
    assert replay(raw, left) == text
    assert len(left) <= count - len(set(numbers))
