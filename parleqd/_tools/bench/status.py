"""Budget: `parleqctl status`, beyond what Python itself takes."""

from __future__ import annotations

import sys
from pathlib import Path

from parleqd._tools.bench.commands import BARE_PYTHON, medians, time_command
from parleqd._tools.bench.figures import Budget, Figure

BUDGET = Budget("`parleqctl status --json`, beyond `python -c pass`", 80, "ms")
ROUNDS = 15


def measure(socket_path: Path, rounds: int = ROUNDS) -> list[Figure]:
    """The two, in turn. ``socket_path`` is a running daemon's."""
    script = Path(sys.executable).with_name("parleqctl")
    program = [str(script)] if script.exists() else [sys.executable, "-m", "parleqctl"]
    status = [*program, "status", "--json", "--socket", str(socket_path)]
    took = medians(rounds, {"status": lambda: time_command(*status), "python": lambda: time_command(*BARE_PYTHON)})
    detail = f"medians of {rounds}: {took['status']:.0f} ms and {took['python']:.0f} ms"
    return [BUDGET.figure(took["status"] - took["python"], detail)]
