from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from parleqd._tools.bench import program
from parleqd._tools.bench.figures import Budget, Figure
from parleqd._tools.private_daemon import NoDaemonError

HELD = Budget("start", 250, "ms").figure(120.0, "medians of 7")
MISSED = Budget("idle memory", 40, "MB").figure(41.0, "")
PLAIN = Figure("model ready", 900.0, "ms", "tiny.en")


def test_a_bench_within_its_budgets_succeeds(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([], lambda: iter((HELD, PLAIN))) == 0
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "held       120 ms  ≤ 250 ms  start  (medians of 7)",
        "–          900 ms            model ready  (tiny.en)",
    ]
    assert shown.err == ""


def test_a_missed_budget_fails_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main([], lambda: iter((HELD, MISSED))) == 1
    assert capsys.readouterr().err == "bench: over budget: idle memory\n"


def test_figures_for_programs_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["--json"], lambda: iter((MISSED, PLAIN))) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["value"], first["budget"], first["held"]) == (41.0, 40, False)
    assert (second["budget"], second["held"]) == (None, None)


def test_a_daemon_that_does_not_start_is_no_missed_budget(capsys: pytest.CaptureFixture[str]) -> None:
    def measure() -> Iterator[Figure]:
        raise NoDaemonError("it ended at once")

    assert program.main([], measure) == 2
    assert "it ended at once" in capsys.readouterr().err


def test_every_budget_is_in_the_table() -> None:
    table = program.budget_table(Path())
    assert "| daemon, resident, idle | ≤ 40 MB |" in table.splitlines()
    assert len(table.splitlines()) == 2 + len(program.budgets())
