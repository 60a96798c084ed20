"""How long commands take, side by side: one of each in turn, so that noise meets them all."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

BARE_PYTHON = (sys.executable, "-c", "pass")


def time_command(*command: str) -> float:
    """Run a command that must succeed; milliseconds."""
    began = perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return (perf_counter() - began) * 1000


def medians(rounds: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """The median of each measure over so many rounds, after one that does not count."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds + 1):
        for name, measure in measures.items():
            value = measure()
            if number:
                found[name].append(value)
    return {name: median(values) for name, values in found.items()}
