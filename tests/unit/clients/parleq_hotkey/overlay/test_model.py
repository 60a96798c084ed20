from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleq_hotkey.overlay.changes import Kind
from parleq_hotkey.overlay.model import HIDDEN, LEVELS, View, following, is_refining

RECORDING = {"state": "recording", "hands_free": False}
REVIEW = {"state": "review", "text": "Hello there.", "raw": "um hello there"}


def view(*messages: dict[str, Any], first: View = HIDDEN) -> View:
    for message in messages:
        first = following(first, json.dumps(message))
    return first


def test_a_recording_shows_the_last_levels() -> None:
    shown = view(RECORDING, *({"level": -60.0 + n} for n in range(60)))
    assert (shown.state, shown.heading, len(shown.levels)) == ("recording", "Listening", LEVELS)
    assert shown.levels[-1] == 1.0
    assert shown.levels == tuple(sorted(shown.levels))


@pytest.mark.parametrize("dbfs, shown", [(-100, 0.0), (-55, 0.0), (-32.5, 0.5), (-10, 1.0), (0, 1.0), ("loud", 0.0)])
def test_a_level_is_shown_within_the_range_of_speech(dbfs: float | str, shown: float) -> None:
    assert view(RECORDING, {"level": dbfs}).levels == (shown,)


def test_hands_free_says_how_it_ends_and_keeps_what_was_heard() -> None:
    shown = view(RECORDING, {"level": -20}, {"partial": {"stable": "so", "provisional": ""}})
    hands_free = view({"state": "recording", "hands_free": True}, first=shown)
    assert hands_free.hands_free
    assert "tap: finish" in hands_free.hint
    assert (hands_free.levels, hands_free.spans) == (shown.levels, shown.spans)


def test_a_partial_has_a_stable_and_a_provisional_part() -> None:
    shown = view(RECORDING, {"partial": {"stable": "so I", "provisional": " think"}})
    assert [(span.text, span.kind) for span in shown.spans] == [("so I", Kind.STABLE), (" think", Kind.PROVISIONAL)]


@pytest.mark.parametrize(
    "phase, heading", [("transcribing", "Transcribing…"), ("cleaning", "Cleaning up…"), ("new", "Working…")]
)
def test_while_it_works_the_partial_stays(phase: str, heading: str) -> None:
    recorded = view(RECORDING, {"level": -20}, {"partial": {"stable": "so", "provisional": ""}})
    shown = view({"state": "working", "phase": phase}, first=recorded)
    assert (shown.heading, shown.spans, shown.levels) == (heading, recorded.spans, ())


def test_a_review_shows_what_was_changed_and_what_can_be_done() -> None:
    shown = view({**REVIEW, "keys": {"cancel": "F12", "offer": ""}})
    assert Kind.REMOVED in {span.kind for span in shown.spans}
    assert shown.hint == "tap: insert  ·  hold: change by voice  ·  F12: cancel"
    assert not shown.fades_s
    for keys in ({"cancel": ""}, {}, 7):
        assert view({**REVIEW, "keys": keys}).hint == "tap: insert  ·  hold: change by voice"


def test_without_a_review_the_finished_text_is_shown_for_a_moment_with_what_was_changed() -> None:
    shown = view({"state": "inserted", "status": "read", "text": "Hello there. ", "raw": "um hello there"})
    assert Kind.REMOVED in {span.kind for span in shown.spans}
    assert shown.spans[-1].text == "Hello there."[-len(shown.spans[-1].text) :]
    accepted = view(REVIEW, {"state": "inserted", "status": "read", "text": "Hello there.", "raw": "um hello there"})
    assert accepted.spans == ()
    assert shown.fades_s > accepted.fades_s > 0


def test_a_text_that_waits_is_offered_by_the_key_that_was_chosen() -> None:
    shown = view({"state": "waiting", "message": "no focus", "keys": {"cancel": "Escape", "offer": "F10"}})
    assert shown.hint == "the text is kept: parleqctl last --copy  ·  F10: insert here"


def test_a_text_in_review_stays_while_it_is_changed_by_voice() -> None:
    shown = view(REVIEW, RECORDING, {"partial": {"stable": "make it", "provisional": " short"}})
    assert (shown.heading, shown.text, shown.said) == ("Say what to change", "Hello there.", "make it short")
    assert [span.text for span in shown.spans] == ["Hello there."]
    assert is_refining(shown)
    assert is_refining(view({"state": "working", "phase": "cleaning"}, first=shown))


def test_a_new_recording_forgets_the_text_before() -> None:
    shown = view(REVIEW, {"state": "inserted", "status": "read"}, RECORDING)
    assert (shown.text, shown.spans, is_refining(shown)) == ("", (), False)


@pytest.mark.parametrize(
    "message, heading, notice, hint",
    [
        ({"state": "inserted", "status": "verified"}, "Inserted", "", ""),
        ({"state": "inserted", "status": "sent"}, "Inserted, as far as can be told", "", ""),
        (
            {"state": "waiting", "message": "another window"},
            "Not inserted",
            "another window",
            "the text is kept: parleqctl last --copy",
        ),
        ({"state": "nothing_said"}, "Nothing was said", "", ""),
        ({"state": "problem", "message": "muted", "hint": "unmute it"}, "No dictation", "muted", "unmute it"),
        ({"notice": "no daemon", "hint": "start it"}, "Something is in the way", "no daemon", "start it"),
    ],
)
def test_what_is_over_is_told_without_the_text_and_fades(
    message: dict[str, Any], heading: str, notice: str, hint: str
) -> None:
    shown = view(message, first=HIDDEN if "notice" in message else view(REVIEW))
    assert (shown.heading, shown.notice, shown.hint) == (heading, notice, hint)
    assert shown.fades_s > 0
    assert (shown.text, shown.spans) == ("", ())


@pytest.mark.parametrize("message", [RECORDING, REVIEW, {"state": "working", "phase": "cleaning"}])
def test_a_notice_in_a_dictation_is_shown_beside_it(message: dict[str, Any]) -> None:
    before = view(message)
    shown = view({"notice": "the disk is full", "hint": "…"}, first=before)
    assert shown.notice == "the disk is full"
    assert (shown.state, shown.spans, shown.fades_s) == (before.state, before.spans, 0)


@pytest.mark.parametrize("state", ["hidden", "of a newer client", 7])
def test_hidden_and_unknown_states_show_nothing(state: object) -> None:
    assert view(REVIEW, {"state": state}) == HIDDEN


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "7", '{"new": 1}', '{"partial": 7}', '{"state": "recording"}x', b"\xff"]
)
def test_other_lines_change_nothing(line: str | bytes) -> None:
    shown = view(RECORDING)
    assert following(shown, line) == shown


@pytest.mark.parametrize("message", [{"level": -20}, {"partial": {"stable": "late", "provisional": ""}}])
def test_what_comes_late_shows_nothing(message: dict[str, Any]) -> None:
    assert view(message) == HIDDEN


def test_control_characters_are_not_drawn() -> None:
    assert view({"state": "review", "text": "a\tb\x1b[1mc\r\nd 👨\u200d👩", "raw": ""}).text == "a b [1mc\nd 👨\u200d👩"


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=2))
STATES = ["recording", "working", "review", "inserted", "waiting", "nothing_said", "problem", "hidden"]
KEYS = ["level", "partial", "notice", "hint", "text", "raw", "message", "hands_free", "status", "phase", "keys"]


@given(
    st.lists(
        st.tuples(st.dictionaries(st.sampled_from(KEYS), JSON), st.none() | st.sampled_from(STATES) | JSON), max_size=6
    )
)
def test_no_line_is_too_much(messages: list[tuple[dict[str, Any], Any]]) -> None:
    shown = HIDDEN
    for message, state in messages:
        shown = view(message if state is None else {**message, "state": state}, first=shown)
    assert len(shown.levels) <= LEVELS
