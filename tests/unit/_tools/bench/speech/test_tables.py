from __future__ import annotations

import pytest

from parleqd._tools.bench.speech.accuracy import Errors
from parleqd._tools.bench.speech.tables import rows, tables
from tests.compared import compared

CLIPS = [
    compared(60, 120, 3000, way="noisy", cpu_seconds=None),
    compared(60, 200, 4000, errors=Errors(1, 2, 3), theirs=Errors(lost=1)),
    compared(5, 100, 500, cpu_seconds=1.0),
    compared(60, 300, 4000, cpu_seconds=2.5),
]


def test_there_is_a_row_for_each_length_and_each_way() -> None:
    short, long, noisy = rows(CLIPS, seed=1)
    assert [row.name for row in (short, long, noisy)] == ["5 s", "60 s", "noisy, 60 s"]
    assert (long.clips, long.words, long.whole) == (2, 240, {1: 4.0, 5: 8.0})
    assert (long.ours, long.p95, long.at_client) == (0.25, 0.3, 0.252)
    assert (long.ratio, long.ratio_of_clips) == (0.0625, 0.0625)
    assert long.rate == 2.5
    assert long.whole_rate[1] == pytest.approx(100 / 240)
    assert long.difference == pytest.approx(500 / 240)
    assert (long.lost, long.added, long.whole_lost, long.whole_added) == (2, 3, 1, 0)
    assert long.busy == pytest.approx(2.5)
    assert (long.worker_mb, long.whole_mb) == (200, 300)
    assert noisy.busy is None


def test_the_tables_are_markdown() -> None:
    time, cost = tables(rows(CLIPS, seed=1)).split("\n\n")
    for table in (time, cost):
        head, rule, *lines = table.splitlines()
        assert set(rule) <= set("|-: ")
        assert len(lines) == 3
        assert len({len(line) for line in (head, rule, *lines)}) == 1
        assert len({line.count("|") for line in (head, rule, *lines)}) == 1
    assert "0.25 s | 0.30 s |" in time
    assert "| 5 s " in time
    assert "–" in cost.splitlines()[-1]
