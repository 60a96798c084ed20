from __future__ import annotations

import pytest

from parleqd.core.speech.calibration import BUDGET, Calibration, Speed, best, speeds, thread_counts, verdict
from parleqd.core.speech.devices import Computing

SIZES = {"tiny.en": 75, "base.en": 145, "base": 145, "small.en": 483, "medium.en": 1527, "mine": 0}


def trial(factor: float, threads: int = 1) -> Calibration:
    return Calibration(Computing("cpu", "int8", threads), factor)


@pytest.mark.parametrize(("cores", "counts"), [(0, [1]), (1, [1]), (2, [1, 2]), (6, [1, 2, 4]), (64, [1, 2, 4, 8])])
def test_threads_are_tried_as_far_as_there_are_processors(cores: int, counts: list[int]) -> None:
    assert thread_counts(cores) == counts


@pytest.mark.parametrize(
    ("factors", "threads"), [([0.2], 1), ([0.2, 0.19], 1), ([0.2, 0.17], 2), ([0.2, 0.17, 0.16], 2), ([0.2, 0.3], 1)]
)
def test_more_threads_must_be_clearly_faster(factors: list[float], threads: int) -> None:
    trials = [trial(factor, 2**power) for power, factor in enumerate(factors)]
    assert best(trials).computing.threads == threads


def test_what_was_not_measured_is_estimated_from_the_model_of_the_nearest_size() -> None:
    found = speeds(SIZES, {"tiny.en": trial(0.05), "small.en": trial(0.5)})
    assert found["tiny.en"] == Speed(0.05)
    assert found["base.en"].estimated
    assert found["base.en"].factor == pytest.approx(0.05 * 145 / 75)
    assert found["medium.en"].factor == pytest.approx(0.5 * 1527 / 483)
    assert "mine" not in found
    assert speeds(SIZES, {}) == {}


def test_a_model_of_unknown_size_is_no_measure_of_others() -> None:
    assert speeds(SIZES, {"mine": trial(0.1)}) == {"mine": Speed(0.1)}


def test_the_verdict_names_the_first_model_that_would_be_too_slow() -> None:
    found = speeds(SIZES, {"base.en": trial(0.1)})
    line = "base.en runs at 0.1 x real time here (cpu, int8, 1 thread); small.en would miss the budget of 0.25"
    assert verdict("base.en", trial(0.1), found) == f"{line} (about 0.33 x real time)"


@pytest.mark.parametrize(
    ("factor", "told"), [(0.249, "0.25"), (0.25, "0.25"), (0.2504, "0.2504"), (0.253, "0.253"), (0.26, "0.26")]
)
def test_a_speed_is_told_with_as_many_digits_as_the_budget_takes(factor: float, told: str) -> None:
    assert str(Speed(factor, estimated=True)) == f"about {told} x real time"


def test_the_verdict_of_a_model_that_is_too_slow() -> None:
    line = verdict("base.en", trial(0.5, 2), {"base.en": Speed(BUDGET * 2)})
    assert line == "base.en runs at 0.5 x real time here (cpu, int8, 2 threads): it misses the budget of 0.25"


def test_the_verdict_of_a_machine_that_is_fast_enough_for_all() -> None:
    on_gpu = Calibration(Computing("cuda", "float16", 1), 0.01)
    line = verdict("base.en", on_gpu, {"base.en": Speed(0.01), "base": Speed(1.0)})
    assert line.startswith("base.en runs at 0.01 x real time here (cuda, float16); so would every other model")


def test_the_verdict_of_a_busy_machine() -> None:
    line = verdict("base.en", Calibration(Computing("cpu", "int8", 1), 0.1, busy=True), {"base.en": Speed(0.1)})
    assert "1 thread, measured while the machine was busy)" in line
