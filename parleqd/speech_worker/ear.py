"""What can be told of an utterance's audio without understanding it: is there a voice, and how loud is it."""

from __future__ import annotations

import math
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES, VoiceActivity
from parleqd.speech_worker.process import report

FULL_SCALE = 32768.0
PEAK = 32767
SILENCE_DBFS = -90.0


class Detector(Protocol):
    """Hears whether there is a voice; one for each utterance."""

    def probabilities(self, samples: NDArray[np.int16]) -> list[float]:
        """How surely each frame of 512 samples holds one, 0..1."""


class Heard(NamedTuple):
    """Frames as ``core.speech.segmenting`` wants them."""

    voice: list[float]
    voiced: list[bool] | None


class Ear:
    """Hears one utterance. A detector that is missing, or fails, leaves its voice unknown."""

    def __init__(self, detector: Detector | None) -> None:
        self.peak = 0
        self._detector = detector
        self._activity = VoiceActivity()

    @property
    def voiced_seconds(self) -> float:
        """How much voice there was so far, -1 when that is not known."""
        return VOICED_UNKNOWN if self._detector is None else self._activity.voiced_frames * FRAME_S

    @property
    def first_voice_s(self) -> float | None:
        """Where the first voice was, in seconds from the first frame."""
        first = self._activity.first_voiced
        return None if first is None else first * FRAME_S

    @property
    def silent_seconds(self) -> float:
        """For how long there has been no voice: since the last one, or the beginning; -1 when that is not known."""
        return VOICED_UNKNOWN if self._detector is None else self._activity.silent_frames * FRAME_S

    def hear(self, samples: NDArray[np.int16]) -> Heard:
        """The next frames, whole ones."""
        self.peak = max(self.peak, int(np.abs(samples.clip(-PEAK, PEAK)).max()))
        if self._detector is not None:
            try:
                voice = self._detector.probabilities(samples)
                return Heard(voice, self._activity.hear(voice))
            except Exception as error:  # noqa: BLE001 - onnxruntime's errors have no common base; all is decoded from now on
                report(error)
                self._detector = None
        return Heard([loudness(frame) for frame in samples.reshape(-1, FRAME_SAMPLES)], None)


def loudness(samples: NDArray[np.int16]) -> float:
    """The root of the mean square, 0..1 of full scale."""
    return math.sqrt(float(np.mean(np.square(samples / FULL_SCALE))))


def dbfs(samples: NDArray[np.int16]) -> float:
    """The same in decibels: 0 is full scale, -90 the least."""
    level = loudness(samples)
    return max(SILENCE_DBFS, 20 * math.log10(level)) if level > 0 else SILENCE_DBFS
