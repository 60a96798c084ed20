from __future__ import annotations

import pytest

from parleqd._tools.bench.figures import Budget, Figure, percentile, show, told

BUDGET = Budget("a thing", 10, "ms")


@pytest.mark.parametrize(("value", "held"), [(9.9, True), (10.0, True), (10.1, False)])
def test_a_figure_is_held_to_its_budget(value: float, held: bool) -> None:
    assert BUDGET.figure(value, "").held is held


def test_a_figure_without_a_budget_is_neither_held_nor_missed() -> None:
    assert Figure("a thing", 1.0, "ms").held is None


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 10), (0.95, 19), (1.0, 20)])
def test_percentiles_are_nearest_ranks(share: float, value: float) -> None:
    assert percentile([*range(20, 0, -1)], share) == value


@pytest.mark.parametrize(("value", "text"), [(1234.4, "1234 ms"), (99.96, "100.0 ms"), (0.123, "0.12 ms")])
def test_figures_are_shown_with_about_three_digits(value: float, text: str) -> None:
    assert show(value, "ms") == text


def test_a_figure_is_told_beside_its_budget() -> None:
    assert told(BUDGET.figure(12.0, "3 rounds")) == "MISSED    12.0 ms  ≤ 10 ms   a thing  (3 rounds)"
    assert told(Figure("a thing", 1.0, "ms")) == "–         1.00 ms            a thing  ()"


def test_a_figure_for_programs() -> None:
    assert BUDGET.figure(1.23456, "x").as_dict() == {
        "what": "a thing", "value": 1.235, "unit": "ms", "budget": 10, "held": True, "detail": "x",
    }  # fmt: skip
