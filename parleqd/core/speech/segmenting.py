"""Where speech is cut into segments while it is being spoken: what is final, and what may be guessed at.

A segment is decoded once and its text never changes. Long segments give the decoder context, short ones leave less to
do when the key comes up: from ten seconds on, an error rate close to that of whole clips was measured. The rules look
at the audio alone, frame by frame, so that the cuts are the same however it arrives.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from parleqd.core.speech.verdict import VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S, FRAME_SAMPLES, ON


class Policy(NamedTuple):
    """Seconds. ``pause_s``: ends a segment that is ``least_s`` long. One of ``soft_s`` is cut at its quietest point of
    the last ``reach_s``, where there is less voice than not; one of ``hard_s`` in any case.

    ``guess_s``: a silence this long may be the end, so the segment so far is decoded in advance. ``margin_s``: so much
    silence around the speech is decoded with it. ``silence_s``: nothing but silence for so long is a segment too.
    """

    pause_s: float = 0.5
    least_s: float = 10.0
    soft_s: float = 16.0
    reach_s: float = 6.0
    hard_s: float = 20.0
    guess_s: float = 0.16
    margin_s: float = 0.2
    silence_s: float = 10.0


DEFAULT = Policy()
_NARROWEST = 3  # frames: 0.1 s, about the closure of a plosive; a longer silence is a break


class Span(NamedTuple):
    """A stretch of audio, in samples from the utterance's beginning."""

    start: int
    end: int


class Block(NamedTuple):
    """A segment: from the end of the last one to ``end``. ``speech`` is what is to be decoded of it; ``voiced`` says of
    each frame of that whether it holds a voice, and is empty where that is not known."""

    start: int
    end: int
    speech: Span
    voiced: Sequence[bool]
    voiced_seconds: float


class Segmenter:
    """Follows one utterance, whose audio begins at sample ``start``."""

    def __init__(self, start: int, policy: Policy = DEFAULT) -> None:
        self._policy = policy
        self._margin = int(policy.margin_s / FRAME_S)
        self._start = start
        self._voice: list[float] = []
        self._voiced: list[bool | None] = []
        self._first: int | None = None  # the first frame of the open segment that may be speech
        self._last = 0  # the frame behind the last one
        self._voice_frames = 0  # since the last break
        self._ready: deque[Block] = deque()

    def hear(self, voice: Sequence[float], voiced: Sequence[bool] | None) -> None:
        """The next frames: how surely each holds a voice, 0..1, and whether it counts as voiced.

        When the voice detector failed: how loud each is, and ``None``.
        """
        for index, probability in enumerate(voice):
            self._hear_frame(probability, None if voiced is None else voiced[index])

    @property
    def ready(self) -> Block | None:
        """The oldest segment that nobody has taken."""
        return self._ready[0] if self._ready else None

    def take(self) -> Block:
        """That segment. There must be one."""
        return self._ready.popleft()

    def rest(self, end: int) -> None:
        """The audio has ended at sample ``end``: what is left is the last segment, empty or not."""
        self._ready.append(self._block(len(self._voice), end))
        self._voice, self._voiced, self._first, self._last = [], [], None, 0
        self._start = end

    @property
    def open(self) -> Block | None:
        """What has been said since the last cut, as a segment that would end now; ``None`` before the first voice."""
        return None if self._first is None else self._block(len(self._voice), self._sample(len(self._voice)))

    @property
    def silent_s(self) -> float:
        """For how long there has been no voice in the open segment."""
        return (len(self._voice) - self._last) * FRAME_S

    @property
    def spoken_s(self) -> float:
        """For how long there has been a voice without a break; 0 in a break."""
        return self._voice_frames * FRAME_S

    def _hear_frame(self, probability: float, voiced: bool | None) -> None:
        self._voice.append(probability)
        self._voiced.append(voiced)
        if voiced is not False:
            self._first = len(self._voice) - 1 if self._first is None else self._first
            self._last = len(self._voice)
            self._voice_frames += 1
        elif len(self._voice) - self._last >= _NARROWEST:
            self._voice_frames = 0
        cut = self._cut()
        if cut is not None:
            self._split(cut)

    def _cut(self) -> int | None:
        """The frame to cut before, if it is time."""
        policy, now = self._policy, len(self._voice)
        if self._first is None:  # what comes next may be speech, and wants its margin
            return now - self._margin if now * FRAME_S >= policy.silence_s else None
        silent = now - self._last
        is_long = (now - self._first) * FRAME_S >= policy.soft_s
        has_enough = is_long or (self._last - self._first) * FRAME_S >= policy.least_s
        if silent * FRAME_S >= policy.pause_s and has_enough:
            return self._last + silent // 2
        if not is_long:
            return None
        reach = min(now - self._first, round(policy.reach_s / FRAME_S))
        at = now - reach + quietest(self._voice[now - reach :], _NARROWEST)
        hard = (now - self._first) * FRAME_S >= policy.hard_s
        return at if hard or self._voiced[at] is None or self._voice[at] < ON else None

    def _split(self, cut: int) -> None:
        self._ready.append(self._block(cut, self._sample(cut)))
        self._start = self._sample(cut)
        del self._voice[:cut]
        del self._voiced[:cut]
        said = [index for index, voiced in enumerate(self._voiced) if voiced is not False]
        self._first, self._last = (said[0], said[-1] + 1) if said else (None, 0)

    def _block(self, frames: int, end: int) -> Block:
        voiced = self._voiced[:frames]
        said = [index for index, one in enumerate(voiced) if one is not False]
        first = max(0, said[0] - self._margin) if said else 0
        last = min(frames, said[-1] + 1 + self._margin) if said else 0
        speech = Span(self._sample(first), end if last == frames else self._sample(last))
        known = [one for one in voiced[first:last] if one is not None]
        if len(known) < last - first:
            return Block(self._start, end, speech, (), VOICED_UNKNOWN)
        return Block(self._start, end, speech, known, sum(known) * FRAME_S)

    def _sample(self, frame: int) -> int:
        return self._start + frame * FRAME_SAMPLES


def quietest(voice: Sequence[float], width: int) -> int:
    """The middle of the ``width`` neighbours whose sum is the lowest, the last such place if there are several."""
    sums = [0.0, *accumulate(voice)]
    places = range(len(voice) - width + 1)
    return min(reversed(places), key=lambda at: sums[at + width] - sums[at]) + width // 2
