"""Speech that can be judged exactly: each word is a quarter of a second of one loudness of its own.

What a recogniser of these tests hears is what was said, whatever became of the audio on its way; a text shows whose it
is, and any piece of audio that is lost, doubled or another's shows in it.
"""

from __future__ import annotations

import array
from collections.abc import Sequence

from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE

WORD_S = 0.25
WORD_BYTES = round(WORD_S * SAMPLE_RATE) * SAMPLE_BYTES
_STEP, _LOWEST = 300, 1500
WORDS = (
    "anchor apple badger barrel basket beaver blanket bottle branch bridge bucket butter button cabin camel candle "
    "canyon carpet castle cattle cellar cherry circle cloud copper cotton cradle cricket curtain desert donkey dragon "
    "eagle engine falcon feather fiddle finger flower forest fountain garden garlic ginger glacier hammer harbour "
    "hazel hollow island jacket jungle kettle kitten ladder lantern lemon lizard magnet mantle marble meadow mirror "
    "monkey mountain needle nettle olive orchard otter paddle parrot pebble pepper pigeon pillow pocket rabbit ribbon"
).split()
"""Plain words, of which no cleanup makes anything else."""


def spoken(words: Sequence[str], rate: int = SAMPLE_RATE) -> bytes:
    """The audio of these words. Raises ``ValueError`` for others than `WORDS`."""
    samples = array.array("h")
    for word in words:
        samples.extend([_LOWEST + _STEP * WORDS.index(word)] * round(WORD_S * rate))
    return samples.tobytes()


def heard(pcm: bytes, rate: int = SAMPLE_RATE) -> list[str]:
    """The words in this audio, "?" for what is none; of a word that was cut off at least the half must be there."""
    size = round(WORD_S * rate)
    samples = array.array("h", pcm)
    middles = [samples[at + size // 2] for at in range(0, len(samples) - size // 2, size)]
    return [_word(level) for level in middles]


def mark(number: int) -> list[str]:
    """Two different words by which a dictation is known; those of 5,000 numbers in a row differ."""
    first, second = divmod(number % (len(WORDS) * (len(WORDS) - 1)), len(WORDS) - 1)
    return [WORDS[first], WORDS[second + (second >= first)]]


def _word(level: int) -> str:
    index = round((level - _LOWEST) / _STEP)
    return WORDS[index] if 0 <= index < len(WORDS) else "?"
