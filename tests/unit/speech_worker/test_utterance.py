"""One utterance: what is done next, and what comes out of it."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from parleqd.core.speech import messages as m
from parleqd.core.speech.guesses import Split
from parleqd.core.speech.segmenting import DEFAULT, Policy
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.speech_worker.composing import Piece
from parleqd.speech_worker.utterance import Utterance
from tests import clips
from tests.fakes.model import FakeModel, ReadingModel, words
from tests.utterances import final, finish, hear, partials, segments, text, work

SECOND = clips.tone(1.0)


def tone(seconds: float, rate: int) -> bytes:
    """A sine like ``clips.tone``, at another rate."""
    angle = 2 * math.pi * 440 / rate
    return array("h", (round(3277 * math.sin(angle * at)) for at in range(round(seconds * rate)))).tobytes()


# The text


def test_a_short_clip_is_decoded_when_it_has_ended() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u"), model)
    for _ in range(3):
        assert not any(isinstance(event, m.Segment | m.Final) for event in hear(utterance, SECOND))
    events = finish(utterance)
    assert model.decoded == [(3.0, "en")]
    assert text(events) == "0 1 2"
    assert final(events).audio_seconds == 3.0
    assert final(events).voiced_seconds == pytest.approx(3.0, abs=0.04)
    assert final(events).peak == 3277
    assert utterance.done


def test_segments_have_times_and_the_last_one_reaches_to_the_end() -> None:
    utterance = Utterance(m.Open("u", start=10.0), FakeModel())
    utterance.receive(clips.tone(2.4))
    found = segments(finish(utterance))
    assert [(segment.start, segment.end) for segment in found] == [(10.0, 11.0), (11.0, 12.4)]


def test_a_pause_behind_ten_seconds_commits_a_segment_while_the_key_is_down() -> None:
    model = ReadingModel()
    utterance = Utterance(m.Open("u", urgent=True), model)
    (segment,) = segments(hear(utterance, words([(10.5, 0.6)])))
    assert (segment.start, segment.text) == (0.0, "1")
    assert segment.end == pytest.approx(10.75, abs=0.04)
    assert [seconds for seconds, _ in model.decoded] == pytest.approx([10.7], abs=0.04)
    utterance.receive(words([(1.0, 0.0)]))
    assert [one.text for one in segments(finish(utterance))] == ["1"]
    assert [seconds for seconds, _ in model.decoded] == pytest.approx([10.7, 1.2], abs=0.04)


def test_every_segment_is_told_what_terms_to_expect() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u", hotwords=("Noirtier", "Jenson")), model)
    hear(utterance, clips.tone(21.0))
    finish(utterance)
    assert model.expected == [("Noirtier", "Jenson")] * 2


def test_the_end_of_a_word_that_was_cut_is_decoded_however_short() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u"), model)
    hear(utterance, clips.tone(20.0))
    utterance.receive(clips.tone(0.1))
    finish(utterance)
    assert [seconds < 0.2 for seconds, _ in model.decoded] == [False, True]
    assert sum(seconds for seconds, _ in model.decoded) == pytest.approx(20.1)


def test_its_audio_is_let_go() -> None:
    utterance = Utterance(m.Open("u"), FakeModel())
    events: list[m.Event] = []
    for _ in range(120):
        events += hear(utterance, SECOND)
    assert len(utterance._samples._pcm) <= 2 * 16_000 * (DEFAULT.hard_s + 1)
    events += finish(utterance)
    found = segments(events)
    assert all(one.end <= two.start for one, two in pairwise(found))
    assert final(events).audio_seconds == 120.0


def test_a_long_silence_is_committed_too_without_text_and_without_a_decode() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u"), model)
    found = segments(hear(utterance, clips.silence(60.0)))
    assert len(found) >= 5
    assert {segment.text for segment in found} == {""}
    assert found[-1].end > 48.0
    assert model.decoded == []


def test_silence_around_the_speech_is_not_decoded() -> None:
    model = ReadingModel()
    utterance = Utterance(m.Open("u"), model)
    utterance.receive(clips.silence(4.0) + words([(2.0, 5.0)]))
    (segment,) = segments(finish(utterance))
    assert [seconds for seconds, _ in model.decoded] == pytest.approx([2.4], abs=0.07)
    assert segment.start == pytest.approx(4.0, abs=0.001)
    assert segment.end == 11.0


def test_a_replay_begins_where_a_segment_ends() -> None:
    audio = words([(0.8, 0.2)] * 40)
    whole = Utterance(m.Open("u"), ReadingModel())
    before = segments(hear(whole, audio))
    start = before[-1].end
    replay = Utterance(m.Open("u", start=start), ReadingModel())
    again = hear(replay, audio[2 * round(start * 16_000) :]) + finish(replay)
    assert text([*before, *again]) == join(map(str, range(1, 41)))
    assert segments(finish(whole)) == segments(again)


@pytest.mark.parametrize("model", [ReadingModel(deaf=True), ReadingModel(deaf_from_s=0.5)], ids=["none", "fails"])
def test_nothing_is_lost_without_a_voice_detector(model: FakeModel) -> None:
    utterance = Utterance(m.Open("u", urgent=True, partials=True), model)
    audio = words([(0.7, 0.3)] * 50)
    events: list[m.Event] = []
    for at in range(0, len(audio), 3200):
        events += hear(utterance, audio[at : at + 3200])
    events += finish(utterance)
    assert text(events) == join(map(str, range(1, 51)))
    assert final(events).voiced_seconds == VOICED_UNKNOWN


@pytest.mark.parametrize("pcm", [b"", clips.tone(0.19), clips.silence(3.0)])
def test_what_is_surely_no_speech_is_not_decoded(pcm: bytes) -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u"), model)
    utterance.receive(pcm)
    utterance.finish()
    events = work(utterance)
    assert model.decoded == []
    assert [type(event) for event in events if not isinstance(event, m.SpeechStarted)] == [m.Final]


def test_the_first_voice_is_announced_once() -> None:
    utterance = Utterance(m.Open("u", start=5.0), FakeModel())
    utterance.receive(clips.silence(1.024))
    utterance.receive(SECOND)
    utterance.receive(SECOND)
    assert [event for event in work(utterance) if isinstance(event, m.SpeechStarted)] == [m.SpeechStarted("u", 6.024)]


def test_levels_are_for_the_urgent_and_at_most_ten_a_second() -> None:
    levels = []
    for urgent in (True, False):
        utterance = Utterance(m.Open("u", urgent=urgent), FakeModel())
        for _ in range(50):
            utterance.receive(clips.tone(0.02))
            levels += [(urgent, event) for event in work(utterance) if isinstance(event, m.Level)]
    assert 7 <= len(levels) <= 10
    assert all(urgent and level.dbfs == pytest.approx(-23.0, abs=0.1) for urgent, level in levels)


def test_levels_tell_for_how_long_there_has_been_no_voice() -> None:
    utterance = Utterance(m.Open("u", urgent=True), FakeModel())
    levels: list[m.Level] = []
    for pcm in [clips.silence(0.512), clips.tone(0.512), clips.silence(0.256)]:
        utterance.receive(pcm)
        levels += [event for event in work(utterance) if isinstance(event, m.Level)]
    assert [round(level.silent_seconds, 3) for level in levels] == [0.512, 0.0, 0.256]


def test_without_a_voice_detector_nobody_knows_for_how_long() -> None:
    utterance = Utterance(m.Open("u", urgent=True), FakeModel(deaf=True))
    utterance.receive(SECOND)
    assert [event.silent_seconds for event in work(utterance) if isinstance(event, m.Level)] == [-1.0]


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_audio_of_another_rate_takes_as_long_as_it_takes(rate: int) -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u", start=2.0), model)
    frame = tone(0.5, rate)
    for _ in range(5):
        utterance.receive(frame, rate)
        work(utterance)
    utterance.finish()
    events = work(utterance)
    assert final(events).audio_seconds == pytest.approx(4.5, abs=0.001)
    assert final(events).peak == pytest.approx(3277, abs=300)
    segments = [event for event in events if isinstance(event, m.Segment)]
    assert [(segment.start, segment.end) for segment in segments] == [(2.0, 3.0), (3.0, pytest.approx(4.5, abs=0.001))]
    assert [seconds for seconds, _ in model.decoded] == pytest.approx([2.5], abs=0.001)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_flat_zero_stays_flat_zero_at_every_rate(rate: int) -> None:
    utterance = Utterance(m.Open("u"), FakeModel())
    utterance.receive(bytes(2 * 3 * rate), rate)
    utterance.finish()
    assert final(work(utterance)).peak == 0


class ModelOfPauses(FakeModel):
    """Gives a piece that ends before it begins and behind the audio, as whisper's timestamps may."""

    def said(self, samples: NDArray[np.int16]) -> list[TimedText]:
        return [TimedText(0.0, 30.0, "late"), TimedText(29.0, 30.0, "later")]


def test_times_never_leave_the_audio() -> None:
    utterance = Utterance(m.Open("u"), ModelOfPauses())
    utterance.receive(SECOND)
    utterance.finish()
    segments = [event for event in work(utterance) if isinstance(event, m.Segment)]
    assert [(segment.start, segment.end) for segment in segments] == [(0.0, 1.0), (1.0, 1.0)]


def test_decode_time_counts_from_the_end_of_the_audio() -> None:
    utterance = Utterance(m.Open("u"), FakeModel())
    utterance.receive(SECOND + SECOND)
    work(utterance)
    utterance.finish()
    assert final(work(utterance)).decode_ms > 0


def test_half_a_minute_is_the_most_that_is_listened_to_at_once() -> None:
    utterance = Utterance(m.Open("u"), FakeModel())
    utterance.receive(SECOND * 59)
    utterance.work(Piece.LISTEN)
    assert utterance.next_piece() is Piece.LISTEN
    utterance.work(Piece.LISTEN)
    assert utterance.next_piece() is Piece.DECODE


# Guesses


def test_a_silence_may_be_the_end_so_the_text_is_there_before_it_is() -> None:
    model = ReadingModel()
    utterance = Utterance(m.Open("u", urgent=True), model)
    assert hear(utterance, words([(1.0, 0.2)])) != []
    assert len(model.decoded) == 1
    events = finish(utterance)
    assert len(model.decoded) == 1
    assert text(events) == "1"
    assert partials(events) == []


def test_one_silence_is_guessed_at_once() -> None:
    model = ReadingModel()
    utterance = Utterance(m.Open("u", urgent=True, partials=True), model)
    hear(utterance, words([(1.0, 0.2)]))
    for _ in range(9):
        hear(utterance, clips.silence(1.0))
    assert len(model.decoded) == 1


def test_a_guess_does_not_stand_when_more_is_said() -> None:
    model = ReadingModel()
    utterance = Utterance(m.Open("u", urgent=True), model)
    hear(utterance, words([(1.0, 0.2)]))
    utterance.receive(words([(1.0, 0.2), (0.1, 0.0)])[-3200:])
    assert text(finish(utterance)) == "1 2"
    assert len(model.decoded) == 2


def begun(model: FakeModel) -> Utterance:
    """A guess at three seconds of speech is under way."""
    utterance = Utterance(m.Open("u", urgent=True), model)
    utterance.receive(words([(3.0, 0.2)]))
    while utterance.next_piece() is Piece.LISTEN:
        utterance.work(Piece.LISTEN)
    assert utterance.next_piece() is Piece.GUESS
    utterance.work(Piece.GUESS)
    assert not utterance.decoding
    return utterance


def test_a_guess_under_way_becomes_the_text_when_the_end_comes() -> None:
    model = ReadingModel()
    utterance = begun(model)
    utterance.finish()
    assert utterance.next_piece() is Piece.DECODE
    assert utterance.work(Piece.DECODE) == []
    assert utterance.decoding
    assert text(work(utterance)) == "1"
    assert len(model.decoded) == 1


def test_a_guess_under_way_is_dropped_when_more_was_said() -> None:
    model = ReadingModel()
    utterance = begun(model)
    utterance.receive(words([(1.0, 0.0)] * 2)[32_000:])
    assert text(finish(utterance)) == "1 2"
    assert [seconds for seconds, _ in model.decoded] == pytest.approx([3.2, 4.2], abs=0.01)


def test_a_committed_segment_is_not_decoded_again() -> None:
    model = ReadingModel()
    utterance = Utterance(m.Open("u", urgent=True), model)
    hear(utterance, words([(10.5, 0.2)]))
    assert text(hear(utterance, clips.silence(0.4))) == "1"
    assert len(model.decoded) == 1


def test_nobody_guesses_at_a_file() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u", partials=True), model)
    events = hear(utterance, words([(3.0, 3.0)]))
    assert model.decoded == []
    assert partials(events) == []


def test_no_guess_is_made_of_what_is_surely_no_speech() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u", urgent=True, partials=True), model)
    hear(utterance, clips.silence(1.024) + clips.tone(0.064) + clips.silence(3.0))
    assert model.decoded == []


def test_what_was_cut_off_behind_a_committed_segment_is_guessed_at_once() -> None:
    utterance = Utterance(m.Open("u", urgent=True, partials=True), ReadingModel())
    audio = words([(13.0, 0.13), (3.5, 0.0)])
    heard = (hear(utterance, audio[at : at + 640]) for at in range(0, len(audio), 640))
    events = next(events for events in heard if segments(events))
    assert text(events) == "1"
    assert partials(events) == ["2"]


def test_a_word_behind_a_long_guess_is_decoded_with_the_last_piece_only_where_it_cannot_be_spliced_on() -> None:
    model = ReadingModel()
    utterance = Utterance(m.Open("u", urgent=True), model, split=Split(from_s=6.0))
    audio = words([(2.0, 0.15), (2.0, 0.15), (3.0, 0.2), (0.5, 0.0)])
    hear(utterance, audio[:-16_000])
    utterance.receive(audio[-16_000:])
    assert text(finish(utterance)) == "1 2 3 4"
    assert [seconds for seconds, _ in model.decoded] == pytest.approx([7.5, 2.2, 3.8], abs=0.06)


def test_more_behind_a_long_guess_is_decoded_on_from_it() -> None:
    model = ReadingModel()
    utterance = Utterance(m.Open("u", urgent=True), model, split=Split(from_s=6.0))
    audio = words([(7.0, 0.2), (2.0, 0.0)])
    hear(utterance, audio[:-64_000])
    utterance.receive(audio[-64_000:])
    assert text(finish(utterance)) == "1 2"
    assert [seconds for seconds, _ in model.decoded] == pytest.approx([7.2, 2.2], abs=0.04)


FAST = Policy(pause_s=0.3, least_s=2.0, soft_s=3.0, reach_s=1.5, hard_s=4.0, silence_s=2.0)


@given(
    lengths=st.lists(
        st.tuples(st.sampled_from([0.25, 0.4, 0.9]), st.sampled_from([0.16, 0.2, 0.35, 1.0])), max_size=20
    ),
    pieces=st.lists(st.tuples(st.integers(1, 30_000), st.integers(0, 9)), max_size=40),
    urgent=st.booleans(),
    read=st.booleans(),
    deaf=st.booleans(),
)
def test_no_word_is_lost_or_doubled_however_the_audio_comes(
    lengths: list[tuple[float, float]], pieces: list[tuple[int, int]], urgent: bool, read: bool, deaf: bool
) -> None:
    audio = clips.silence(0.2) + words(lengths)  # the gaps are longer than the three frames that a cut looks for
    utterance = Utterance(
        m.Open("u", urgent=urgent, partials=read), ReadingModel(deaf=deaf), FAST, Split(from_s=1.0, least_s=0.3)
    )
    events: list[m.Event] = []
    at = 0
    for count, steps in pieces:
        utterance.receive(audio[2 * at : 2 * (at + count)])
        at += count
        for _ in range(steps):
            if (piece := utterance.next_piece()) is not None:
                events += utterance.work(piece)
    utterance.receive(audio[2 * at :])
    events += finish(utterance)
    assert text(events) == join(str(number) for number in range(1, len(lengths) + 1))
    times = [time for segment in segments(events) for time in (segment.start, segment.end)]
    assert times == sorted(times)
    assert final(events).audio_seconds == pytest.approx(len(audio) / 32_000)
