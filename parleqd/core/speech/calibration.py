"""How fast a model is on this machine: what is tried, what is kept of it, and what it means for those who dictate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import msgspec

from parleqd.core.speech.devices import GPU, Computing
from parleqd.core.speech.languages import is_english_only

SPEECH_S = 5.0
"""How much speech a trial stands for."""
TOKENS = 24
"""What is said in it: 14 words at 170 a minute, 1.4 tokens each, and the timestamps around two sentences."""
BUDGET = 0.25
"""Real-time factor beyond which dictating is no pleasure: what is said is decoded about twice, once as a guess and
once as a segment, beside another program; and the last 4 s, that no pause has let decode yet, take a second."""
_CLEARLY = 0.9
_MOST_THREADS = 8


class Calibration(msgspec.Struct, frozen=True):
    """How a model computes best here. ``factor``: seconds of decoding for each second of speech.

    ``busy``: other programs had the processors when it was measured, so that it may be faster than that.
    """

    computing: Computing
    factor: float
    busy: bool = False


def thread_counts(cores: int) -> Sequence[int]:
    """Which numbers of threads are tried on so many cores, in this order."""
    counts = [count for count in (1, 2, 4, 8) if count <= min(cores, _MOST_THREADS)]
    return counts or [1]


def best(trials: Sequence[Calibration]) -> Calibration:
    """The first, unless a later one is clearly faster, by a tenth: more threads take more of the machine."""
    chosen, *others = trials
    for trial in others:
        if trial.factor < chosen.factor * _CLEARLY:
            chosen = trial
    return chosen


class Speed(msgspec.Struct, frozen=True):
    """How fast a model is, measured or ``estimated``."""

    factor: float
    estimated: bool = False

    @property
    def in_budget(self) -> bool:
        """Is it fast enough to dictate with?"""
        return self.factor <= BUDGET

    def __str__(self) -> str:
        digits = 2
        while (float(f"{self.factor:.{digits}g}") <= BUDGET) != self.in_budget:
            digits += 1  # rounded, it would seem to be on the other side of the budget
        return f"{'about ' if self.estimated else ''}{self.factor:.{digits}g} x real time"


def speeds(sizes: Mapping[str, int], measured: Mapping[str, Calibration]) -> dict[str, Speed]:
    """Of each model by name: as it was measured, else as the measured one of the nearest size lets expect.

    ``sizes`` in bytes; 0 is not known. Without anything measured nothing is known.
    """
    known = [name for name in measured if sizes.get(name)]
    found: dict[str, Speed] = {}
    for name, size in sizes.items():
        if name in measured:
            found[name] = Speed(measured[name].factor)
        elif known and size:
            nearest = min(known, key=lambda one: abs(math.log(sizes[one] / size)))
            found[name] = Speed(measured[nearest].factor * size / sizes[nearest], estimated=True)
    return found


def verdict(name: str, measured: Calibration, found: Mapping[str, Speed]) -> str:
    """One line for people: how fast the model in use is, and the fastest of its kind that would be too slow."""
    how = measured.computing
    threads = "" if how.device == GPU else f", {how.threads} thread{'s' * (how.threads > 1)}"
    busy = ", measured while the machine was busy" if measured.busy else ""
    line = f"{name} runs at {found[name]} here ({how.device}, {how.compute_type}{threads}{busy})"
    if not found[name].in_budget:
        return f"{line}: it misses the budget of {BUDGET:g}"
    slow = {
        one: speed
        for one, speed in found.items()
        if not speed.in_budget and is_english_only(one) == is_english_only(name)
    }
    if not slow:
        return f"{line}; so would every other model meet the budget of {BUDGET:g}"
    first = min(slow, key=lambda one: slow[one].factor)
    return f"{line}; {first} would miss the budget of {BUDGET:g} ({slow[first]})"
