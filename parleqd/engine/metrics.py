"""Counts since the start, and how long each stage took over the latest measurements. Never text."""

from __future__ import annotations

from collections import Counter, deque

import msgspec

KEPT = 1000
"""How many measurements of each stage the percentiles look back over."""


class Percentiles(msgspec.Struct, frozen=True):
    """Milliseconds; nearest-rank percentiles over ``count`` measurements, the latest of ``total``."""

    count: int
    p50: float
    p95: float
    total: int


class Metrics:
    """What ``metrics/get`` shows."""

    def __init__(self, kept: int = KEPT) -> None:
        self.counts: Counter[str] = Counter()
        self.cost: dict[str, float] = {}
        """What each target's answers cost, in the unit of the price table."""
        self.kept = kept
        self._stages: dict[str, deque[float]] = {}
        self._totals: Counter[str] = Counter()

    def count(self, name: str, more: int = 1) -> None:
        """So many more of these."""
        self.counts[name] += more

    def spent(self, target: str, amount: float) -> None:
        """An answer of this target cost so much."""
        self.cost[target] = self.cost.get(target, 0.0) + amount

    def took(self, stage: str, milliseconds: float) -> None:
        """A stage took this long."""
        self._stages.setdefault(stage, deque(maxlen=self.kept)).append(milliseconds)
        self._totals[stage] += 1

    def stages(self) -> dict[str, Percentiles]:
        """Every stage that was ever measured."""
        return {stage: _percentiles(sorted(values), self._totals[stage]) for stage, values in self._stages.items()}


def _percentiles(ordered: list[float], total: int) -> Percentiles:
    def rank(percent: int) -> float:
        return ordered[-(-percent * len(ordered) // 100) - 1]

    return Percentiles(len(ordered), rank(50), rank(95), total)
