"""The audio of one utterance, kept while it may still be decoded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parleqd.protocol.names import SAMPLE_BYTES


class Samples:
    """Samples are numbered from the utterance's beginning; the first that is kept is ``start``."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._pcm = bytearray()

    @property
    def end(self) -> int:
        """The number of samples so far, counted from the utterance's beginning."""
        return self._start + len(self._pcm) // SAMPLE_BYTES

    def append(self, pcm: bytes) -> None:
        """The next frames."""
        self._pcm += pcm

    def read(self, start: int, end: int) -> NDArray[np.int16]:
        """A copy of the samples from ``start`` up to, not including, ``end``."""
        first, last = ((at - self._start) * SAMPLE_BYTES for at in (start, end))
        return np.frombuffer(bytes(self._pcm[first:last]), dtype="<i2")

    def drop(self, before: int) -> None:
        """Samples before this one will not be read again."""
        del self._pcm[: max(0, before - self._start) * SAMPLE_BYTES]
        self._start = max(self._start, before)
