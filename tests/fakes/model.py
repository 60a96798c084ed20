"""Speech models that need no speech: one hears a number a second, the other reads words out of the samples."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.care import Care
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE


class FakeDetector:
    """Anything but digital silence is a voice. From second ``deaf_from_s`` on it fails."""

    def __init__(self, deaf_from_s: float = math.inf) -> None:
        self._deaf_from_s = deaf_from_s
        self._heard_s = 0.0

    def probabilities(self, samples: NDArray[np.int16]) -> list[float]:
        self._heard_s += len(samples) / SAMPLE_RATE
        if self._heard_s > self._deaf_from_s:
            raise RuntimeError("deaf")
        return [1.0 if frame.any() else 0.0 for frame in samples.reshape(-1, FRAME_SAMPLES)]


class FakeModel:
    """Says a number a second. ``decoded``: seconds and language of every decode that was begun; ``expected``:
    the terms that each was told to expect.

    A decode takes a step a second. ``cares``: how carefully each was to be made. ``careful``: the seconds of those with
    the greatest care, which are asked of a model that is ``thorough``. ``deaf``: there is no voice detector, or it
    fails from second ``deaf_from_s`` on.
    """

    compute_type = "fake"
    device = "cpu"
    problem = ""

    def __init__(self, *, thorough: bool = False, deaf: bool = False, deaf_from_s: float = math.inf) -> None:
        self.thorough = thorough
        self.careful: list[float] = []
        self.cares: list[Care] = []
        self.decoded: list[tuple[float, str]] = []
        self.expected: list[Sequence[str]] = []
        self._deaf = deaf
        self._deaf_from_s = deaf_from_s

    def decode(
        self,
        samples: NDArray[np.int16],
        voiced: Sequence[bool],
        spoken: Spoken,
        hotwords: Sequence[str] = (),
        *,
        care: Care = Care.USUAL,
    ) -> Iterator[list[TimedText] | None]:
        seconds = len(samples) / SAMPLE_RATE
        assert 0 < seconds <= 30.0, "more than fits into one window"
        assert not voiced or abs(len(voiced) - len(samples) / FRAME_SAMPLES) <= 1, "not one for each frame"
        self.decoded.append((seconds, spoken.language))
        self.cares.append(care)
        if care is Care.GREAT:
            self.careful.append(seconds)
        self.expected.append(hotwords)
        texts = self.said(samples)
        yield from [None] * self.steps_before_the_last(seconds)
        yield texts

    def steps_before_the_last(self, seconds: float) -> int:
        """How many."""
        return int(seconds)

    def said(self, samples: NDArray[np.int16]) -> list[TimedText]:
        """What is decoded."""
        return [TimedText(second, second + 1.0, str(second)) for second in range(round(len(samples) / SAMPLE_RATE))]

    def detector(self) -> FakeDetector | None:
        return None if self._deaf else FakeDetector(self._deaf_from_s)


class ReadingModel(FakeModel):
    """Reads words: a stretch of samples that are all ``n`` says "n". See `words`."""

    def said(self, samples: NDArray[np.int16]) -> list[TimedText]:
        edges = [0, *(np.flatnonzero(np.diff(samples)) + 1).tolist(), len(samples)]
        return [
            TimedText(start / SAMPLE_RATE, end / SAMPLE_RATE, str(samples[start]))
            for start, end in pairwise(edges)
            if start < end and samples[start]
        ]


def words(lengths: Sequence[tuple[float, float]]) -> bytes:
    """Words that `ReadingModel` reads as "1", "2" …: of each, for how long it is spoken and the silence behind it."""
    pcm = [
        np.full(round(seconds * SAMPLE_RATE), value, dtype="<i2")
        for number, (spoken, silent) in enumerate(lengths, start=1)
        for seconds, value in ((spoken, number), (silent, 0))
    ]
    return b"".join(piece.tobytes() for piece in pcm)
