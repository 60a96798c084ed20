"""One utterance: what is done next, and what comes out of it."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from parleqd.core.speech import messages as m
from parleqd.core.speech.blocks import LONGEST_S, SHORTEST_S
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.speech_worker.utterance import Piece, Utterance
from tests import clips
from tests.fakes.model import FakeModel

SECOND = clips.tone(1.0)


def tone(seconds: float, rate: int) -> bytes:
    """A sine like ``clips.tone``, at another rate."""
    angle = 2 * math.pi * 440 / rate
    return array("h", (round(3277 * math.sin(angle * at)) for at in range(round(seconds * rate)))).tobytes()


def work(utterance: Utterance) -> list[m.Event]:
    """Do all that is to be done now."""
    events: list[m.Event] = []
    while (piece := utterance.next_piece()) is not None and not utterance.done:
        events += utterance.work(piece)
    return events


def text(events: list[m.Event]) -> str:
    return join(event.text for event in events if isinstance(event, m.Segment))


def final(events: list[m.Event]) -> m.Final:
    assert isinstance(events[-1], m.Final)
    return events[-1]


def test_the_whole_clip_is_decoded_when_it_has_ended() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u"), model)
    for _ in range(3):
        utterance.receive(SECOND)
        assert not any(isinstance(event, m.Segment | m.Final) for event in work(utterance))
    utterance.finish()
    events = work(utterance)
    assert model.decoded == [(3.0, "en", True)]
    assert text(events) == "0 1 2"
    assert final(events).audio_seconds == 3.0
    assert final(events).voiced_seconds == pytest.approx(3.0, abs=0.04)
    assert final(events).peak == 3277
    assert utterance.done


def test_segments_have_times_and_the_last_one_reaches_to_the_end() -> None:
    utterance = Utterance(m.Open("u", start=10.0), FakeModel())
    utterance.receive(clips.tone(2.5))
    utterance.finish()
    segments = [event for event in work(utterance) if isinstance(event, m.Segment)]
    assert [(segment.start, segment.end) for segment in segments] == [(10.0, 11.0), (11.0, 12.5)]


@pytest.mark.parametrize("pcm", [b"", clips.tone(0.19), clips.silence(3.0)])
def test_what_is_surely_no_speech_is_not_decoded(pcm: bytes) -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u"), model)
    utterance.receive(pcm)
    utterance.finish()
    events = work(utterance)
    assert model.decoded == []
    assert [type(event) for event in events if not isinstance(event, m.SpeechStarted)] == [m.Final]


def test_without_a_voice_detector_everything_is_decoded() -> None:
    model = FakeModel(deaf=True)
    utterance = Utterance(m.Open("u"), model)
    utterance.receive(SECOND)
    utterance.finish()
    events = work(utterance)
    assert text(events) == "0"
    assert final(events).voiced_seconds == VOICED_UNKNOWN


def test_speech_that_the_model_takes_for_silence_is_decoded_once_more_without_its_gate() -> None:
    model = FakeModel(gate_closed=True)
    utterance = Utterance(m.Open("u"), model)
    utterance.receive(SECOND)
    utterance.finish()
    assert text(work(utterance)) == "0"
    assert model.decoded == [(1.0, "en", True), (1.0, "en", False)]


def test_the_first_voice_is_announced_once() -> None:
    utterance = Utterance(m.Open("u", start=5.0), FakeModel())
    utterance.receive(clips.silence(1.024))
    utterance.receive(SECOND)
    utterance.receive(SECOND)
    assert [event for event in work(utterance) if isinstance(event, m.SpeechStarted)] == [m.SpeechStarted("u", 6.024)]


def test_hypotheses_grow_while_somebody_reads_them() -> None:
    utterance = Utterance(m.Open("u", partials=True), FakeModel())
    partials: list[m.Event] = []
    for _ in range(3):
        utterance.receive(clips.tone(1.1))
        partials += [event for event in work(utterance) if isinstance(event, m.Partial)]
    assert partials == [m.Partial("u", "", "0"), m.Partial("u", "", "0 1"), m.Partial("u", "", "0 1 2")]


def test_a_hypothesis_is_dropped_when_the_text_itself_can_be_had() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u", partials=True), model)
    utterance.receive(clips.tone(3.2))
    utterance.work(Piece.LISTEN)
    assert utterance.next_piece() is Piece.GUESS
    utterance.work(Piece.GUESS)
    utterance.finish()
    assert utterance.next_piece() is Piece.DECODE
    events = work(utterance)
    assert not any(isinstance(event, m.Partial) for event in events)
    assert text(events) == "0 1 2"


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
    assert [seconds for seconds, _, _ in model.decoded] == pytest.approx([2.5], abs=0.001)


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_flat_zero_stays_flat_zero_at_every_rate(rate: int) -> None:
    utterance = Utterance(m.Open("u"), FakeModel())
    utterance.receive(bytes(2 * 3 * rate), rate)
    utterance.finish()
    assert final(work(utterance)).peak == 0


def test_a_long_file_is_committed_block_by_block_and_its_audio_let_go() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u"), model)
    events: list[m.Event] = []
    for _ in range(400):
        utterance.receive(SECOND)
        events += work(utterance)
    committed = [event for event in events if isinstance(event, m.Segment)][-1].end
    assert committed > 2 * SHORTEST_S
    utterance.finish()
    events += work(utterance)
    assert all(seconds <= LONGEST_S for seconds, _, _ in model.decoded)
    assert sum(seconds for seconds, _, _ in model.decoded) == pytest.approx(400.0)
    assert final(events).audio_seconds == 400.0


def test_a_long_silence_is_committed_too_without_text_and_without_a_decode() -> None:
    model = FakeModel()
    utterance = Utterance(m.Open("u"), model)
    utterance.receive(clips.silence(200.0))
    (segment,) = (event for event in work(utterance) if isinstance(event, m.Segment))
    assert segment.text == ""
    assert SHORTEST_S <= segment.end <= LONGEST_S
    assert model.decoded == []


class ModelOfPauses(FakeModel):
    """Gives a piece that ends before it begins and behind the audio, as whisper's timestamps may."""

    def decode(self, samples: NDArray[np.int16], language: str, *, gated: bool) -> Iterator[TimedText]:
        yield TimedText(0.0, 30.0, "late")
        yield TimedText(29.0, 30.0, "later")


def test_times_never_leave_the_audio() -> None:
    utterance = Utterance(m.Open("u"), ModelOfPauses())
    utterance.receive(SECOND)
    utterance.finish()
    segments = [event for event in work(utterance) if isinstance(event, m.Segment)]
    assert [(segment.start, segment.end) for segment in segments] == [(0.0, 1.0), (1.0, 1.0)]


def test_decode_time_counts_from_the_end_of_the_audio() -> None:
    utterance = Utterance(m.Open("u", partials=True), FakeModel())
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
    assert utterance.next_piece() is None
