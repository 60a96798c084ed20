"""When a hypothesis of the text so far is due, of which audio, and what it says.

For now the growing clip is decoded again once a second. Behind ``LONG_S`` it begins at an anchor that moves along, so
that one hypothesis never costs more than one of the encoder's windows; what lies before the anchor is not heard again.
None of it is stable: the final text comes from the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.verdict import MIN_VOICED_S, VOICED_UNKNOWN
from parleqd.core.speech.voice import FRAME_S
from parleqd.protocol.names import SAMPLE_RATE

INTERVAL_S = 1.0
LONG_S = 20.0
LONGEST_S = 28.0
"""With a second that arrives meanwhile still less than the 30 s of one window."""
KEEP_S = 5.0
"""The last words are heard again: they are the ones that still change."""


class Span(NamedTuple):
    """What to decode for a hypothesis, in samples from the utterance's beginning."""

    start: int
    end: int


class Partials:
    """Follows one utterance, whose audio begins at sample ``start``. ``wanted``: does anybody read them?"""

    def __init__(self, *, wanted: bool, start: int) -> None:
        self._wanted = wanted
        self._anchor = start
        self._decoded = start
        self._voiced_seconds = 0.0
        self._before: list[str] = []  # said before the anchor
        self._latest: list[str] = []  # said behind it, by the last hypothesis

    def due(self, heard: int, voiced_seconds: float) -> bool:
        """With audio up to sample ``heard``: has enough been said since the last hypothesis?"""
        if not self._wanted or heard - self._decoded < INTERVAL_S * SAMPLE_RATE:
            return False
        return voiced_seconds == VOICED_UNKNOWN or voiced_seconds >= max(MIN_VOICED_S, self._voiced_seconds + FRAME_S)

    def begin(self, heard: int, voiced_seconds: float) -> Span:
        """The span to decode now."""
        longest = round(LONGEST_S * SAMPLE_RATE)
        if heard - self._anchor > longest:  # a long silence, or a recogniser that was busy elsewhere
            self._hold(len(self._latest), max(self._decoded, heard - longest))
        self._decoded = heard
        self._voiced_seconds = voiced_seconds
        return Span(self._anchor, heard)

    def decoded(self, span: Span, texts: Sequence[TimedText]) -> str:
        """The hypothesis, from what a span's decode gave (times in seconds of the utterance)."""
        self._latest = [text.text for text in texts]
        hypothesis = join([*self._before, *self._latest])
        if span.end - span.start > LONG_S * SAMPLE_RATE:
            settled = [text for text in texts if text.end <= span.end / SAMPLE_RATE - KEEP_S]
            if settled:
                self._hold(len(settled), round(settled[-1].end * SAMPLE_RATE))
        return hypothesis

    def committed(self, end: int) -> None:
        """The text up to sample ``end`` is final now: hypotheses begin there."""
        self._anchor = max(self._anchor, end)
        self._before, self._latest = [], []

    def _hold(self, pieces: int, anchor: int) -> None:
        self._before += self._latest[:pieces]
        self._latest = self._latest[pieces:]
        self._anchor = anchor
