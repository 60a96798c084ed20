"""What a live input's frames tell at once, without the recogniser: is it dead, is somebody still speaking?

Both are asked in the daemon while a recording runs, and must not wait for a worker that may be busy decoding.
"""

from __future__ import annotations

import math
from array import array
from operator import mul
from typing import NamedTuple

from parleqd.protocol.names import SAMPLE_RATE

FULL_SCALE = 32768.0
DEAD_PEAK = 3
"""A microphone that works is never this quiet (of 32768); one that is muted, or off, is."""
DEAD_AFTER_S = 1.5
"""Flat for so long: time to tell the person who speaks."""
VOICE_LOUDNESS = 0.002
"""Whispers measure from here on (root mean square, 0..1), rooms up to a half of it."""
FLOOR_FACTOR = 3.0
LOUDEST_FLOOR = 0.01
"""In a loud room a voice is what stands out by the factor; what is this loud always counts."""
FLOOR_WINDOW_S = 0.1

NOTHING_IN_FLIGHT_S = 0.3
"""With so much silence before the key comes up, nothing more is waited for."""
IN_FLIGHT_S = 0.06
"""What was said when the key came up arrives so much later: the device's block and the sound server's."""
WORD_GAP_S = 0.12
"""The closure of a plosive in mid-word is shorter."""
LONGEST_WAIT_S = 0.25
"""However long somebody speaks on: the key is up."""


class Loudness(NamedTuple):
    """Of some samples: root mean square (0..1) and the largest absolute value (0..32768)."""

    rms: float
    peak: int


def loudness(pcm: bytes) -> Loudness:
    """Of 16-bit samples in the machine's byte order, at least one."""
    samples = array("h", pcm)
    peak = max(max(samples), -min(samples))
    return Loudness(math.sqrt(sum(map(mul, samples, samples)) / len(samples)) / FULL_SCALE, peak)


class LiveInput:
    """Follows one recording. Times are seconds of audio."""

    def __init__(self, rate: int = SAMPLE_RATE) -> None:
        self._rate = rate
        self._flat_s = 0.0
        self._told_dead = False
        self._quiet_s = 0.0
        self._floor = 1.0
        self._window: list[float] = []
        self._window_s = 0.0
        self._heard_s = 0.0
        self._released_s: float | None = None

    def hear(self, pcm: bytes) -> bool:
        """The next frames. True when it has just become clear that the input is dead; once, until it lives again."""
        if not pcm:
            return False
        seconds = len(pcm) / 2 / self._rate
        now = loudness(pcm)
        self._heard_s += seconds
        self._hear_voice(now.rms, seconds)
        if now.peak > DEAD_PEAK:
            self._flat_s, self._told_dead = 0.0, False
            return False
        self._flat_s += seconds
        dead, self._told_dead = self._flat_s >= DEAD_AFTER_S and not self._told_dead, self._flat_s >= DEAD_AFTER_S
        return dead

    @property
    def is_dead(self) -> bool:
        """Has it given nothing for so long that it must be dead?"""
        return self._told_dead

    def release(self) -> None:
        """The key has come up."""
        self._released_s = self._heard_s

    @property
    def may_close(self) -> bool:
        """After the release: has all that was being said arrived?"""
        if self._released_s is None:
            return False
        if self._quiet_s >= NOTHING_IN_FLIGHT_S:
            return True
        return self._heard_s - self._released_s >= IN_FLIGHT_S and self._quiet_s >= WORD_GAP_S

    def _hear_voice(self, rms: float, seconds: float) -> None:
        threshold = max(VOICE_LOUDNESS, min(FLOOR_FACTOR * self._floor, LOUDEST_FLOOR))
        self._quiet_s = 0.0 if rms > threshold else self._quiet_s + seconds
        self._window.append(rms)
        self._window_s += seconds
        if self._window_s >= FLOOR_WINDOW_S:
            self._floor = min(self._floor, sum(self._window) / len(self._window))
            self._window, self._window_s = [], 0.0
