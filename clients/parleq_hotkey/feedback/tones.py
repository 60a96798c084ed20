"""Makes the sounds: two short sine notes, rising when the microphone opens, falling when it has closed."""

from __future__ import annotations

import math
from array import array
from functools import cache

RATE = 48_000
"""Samples a second."""
NOTE_S = 0.06
FADE_S = 0.008
"""Without a fade a note begins and ends with a click."""
LOUDNESS = 0.2
"""Of full scale: to be noticed, not to startle."""
_E5, _A5 = 659.26, 880.0
"""Hz, equal temperament with A4 = 440."""
START, END = (_E5, _A5), (_A5, _E5)


@cache
def tones(frequencies: tuple[float, ...], rate: int = RATE) -> bytes:
    """One note after the other (Hz), as 16-bit mono samples in this machine's byte order."""
    length, fade = round(NOTE_S * rate), round(FADE_S * rate)
    samples = array("h")
    for frequency in frequencies:
        for number in range(length):
            loudness = LOUDNESS * min(1.0, number / fade, (length - 1 - number) / fade)
            samples.append(round(32_767 * loudness * math.sin(2 * math.pi * frequency * number / rate)))
    return samples.tobytes()
