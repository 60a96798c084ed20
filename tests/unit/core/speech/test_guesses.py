"""What was decoded in advance is the text when nothing was said behind it; else a part of it may stand."""

from __future__ import annotations

from parleqd.core.speech.guesses import Guess, Known, Split, known_part
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
    assert guess().known(more, SPLIT) == Known(at(250), TEXTS)


def test_a_guess_in_mid_speech_may_end_within_a_word_so_its_last_piece_is_decoded_again() -> None:
    more = block((130, True), (4, False), (116, True), (4, False), (40, True))
    assert guess(silent=4).known(more, SPLIT) == Known(at(131), TEXTS[:1])


def test_a_word_more_is_decoded_with_the_last_piece() -> None:
    more = block((140, True), (3, False), (107, True), (5, False), (20, True))
    assert guess().known(more, SPLIT) == Known(at(141), TEXTS[:1])


def test_a_timestamp_with_no_silence_near_it_is_no_place_to_cut_at() -> None:
    more = block((120, True), (4, False), (20, True), (2, False), (104, True), (5, False), (20, True))
    assert guess().known(more, SPLIT) is None


def test_one_piece_or_none_or_a_short_segment_is_decoded_as_a_whole() -> None:
    more = block((133, True), (4, False), (113, True), (5, False), (20, True))
    assert guess().known(more, SPLIT) is not None
    assert guess()._replace(texts=TEXTS[:1]).known(more, SPLIT) is None
    assert guess()._replace(texts=[]).known(more, SPLIT) is None
    assert guess(100).known(block((100, True), (5, False), (40, True)), SPLIT) is None


def test_another_segments_guess_is_of_no_use() -> None:
    assert guess().known(block((250, True), (5, False), (40, True), start=at(1)), SPLIT) is None


def test_the_last_whole_guess_counts() -> None:
    more = block((250, True), (5, False), (40, True), (5, False), (40, True))
    part = Guess(block((250, True), (5, False), (40, True), (5, False)), at(295), TEXTS, whole=False)
    assert known_part([guess(100), guess(), part], more, SPLIT) == Known(at(250), TEXTS)
    assert known_part([], more, SPLIT) == Known(START, ())
