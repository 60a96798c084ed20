"""What a measurement gives: a figure, and the budget that it is held to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Budget:
    """What must not cost more than ``limit``, in ``unit``: "ms", "MB", or "×" for a ratio."""

    what: str
    limit: float
    unit: str

    def figure(self, value: float, detail: str) -> Figure:
        """What it does cost. ``detail`` says how that was found."""
        return Figure(self.what, value, self.unit, detail, self.limit)


@dataclass(frozen=True)
class Figure:
    """Something measured. ``limit`` is ``None`` where there is no budget."""

    what: str
    value: float
    unit: str
    detail: str = ""
    limit: float | None = None

    @property
    def held(self) -> bool | None:
        """Is it within its budget? ``None`` without one."""
        return None if self.limit is None else self.value <= self.limit

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "what": self.what,
            "value": round(self.value, 3),
            "unit": self.unit,
            "budget": self.limit,
            "held": self.held,
            "detail": self.detail,
        }


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank: the smallest value that at least this share of them do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def show(value: float, unit: str) -> str:
    """A figure as people read it: three digits are enough."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {unit}"


def told(figure: Figure) -> str:
    """A figure beside its budget, on one line."""
    verdict = {True: "held", False: "MISSED", None: "–"}[figure.held]
    budget = "" if figure.limit is None else f"≤ {figure.limit:g} {figure.unit}"
    return f"{verdict:<7} {show(figure.value, figure.unit):>9}  {budget:<9} {figure.what}  ({figure.detail})"
