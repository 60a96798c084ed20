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
    """What is decoded in a hurry, in seconds: a segment of ``from_s`` is decoded from the last whole guess on, if that
    was made ``pause_s`` behind its last voice and ``least_s`` of voice follow it; else from that guess's last piece.

    Up to ``whole_s``, in a silence up to ``from_s``, there is time to make each guess of the whole segment.
    """

    from_s: float = 10.0
    pause_s: float = 0.16
    least_s: float = 1.0
    whole_s: float = 5.0


SPLIT = Split()
_HARDLY_MORE = 2 * FRAME_SAMPLES
_NEAR = 10
_LATE = 8
_SILENCE = 3
"""Frames: how far before a timestamp, and behind it, a silence is looked for, and how long it must be. One that begins
more than 0.16 s behind it may follow a short word of that piece."""


class Known(NamedTuple):
    """The text up to a sample."""

    until: int
    texts: Sequence[TimedText]


class Guess(NamedTuple):
    """``block``: the open segment as it was; ``said_until``: the sample behind its last voice.

    ``whole``: decoded from its beginning, not from another guess on.
    """

    block: Block
    said_until: int
    texts: Sequence[TimedText]
    whole: bool = True

    def covers(self, block: Block) -> bool:
        """Was nothing said behind the guess, and the end of the last word heard? Then it is the text."""
        paused = self.block.end - self.said_until >= _SILENCE * FRAME_SAMPLES
        heard_all = paused or block.speech.end - self.block.speech.end <= _HARDLY_MORE
        return heard_all and self.begins(block) and _voice_s(block, self.said_until) == 0

    def begins(self, block: Block) -> bool:
        """Is it the guess of this segment, or of its beginning?"""
        return self.block.speech.start == block.speech.start and self.said_until <= block.speech.end

    def reaches_beyond(self, block: Block) -> bool:
        """Is it the guess of this segment and of what was said behind it?"""
        return self.block.speech.start == block.speech.start and self.said_until > block.speech.end

    def known(self, block: Block, split: Split) -> Known | None:
        """How much of the guess may stand when decoding goes on from there; ``None``: all is to be decoded."""
        if not self.begins(block) or not self.texts:
            return None
        if (block.speech.end - block.speech.start) / SAMPLE_RATE < split.from_s:
            return None
        paused = self.block.end - self.said_until >= split.pause_s * SAMPLE_RATE  # else it may end within a word
        if paused and _voice_s(block, self.said_until) >= split.least_s:
            return Known(self.said_until, self.texts)
        at = _silence_at(block, self.texts[-1].start) if len(self.texts) > 1 else None
        return None if at is None else Known(at, self.texts[:-1])


def known_part(guesses: Sequence[Guess], block: Block, split: Split = SPLIT) -> Known:
    """What guesses know of the beginning of a segment."""
    for guess in reversed(guesses):
        if guess.whole and (known := guess.known(block, split)) is not None:
            return known
    return Known(block.speech.start, ())


def _silence_at(block: Block, seconds: float) -> int | None:
    """The sample in the middle of the first silence near a timestamp, which alone is not exact enough to cut at."""
    near = round((seconds * SAMPLE_RATE - block.speech.start) / FRAME_SAMPLES)
    silent = 0
    for frame in range(max(1, near - _NEAR), min(near + _LATE, len(block.voiced))):
        silent = 0 if block.voiced[frame] else silent + 1
        if silent == _SILENCE:
            return block.speech.start + (frame - _SILENCE // 2) * FRAME_SAMPLES
    return None


def _voice_s(block: Block, since: int) -> float:
    """How much of it is voice from a sample on; where that is not known, all of it."""
    if block.voiced_seconds == VOICED_UNKNOWN:
        return max(0, block.speech.end - since) / SAMPLE_RATE
    frame = max(0, since - block.speech.start) // FRAME_SAMPLES
    return sum(block.voiced[frame:]) * FRAME_S
