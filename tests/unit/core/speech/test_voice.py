"""Voiced or not, frame by frame."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.speech.voice import VoiceActivity


def test_a_voice_begins_at_a_half_and_lasts_until_it_is_well_below() -> None:
    activity = VoiceActivity()
    assert activity.hear([0.49, 0.5, 0.4, 0.35, 0.34, 0.4, 0.49]) == [False, True, True, True, False, False, False]
    assert activity.voiced_frames == 3
    assert activity.first_voiced == 1


def test_the_first_voice_is_counted_from_the_beginning() -> None:
    activity = VoiceActivity()
    activity.hear([0.1, 0.1])
    assert activity.first_voiced is None
    activity.hear([0.1, 0.9])
    activity.hear([0.1, 0.9])
    assert activity.first_voiced == 3


def test_silence_is_counted_from_the_last_voice_or_from_the_beginning() -> None:
    activity = VoiceActivity()
    assert activity.silent_frames == 0
    activity.hear([0.1, 0.1])
    assert activity.silent_frames == 2
    activity.hear([0.1, 0.9, 0.4])
    assert activity.silent_frames == 0
    activity.hear([0.1, 0.4, 0.1])
    assert activity.silent_frames == 3


@given(st.lists(st.floats(0, 1)), st.integers(0, 50))
def test_how_the_frames_arrive_makes_no_difference(probabilities: list[float], cut: int) -> None:
    whole, parts = VoiceActivity(), VoiceActivity()
    assert whole.hear(probabilities) == parts.hear(probabilities[:cut]) + parts.hear(probabilities[cut:])
    assert (whole.voiced_frames, whole.first_voiced) == (parts.voiced_frames, parts.first_voiced)
    assert whole.silent_frames == parts.silent_frames
