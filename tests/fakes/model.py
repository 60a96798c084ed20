"""A speech model that hears a number a second, and a voice in everything but digital silence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE


class FakeDetector:
    """Anything but digital silence is a voice."""

    def probabilities(self, samples: NDArray[np.int16]) -> list[float]:
        return [1.0 if frame.any() else 0.0 for frame in samples.reshape(-1, FRAME_SAMPLES)]


class FakeModel:
    """``decoded``: seconds, language and gate of every decode that was begun.

    ``gate_closed``: finds nothing behind its own gate. ``deaf``: there is no voice detector.
    """

    compute_type = "fake"

    def __init__(self, *, gate_closed: bool = False, deaf: bool = False) -> None:
        self.decoded: list[tuple[float, str, bool]] = []
        self._gate_closed = gate_closed
        self._deaf = deaf

    def decode(self, samples: NDArray[np.int16], language: str, *, gated: bool) -> Iterator[TimedText]:
        seconds = len(samples) / SAMPLE_RATE
        self.decoded.append((seconds, language, gated))
        if gated and self._gate_closed:
            return
        for second in range(int(seconds)):
            yield TimedText(second, second + 1.0, str(second))

    def detector(self) -> FakeDetector | None:
        return None if self._deaf else FakeDetector()
