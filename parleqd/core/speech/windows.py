"""How much the encoder is given to look at. Its time grows with that, and a window that is too tight makes loops."""

from __future__ import annotations

from enum import Enum
from math import ceil
from typing import NamedTuple


class _Size(NamedTuple):
    """Seconds: the least, and what is added to the audio."""

    least: float
    margin: float


class Window(Enum):
    """From the quickest to the surest. Measured on 97 sentences of 1 to 6 s (tiny.en), as parts of the time that
    faster-whisper takes for them: ``SNUG`` 0.19 and three loops, ``FITTING`` 0.25 and none. Tighter ones loop more and
    gain nothing."""

    SNUG = _Size(7.0, 1.5)
    FITTING = _Size(10.0, 2.0)
    WHOLE = _Size(30.0, 0.0)
    """The one that Whisper was trained with, and the most that it takes."""

    def seconds(self, audio_s: float) -> float:
        """How long it is for so much audio: whole seconds.

        The library under the encoder keeps what it prepares for each length it meets: with windows of any length the
        worker grew by 110 MB in 120 decodes, with these by 3 MB.
        """
        return min(WHOLE_S, float(ceil(max(self.value.least, audio_s + self.value.margin))))


WHOLE_S = Window.WHOLE.value.least
