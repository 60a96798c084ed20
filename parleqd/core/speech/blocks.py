"""Where an utterance is cut for decoding. For now: nowhere, unless it is longer than any dictation.

The final text comes from the whole clip, which is decoded when it has ended. Only what runs past ``LONGEST_S`` is cut,
at the quietest point behind ``SHORTEST_S``, so that a file of an hour is decoded and committed block by block and
neither the recogniser's memory nor the audio kept for a replay grows with its length.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES

SHORTEST_S = 150.0
LONGEST_S = 180.0
PAUSE_S = 0.5
"""A cut has this much of a pause around it, where there is one."""

_SHORTEST = round(SHORTEST_S / FRAME_S)
_LONGEST = round(LONGEST_S / FRAME_S)
_PAUSE = round(PAUSE_S / FRAME_S)


class Block(NamedTuple):
    """A stretch of an utterance that is decoded as one, in samples from the utterance's beginning."""

    start: int
    end: int
    voiced_seconds: float


class Blocks:
    """Follows one utterance, whose audio begins at sample ``start``."""

    def __init__(self, start: int) -> None:
        self._start = start
        self._voice: list[float] = []
        self._voiced: list[bool | None] = []

    def hear(self, voice: Sequence[float], voiced: Sequence[bool] | None) -> None:
        """The next frames: how surely each holds a voice, 0..1, and whether it counts as voiced.

        When the voice detector failed: how loud each is, and ``None``.
        """
        self._voice += voice
        self._voiced += [None] * len(voice) if voiced is None else voiced

    def cut(self) -> Block | None:
        """The block to be decoded now, though more audio follows; ``None`` when the end can be waited for."""
        if len(self._voice) < _LONGEST:
            return None
        frames = quietest(self._voice[_SHORTEST:_LONGEST], _PAUSE) + _SHORTEST
        return self._block(frames, self._start + frames * FRAME_SAMPLES)

    def rest(self, end: int) -> Block:
        """What is left when the audio has ended at sample ``end``."""
        return self._block(len(self._voice), end)

    def committed(self, block: Block) -> None:
        """The block is decoded; the next one begins where it ends."""
        frames = (block.end - self._start) // FRAME_SAMPLES
        del self._voice[:frames]
        del self._voiced[:frames]
        self._start = block.end

    def _block(self, frames: int, end: int) -> Block:
        voiced = self._voiced[:frames]
        return Block(self._start, end, VOICED_UNKNOWN if None in voiced else voiced.count(True) * FRAME_S)


def quietest(voice: Sequence[float], width: int) -> int:
    """The middle of the ``width`` neighbours whose sum is the lowest, the last such place if there are several."""
    sums = [0.0, *accumulate(voice)]
    places = range(len(voice) - width + 1)
    return min(reversed(places), key=lambda at: sums[at + width] - sums[at]) + width // 2
