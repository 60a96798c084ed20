"""Decides what is tried next when a microphone cannot be opened or is lost, and when to give up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

STEADY_S = 0.5
"""A stream that lived so long was sound: its loss begins the ladder anew."""


class Rung(NamedTuple):
    """One attempt: wait ``pause_s``, then open; ``renew``: have the audio library look at the system afresh before."""

    pause_s: float
    renew: bool


RUNGS = (Rung(0.0, False), Rung(0.2, True), Rung(0.5, True), Rung(1.0, True), Rung(2.0, True), Rung(5.0, True))
UNHEARD_RUNGS = RUNGS[:4]
"""While nothing has been heard at all there is nothing to save: the speaker is told soon."""
STANDBY_RUNGS = (Rung(0.0, False), Rung(1.0, True), Rung(5.0, True), Rung(30.0, True))
"""For a stream that nobody listens to yet: no hurry, and no end."""


class Ladder:
    """Gives the rungs in order. ``endless``: the last one again and again."""

    def __init__(self, rungs: Sequence[Rung] = RUNGS, endless: bool = False) -> None:
        self._rungs = rungs
        self._endless = endless
        self._at = 0

    def next(self, limit: int | None = None) -> Rung | None:
        """The next attempt; ``None``: give up. ``limit``: how many attempts are worth it, if not all."""
        if self._at >= (len(self._rungs) if limit is None else limit):
            return self._rungs[-1] if self._endless else None
        self._at += 1
        return self._rungs[self._at - 1]

    def lived(self, seconds: float) -> None:
        """A stream gave sound for so long."""
        if seconds >= STEADY_S:
            self._at = 0
