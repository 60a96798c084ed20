"""A segment that was decoded in advance, and what of it can be used when the segment is really over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.speech.segmenting import Block
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE


class Split(NamedTuple):
    """When the key comes up, and more has been said than was guessed, in seconds: a segment of ``from_s`` is decoded
    from the last guess on, if that was made ``pause_s`` behind its last voice and ``least_s`` of voice follow it; else
    from that guess's last piece."""

    from_s: float = 10.0
    pause_s: float = 0.16
    least_s: float = 1.0


SPLIT = Split()


class Guess(NamedTuple):
    """``block``: the open segment as it was; ``said_until``: the sample behind its last voice."""

    block: Block
    said_until: int
    texts: Sequence[TimedText]

    def covers(self, block: Block) -> bool:
        """Was nothing said behind the guess? Then it is the text."""
        return self._begins(block) and _voice_s(block, self.said_until) == 0

    def usable_until(self, block: Block, split: Split) -> int | None:
        """The sample up to which the guess may stand, and decoding go on from; ``None``: decode all of it."""
        if not self._begins(block) or not self.texts:
            return None
        if (block.speech.end - block.speech.start) / SAMPLE_RATE < split.from_s:
            return None
        paused = self.block.end - self.said_until >= split.pause_s * SAMPLE_RATE  # else it may end within a word
        if paused and _voice_s(block, self.said_until) >= split.least_s:
            return self.said_until
        last = round(self.texts[-1].start * SAMPLE_RATE)
        return last if len(self.texts) > 1 and last > block.speech.start else None

    def _begins(self, block: Block) -> bool:
        return self.block.speech.start == block.speech.start and self.said_until <= block.speech.end


def _voice_s(block: Block, since: int) -> float:
    """How much of it is voice from a sample on; where that is not known, all of it."""
    if block.voiced_seconds == VOICED_UNKNOWN:
        return max(0, block.speech.end - since) / SAMPLE_RATE
    frame = max(0, since - block.speech.start) // FRAME_SAMPLES
    return sum(block.voiced[frame:]) * FRAME_S
