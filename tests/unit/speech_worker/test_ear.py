"""Voice and loudness of audio, with and without a detector that works."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES
from parleqd.speech_worker.ear import Ear, dbfs, loudness


class Loud:
    """A detector that takes everything but digital silence for a voice, and can be made to fail."""

    def __init__(self) -> None:
        self.broken = False

    def probabilities(self, samples: NDArray[np.int16]) -> list[float]:
        if self.broken:
            raise RuntimeError("onnxruntime gave up")
        return [1.0 if frame.any() else 0.0 for frame in samples.reshape(-1, FRAME_SAMPLES)]


def frames(*levels: int) -> NDArray[np.int16]:
    return np.repeat(np.array(levels, dtype=np.int16), FRAME_SAMPLES)


def test_voice_and_peak_add_up() -> None:
    ear = Ear(Loud())
    assert ear.hear(frames(0, 0)) == ([0.0, 0.0], [False, False])
    assert ear.hear(frames(5, -300, 0)) == ([1.0, 1.0, 0.0], [True, True, False])
    assert ear.voiced_seconds == 2 * FRAME_S
    assert ear.first_voice_s == 2 * FRAME_S
    assert ear.peak == 300
    assert ear.silent_seconds == FRAME_S


def test_without_a_voice_there_is_no_first_one() -> None:
    ear = Ear(Loud())
    ear.hear(frames(0))
    assert ear.first_voice_s is None


def test_the_loudest_sample_of_all_is_within_range() -> None:
    ear = Ear(None)
    ear.hear(frames(-32768))
    assert ear.peak == 32767


def test_without_a_detector_the_voice_is_unknown_and_loudness_stands_in() -> None:
    ear = Ear(None)
    heard = ear.hear(frames(0, 16384))
    assert heard.voiced is None
    assert heard.voice == pytest.approx([0.0, 0.5])
    assert ear.voiced_seconds == VOICED_UNKNOWN


def test_a_detector_that_fails_makes_all_of_it_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    detector = Loud()
    ear = Ear(detector)
    ear.hear(frames(5))
    detector.broken = True
    assert ear.hear(frames(5)).voiced is None
    detector.broken = False
    assert ear.hear(frames(5)).voiced is None
    assert (ear.voiced_seconds, ear.silent_seconds) == (VOICED_UNKNOWN, VOICED_UNKNOWN)
    assert capsys.readouterr().err.endswith("RuntimeError\n")


def test_loudness_in_decibels_of_full_scale() -> None:
    assert loudness(frames(-32768)) == pytest.approx(1.0)
    assert dbfs(frames(-32768)) == pytest.approx(0.0)
    assert dbfs(frames(3277)) == pytest.approx(-20.0, abs=0.01)
    assert dbfs(frames(0)) == -90.0
