from __future__ import annotations

import pytest

from parleqd.engine.metrics import KEPT, Metrics, Percentiles


def measured(*values: float, kept: int = KEPT) -> Percentiles:
    metrics = Metrics(kept)
    for value in values:
        metrics.took("cleanup", value)
    return metrics.stages()["cleanup"]


def test_nothing_measured_is_nothing_shown() -> None:
    metrics = Metrics()
    assert metrics.stages() == {}
    assert metrics.counts == {}


def test_counts_add_up() -> None:
    metrics = Metrics()
    for name in ("session_delivered", "verdict_speech", "session_delivered"):
        metrics.count(name)
    assert metrics.counts == {"session_delivered": 2, "verdict_speech": 1}


def test_what_a_target_cost_adds_up() -> None:
    metrics = Metrics()
    for target, amount in (("east", 0.5), ("west", 0.25), ("east", 0.25)):
        metrics.spent(target, amount)
    assert metrics.cost == {"east": 0.75, "west": 0.25}


@pytest.mark.parametrize(
    ("values", "p50", "p95"),
    [([7.0], 7.0, 7.0), ([2.0, 1.0], 1.0, 2.0), ([3.0, 1.0, 2.0], 2.0, 3.0)],
)
def test_percentiles_are_values_that_were_measured(values: list[float], p50: float, p95: float) -> None:
    assert measured(*values) == Percentiles(len(values), p50, p95, len(values))


@pytest.mark.parametrize("count", [20, 100, 1000])
def test_percentiles_are_nearest_ranks(count: int) -> None:
    """The smallest value that at least so many percent of all do not exceed."""
    assert measured(*map(float, range(1, count + 1))) == Percentiles(count, count / 2, count * 19 / 20, count)


def test_only_the_latest_measurements_count_and_all_are_counted() -> None:
    assert measured(1000.0, 1.0, 2.0, kept=2) == Percentiles(2, 1.0, 2.0, 3)
