"""A stretch decoded on from what is known, and one of which only the end is decoded again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.care import Care
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.segmenting import Block, Span
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES
from parleqd.speech_worker.decodes import Decodes, Steps
from parleqd.speech_worker.samples import Samples
from tests.fakes.model import FakeModel, ReadingModel, words

FRAMES = 300
SAID = "one two three four five six seven eight nine ten"


class HearingModel(FakeModel):
    """Hears one text in the whole stretch, and another in any part of it; each takes two steps."""

    def __init__(self, whole: str, part: str) -> None:
        super().__init__(thorough=True)
        self._whole, self._part = whole, part

    def steps_before_the_last(self, seconds: float) -> int:
        return 1

    def said(self, samples: NDArray[np.int16]) -> list[TimedText]:
        text = self._whole if len(samples) == FRAMES * FRAME_SAMPLES else self._part
        return [TimedText(0.0, len(samples) / 16_000, text)] if text else []


def block() -> Block:
    span = Span(0, FRAMES * FRAME_SAMPLES)
    return Block(*span, span, [True] * FRAMES, FRAMES * FRAME_S)


def decodes(model: FakeModel, pcm: bytes = b"\1\0" * FRAMES * FRAME_SAMPLES) -> Decodes:
    samples = Samples(0)
    samples.append(pcm)
    return Decodes(model, samples, Spoken(), ())


def text(steps: Steps) -> tuple[str, int]:
    """The text, and how many steps it took."""
    found = list(steps)
    assert found[-1] is not None
    return join(one.text for one in found[-1]), len(found)


def spliced(model: FakeModel, guess: str) -> tuple[str, int]:
    decoding = decodes(model)
    otherwise = decoding.texts(block(), 0, (), Care.USUAL)
    return text(decoding.spliced(block(), [TimedText(0.0, 9.0, guess)], 100 * FRAME_SAMPLES, otherwise))


def test_it_goes_on_from_what_is_known() -> None:
    pcm = words([(4.8, 0.0), (4.8, 0.0)])
    known = [TimedText(0.0, 4.8, "1")]
    assert text(decodes(ReadingModel(), pcm).texts(block(), 150 * FRAME_SAMPLES, known, Care.USUAL))[0] == "1 2"


def test_only_the_end_of_a_guess_is_decoded_again() -> None:
    model = HearingModel("never asked", "seven eight nine ten")
    assert spliced(model, SAID.removesuffix(" ten")) == (SAID, 2)
    assert model.cares == [Care.BRIEF]


def test_where_they_do_not_meet_all_is_decoded() -> None:
    for part in ("of something else", ""):
        model = HearingModel(SAID, part)
        assert spliced(model, "one two three") == (SAID, 4)
        assert model.cares == [Care.BRIEF, Care.USUAL]


def test_it_is_taken_up_again_where_it_is_quiet() -> None:
    pcm = words([(7.0, 0.1), (2.5, 0.0)])
    at = decodes(ReadingModel(), pcm).splice_at(block(), FRAMES * FRAME_SAMPLES)
    assert at is not None
    assert 7.0 <= at / 16_000 <= 7.1


def test_a_short_one_is_not() -> None:
    assert decodes(ReadingModel()).splice_at(block(), 2 * 16_000) is None


def test_what_is_in_doubt_is_nothing_though_something_was_known_before() -> None:
    known = [TimedText(0.0, 3.0, "one two")]
    steps = decodes(HearingModel(SAID, "")).texts(block(), 100 * FRAME_SAMPLES, known, Care.BRIEF)
    assert list(steps)[-1] == []
    steps = decodes(HearingModel(SAID, "")).texts(block(), 100 * FRAME_SAMPLES, known, Care.USUAL)
    assert list(steps)[-1] == known
