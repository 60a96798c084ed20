"""Budget: from the start of the daemon's process until its socket answers, beyond Python's own start."""

from __future__ import annotations

from time import perf_counter

from parleqd._tools.bench.commands import BARE_PYTHON, medians, time_command
from parleqd._tools.bench.figures import Budget, Figure
from parleqd._tools.private_daemon import private_daemon

BUDGET = Budget("daemon start → socket answers, beyond `python -c pass`", 250, "ms")
ROUNDS = 7


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """The two, in turn."""
    took = medians(rounds, {"daemon": _until_it_answers, "python": lambda: time_command(*BARE_PYTHON)})
    detail = f"medians of {rounds}: {took['daemon']:.0f} ms and {took['python']:.0f} ms"
    return [BUDGET.figure(took["daemon"] - took["python"], detail)]


def _until_it_answers() -> float:
    began = perf_counter()
    with private_daemon() as daemon:
        daemon.wait_for_answer()
        return (perf_counter() - began) * 1000
