"""A text while it grows: drafts, their revision, and what the key's release finds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from parleqd.core.speech import messages as m
from parleqd.core.speech.care import Care
from parleqd.core.speech.transcript import TimedText
from parleqd.speech_worker.composing import Piece
from parleqd.speech_worker.failure import NotDecodedError
from parleqd.speech_worker.utterance import Utterance
from tests import clips
from tests.fakes.model import ReadingModel, words
from tests.utterances import finish, hear, partials, segments, text

STEP = 640


class FailingModel(ReadingModel):
    """Cannot decode anything, until ``fails`` is taken back."""

    fails = True
    failures = 0

    def said(self, samples: NDArray[np.int16]) -> list[TimedText]:
        if self.fails:
            self.failures += 1
            raise NotDecodedError("the server does not answer")
        return super().said(samples)


def spoken(model: ReadingModel, *, partials: bool = False) -> Utterance:
    return Utterance(m.Open("u", urgent=True, partials=partials), model)


def in_time(utterance: Utterance, audio: bytes) -> list[m.Event]:
    """Somebody speaks, and the worker has time for all that it wants to do."""
    return [event for at in range(0, len(audio), STEP) for event in hear(utterance, audio[at : at + STEP])]


def test_a_segment_is_a_draft_until_no_more_fit_into_one_window() -> None:
    utterance = spoken(ReadingModel(thorough=True))
    events = in_time(utterance, words([(10.5, 0.6), (11.0, 0.6)]))
    assert segments(events) == []
    events = in_time(utterance, words([(11.0, 0.6)]))
    assert text(events) == "1 2"
    assert segments(events)[-1].end == pytest.approx(22.4, abs=0.1)


def test_drafts_are_decoded_together_when_a_voice_comes_back() -> None:
    model = ReadingModel(thorough=True)
    utterance = spoken(model)
    in_time(utterance, words([(10.5, 0.6)]))
    assert model.careful == []  # it may be the end: only guessed at
    in_time(utterance, words([(0.2, 0.0)]))
    assert model.careful == pytest.approx([10.9], abs=0.3)
    in_time(utterance, words([(11.0, 0.6), (0.2, 0.0)]))
    assert model.careful[-1] == pytest.approx(22.5, abs=0.6)


def test_who_makes_no_break_is_revised_in_mid_word() -> None:
    model = ReadingModel(thorough=True)
    in_time(spoken(model), words([(26.0, 0.0)]))
    assert len(model.careful) == 1


def test_the_key_s_release_waits_for_no_revision() -> None:
    model = ReadingModel(thorough=True)
    utterance = spoken(model)
    in_time(utterance, words([(10.5, 0.6)]))
    decodes = len(model.decoded)
    assert text(finish(utterance)) == "1"
    assert len(model.decoded) == decodes


def test_at_the_release_only_what_is_not_known_is_decoded() -> None:
    model = ReadingModel(thorough=True)
    utterance = spoken(model)
    in_time(utterance, words([(10.5, 0.6), (2.0, 0.0)]))
    decodes = len(model.decoded)
    assert text(finish(utterance)) == "1 2"
    assert [seconds for seconds, _ in model.decoded[decodes:]] == pytest.approx([2.2], abs=0.3)


def test_a_file_is_decoded_in_long_stretches_and_carefully() -> None:
    model = ReadingModel(thorough=True)
    utterance = Utterance(m.Open("u"), model)
    events = hear(utterance, words([(10.5, 0.6)] * 4))
    assert text([*events, *finish(utterance)]) == "1 2 3 4"
    assert len(model.careful) == 2
    assert len(model.decoded) == 3  # and the join between them


def test_a_model_that_is_not_thorough_decodes_each_segment_once() -> None:
    model = ReadingModel()
    utterance = spoken(model)
    events = in_time(utterance, words([(10.5, 0.6), (11.0, 0.6)]))
    assert text(events) == "1 2"
    assert model.careful == []


def test_a_long_silence_makes_drafts_final() -> None:
    utterance = spoken(ReadingModel(thorough=True))
    events = in_time(utterance, words([(10.5, 0.6)]))
    assert text(events) == ""
    assert text(in_time(utterance, clips.silence(11.0))) == "1"


def test_whoever_reads_along_sees_drafts_too() -> None:
    utterance = spoken(ReadingModel(thorough=True), partials=True)
    events = in_time(utterance, words([(10.5, 0.6), (1.5, 0.0)]))
    assert partials(events)[-1] == "1 2"


def test_the_first_hypothesis_comes_within_the_first_second() -> None:
    utterance = spoken(ReadingModel(thorough=True), partials=True)
    assert partials(in_time(utterance, words([(0.8, 0.0)])))


@given(
    lengths=st.lists(
        st.tuples(st.floats(0.3, 9.0), st.sampled_from([0.1, 0.2, 0.55, 1.0, 12.0])), min_size=1, max_size=12
    ),
    step=st.integers(200, 40_000),
    lazy=st.integers(1, 9),
    thorough=st.booleans(),
)
def test_no_word_is_lost_or_doubled_however_late_the_worker_is(
    lengths: list[tuple[float, float]], step: int, lazy: int, thorough: bool
) -> None:
    """Every word is at least once there and in order; a word that a cut went through may be there in both parts."""
    utterance = Utterance(m.Open("u", urgent=True, partials=lazy % 2 == 0), ReadingModel(thorough=thorough))
    audio = words(lengths)
    events: list[m.Event] = []
    for number, at in enumerate(range(0, len(audio), 2 * step)):
        utterance.receive(audio[at : at + 2 * step])
        for _ in range(number % lazy):
            if (piece := utterance.next_piece()) is not None:
                events += utterance.work(piece)
    events += finish(utterance)
    heard = text(events).split()
    assert list(dict.fromkeys(heard)) == [str(number) for number in range(1, len(lengths) + 1)]
    assert [int(one) for one in heard] == sorted(int(one) for one in heard)
    assert all(one.end <= two.start + 1e-6 for one, two in pairwise(segments(events)))
    whole = [number for number, (seconds, _) in enumerate(lengths, start=1) if seconds < 1.0]
    assert all(heard.count(str(number)) <= 2 for number in whole)


def test_a_guess_that_came_too_late_is_the_text_of_its_segment() -> None:
    model = ReadingModel(thorough=True)
    utterance = spoken(model)
    utterance.receive(words([(10.5, 0.2)]))
    while (piece := utterance.next_piece()) is not Piece.GUESS:
        assert piece is not None
        utterance.work(piece)
    utterance.work(Piece.GUESS)  # the first step of some
    utterance.receive(words([(0.0, 0.5)]))
    assert text(finish(utterance)) == "1"
    assert len(model.decoded) == 1


def test_hypotheses_come_once_a_second_while_somebody_reads_them_and_nobody_pauses() -> None:
    utterance = Utterance(m.Open("u", urgent=True, partials=True), ReadingModel())
    audio = words([(0.4, 0.1)] * 8)
    events: list[m.Event] = []
    for at in range(0, len(audio), 640):
        events += hear(utterance, audio[at : at + 640])
    assert partials(events) == ["1 2", "1 2 3 4", "1 2 3 4 5 6", "1 2 3 4 5 6 7 8"]


def test_what_is_committed_is_no_hypothesis_any_more() -> None:
    utterance = Utterance(m.Open("u", urgent=True, partials=True), ReadingModel())
    hear(utterance, words([(10.5, 0.6)]))
    assert partials(hear(utterance, words([(0.3, 0.0), (0.3, 0.2)]))) == ["1 2"]


def test_a_revision_that_was_begun_is_completed_though_somebody_reads_along() -> None:
    model = ReadingModel(thorough=True)
    utterance = spoken(model, partials=True)
    in_time(utterance, words([(10.5, 0.6)]))
    utterance.receive(words([(0.2, 0.0)]))
    while (piece := utterance.next_piece()) is not Piece.REVISE:
        assert piece is not None
        utterance.work(piece)
    utterance.work(Piece.REVISE)  # its first step of some
    utterance.receive(words([(3.0, 0.3)]))  # a guess is due meanwhile
    begun = list(model.careful)
    while (piece := utterance.next_piece()) is not Piece.GUESS:
        assert piece is not None
        utterance.work(piece)
    assert model.careful == begun


def test_a_guess_that_fails_is_none_and_is_not_tried_again_at_once() -> None:
    model = FailingModel()
    utterance = spoken(model)
    in_time(utterance, words([(1.0, 0.4)]))
    assert model.failures == 1
    in_time(utterance, words([(1.0, 0.4)]))
    assert model.failures == 2
    model.fails = False
    assert text(finish(utterance)) == "1 1"


def test_the_release_waits_for_the_last_seconds_alone_however_much_was_said_without_a_pause() -> None:
    model = ReadingModel(thorough=True)
    utterance = spoken(model)
    in_time(utterance, words([(0.3, 0.0)] * 48))
    decodes = len(model.decoded)
    assert text(finish(utterance)).split() == [str(number) for number in range(1, 49)]
    [seconds] = [seconds for seconds, _ in model.decoded[decodes:]]
    assert 2.0 <= seconds <= 4.7


@pytest.mark.parametrize("seconds", [16.6, 17.4, 18.6])
def test_a_release_soon_behind_a_cut_in_mid_speech_decodes_one_end_and_hears_no_join(seconds: float) -> None:
    model = ReadingModel(thorough=True)
    utterance = spoken(model)
    count = round(seconds / 0.3)
    in_time(utterance, words([*[(0.3, 0.0)] * 40, (0.3, 0.1), *[(0.3, 0.0)] * (count - 41)]))
    decodes = len(model.decoded)
    assert text(finish(utterance)).split() == [str(number) for number in range(1, count + 1)]
    [length] = [length for length, _ in model.decoded[decodes:]]
    assert length <= 8.0


def test_a_guess_in_mid_speech_is_one_try() -> None:
    model = ReadingModel(thorough=True)
    in_time(spoken(model), words([(0.3, 0.0)] * 20))
    assert set(model.cares) == {Care.BRIEF}


def test_a_model_that_is_slow_guesses_only_in_silences() -> None:
    model = ReadingModel()
    in_time(spoken(model), words([(0.3, 0.0)] * 20))
    assert model.decoded == []


class SmallModel(ReadingModel):
    """Writes words, and no capitals."""

    def said(self, samples: NDArray[np.int16]) -> list[TimedText]:
        return [read._replace(text=" ".join("a" for _ in read.text.split())) for read in super().said(samples)]


@pytest.mark.parametrize(("begins_at", "expected"), [(0.0, "A a a a"), (7.0, "a a a a")])
def test_an_utterance_begins_with_a_capital_but_not_where_a_worker_went_on(begins_at: float, expected: str) -> None:
    utterance = Utterance(m.Open("u", urgent=True, start=begins_at), SmallModel())
    events = in_time(utterance, words([(10.5, 0.6)] * 4))
    assert text([*events, *finish(utterance)]) == expected
