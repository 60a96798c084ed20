from __future__ import annotations

import subprocess
import sys

import pytest

from parleqd._tools.bench.commands import BARE_PYTHON, medians, time_command


def test_measures_take_turns_and_the_first_round_does_not_count() -> None:
    order: list[str] = []

    def measure(name: str, values: list[float]) -> float:
        order.append(name)
        return values.pop(0)

    ours, bare = [99.0, 1.0, 5.0, 3.0], [99.0, 2.0, 2.0, 2.0]
    found = medians(3, {"ours": lambda: measure("ours", ours), "bare": lambda: measure("bare", bare)})
    assert found == {"ours": 3.0, "bare": 2.0}
    assert order == ["ours", "bare"] * 4


def test_a_command_is_timed_to_its_end() -> None:
    assert time_command(*BARE_PYTHON) > 0


def test_a_command_that_fails_gives_no_figure() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        time_command(sys.executable, "-c", "raise SystemExit(1)")
