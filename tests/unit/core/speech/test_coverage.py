"""Speech that a decode left out is found, and the place to decode on from."""

from __future__ import annotations

import pytest

from parleqd.core.speech.coverage import Rest, continued, is_silent, rest_of
from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.voice import FRAME_S

ONE, TWO = TimedText(0.0, 2.0, "One two three."), TimedText(2.2, 4.0, "Four five six.")


def decoded(*pieces: TimedText, closed: bool = True) -> Decoded:
    return Decoded(pieces, closed, confidence=-0.2, no_speech=0.0, full=False)


def voiced(*stretches: tuple[float, bool]) -> list[bool]:
    """Frames: so many seconds of voice or silence, in turn."""
    return [voice for seconds, voice in stretches for _ in range(round(seconds / FRAME_S))]


def test_a_decode_that_reaches_to_the_end_is_all() -> None:
    assert rest_of(decoded(ONE, TWO), voiced((4.2, True))) is None
    assert rest_of(decoded(ONE, TWO), voiced((4.0, True), (5.0, False))) is None


def test_voice_behind_the_last_timestamp_is_decoded_on_from_there() -> None:
    assert rest_of(decoded(ONE, TWO), voiced((8.0, True))) == Rest((ONE, TWO), 4.0)
    assert rest_of(decoded(ONE, TWO), voiced((4.0, True), (3.0, False), (0.4, True))) == Rest((ONE, TWO), 4.0)


def test_timestamps_are_inexact() -> None:
    assert rest_of(decoded(ONE, TWO), voiced((4.5, True))) is None


def test_text_without_an_end_that_is_too_thin_is_decoded_again() -> None:
    thin = TimedText(2.2, 9.0, "Four.")
    assert rest_of(decoded(ONE, thin, closed=False), voiced((9.0, True))) == Rest((ONE,), 2.2)


def test_text_without_an_end_that_fills_its_time_is_all() -> None:
    assert rest_of(decoded(ONE, TWO, closed=False), voiced((4.0, True))) is None
    short = TimedText(2.2, 3.6, "Yes.")
    assert rest_of(decoded(ONE, short, closed=False), voiced((3.6, True))) is None


def test_from_the_very_beginning_it_would_be_the_same_again() -> None:
    assert rest_of(decoded(TimedText(0.0, 9.0, "Yes."), closed=False), voiced((9.0, True))) is None
    assert rest_of(decoded(TimedText(0.0, 0.0, "Yes.")), voiced((9.0, True))) is None


def test_nothing_is_known_without_a_voice_detector_or_a_timestamp() -> None:
    assert rest_of(decoded(ONE), []) is None
    assert rest_of(decoded(), voiced((9.0, True))) is None


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("and he went home", "Home again.", "again."),
        ("and he went home", "he went home, to bed", "to bed"),
        ("one two three four five", "two three four five six", "six"),
        ("twenty-five", "Twenty-five men", "men"),
        ("and he went home", "to bed", "to bed"),
        ("and he went home", "went to bed", "went to bed"),
        ("one two three four five", "one two three four five", "one two three four five"),  # too long: said again
        ("home", "home", ""),
        ("", "home", "home"),
        ("home", "", ""),
    ],
)
def test_words_that_are_heard_twice_are_written_once(before: str, after: str, kept: str) -> None:
    assert continued(before, after) == kept


@pytest.mark.parametrize(
    ("at", "silent"), [(0.5, False), (0.98, False), (1.1, True), (1.48, False), (2.0, False), (9.0, False)]
)
def test_a_moment_may_be_silent(at: float, silent: bool) -> None:
    assert is_silent(voiced((1.0, True), (0.5, False), (1.0, True)), at) is silent


def test_without_a_voice_detector_no_moment_is_known_to_be_silent() -> None:
    assert not is_silent([], 1.0)
