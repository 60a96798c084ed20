"""What was decoded in advance is the text when nothing was said behind it; else a part of it may stand."""

from __future__ import annotations

from parleqd.core.speech.guesses import Guess, Split
from parleqd.core.speech.segmenting import Block, Span
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES

SPLIT = Split(from_s=6.0, pause_s=0.16, least_s=1.0)
TEXTS = [TimedText(10.0, 14.0, "One."), TimedText(14.336, 18.0, "Two.")]
START = 10 * 16_000


def at(frames: int) -> int:
    return START + frames * FRAME_SAMPLES


def block(*stretches: tuple[int, bool], start: int = START) -> Block:
    """A segment of so many frames of voice or silence, in turn."""
    voiced = [voice for frames, voice in stretches for _ in range(frames)]
    end = start + len(voiced) * FRAME_SAMPLES
    return Block(start, end, Span(start, end), voiced, sum(voiced) * FRAME_S)


def unknown(frames: int) -> Block:
    return Block(START, at(frames), Span(START, at(frames)), (), VOICED_UNKNOWN)


def guess(voiced: int = 250, silent: int = 5) -> Guess:
    """Made so many silent frames behind its last voice."""
    return Guess(block((voiced, True), (silent, False)), at(voiced), TEXTS)


def test_it_covers_a_segment_in_which_nothing_more_was_said() -> None:
    assert guess().covers(block((250, True), (5, False)))
    assert guess().covers(block((250, True), (90, False)))
    assert guess().covers(block((250, True)))


def test_it_covers_none_in_which_more_was_said_or_that_is_another() -> None:
    assert not guess().covers(block((250, True), (5, False), (1, True)))
    assert not guess().covers(block((251, True)))
    assert not guess().covers(block((250, True), (5, False), start=at(1)))


def test_it_covers_none_that_was_cut_before_its_end() -> None:
    assert not guess().covers(block((200, True)))


def test_without_a_voice_detector_it_covers_only_what_it_heard() -> None:
    made = Guess(unknown(250), at(250), TEXTS)
    assert made.covers(unknown(250))
    assert not made.covers(unknown(251))
    assert not guess().covers(unknown(300))  # the detector failed behind it


def test_a_long_segment_is_decoded_on_from_a_guess_at_a_pause() -> None:
    more = block((250, True), (5, False), (40, True))
    assert guess().usable_until(more, SPLIT) == at(250)


def test_a_guess_in_mid_speech_may_end_within_a_word() -> None:
    more = block((250, True), (4, False), (40, True))
    assert guess(silent=4).usable_until(more, SPLIT) == round(14.336 * 16_000)


def test_a_word_more_is_decoded_with_the_last_piece() -> None:
    more = block((250, True), (5, False), (20, True))
    assert guess().usable_until(more, SPLIT) == round(14.336 * 16_000)


def test_one_piece_or_none_or_a_short_segment_is_decoded_as_a_whole() -> None:
    more = block((250, True), (5, False), (20, True))
    assert guess()._replace(texts=TEXTS[:1]).usable_until(more, SPLIT) is None
    assert guess()._replace(texts=[]).usable_until(more, SPLIT) is None
    assert guess(100).usable_until(block((100, True), (5, False), (40, True)), SPLIT) is None


def test_another_segments_guess_is_of_no_use() -> None:
    assert guess().usable_until(block((250, True), (5, False), (40, True), start=at(1)), SPLIT) is None
