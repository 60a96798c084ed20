from __future__ import annotations

from parleqd.core.polish.prediction import TRIED, Prediction
from parleqd.core.polish.stream import Usage


def balance(*answers: tuple[int, int]) -> Prediction:
    sum_of_all = Prediction()
    for accepted, rejected in answers:
        sum_of_all = sum_of_all.plus(Usage(accepted_prediction=accepted, rejected_prediction=rejected))
    return sum_of_all


def test_it_costs_more_once_more_was_rejected_than_accepted() -> None:
    assert balance(*[(10, 20)] * TRIED).costs_more
    assert not balance(*[(20, 10)] * TRIED).costs_more
    assert not balance(*[(10, 10)] * TRIED).costs_more


def test_a_few_answers_prove_nothing() -> None:
    assert not balance(*[(0, 100)] * (TRIED - 1)).costs_more


def test_an_answer_that_tells_of_no_prediction_does_not_count() -> None:
    assert balance(*[(0, 0)] * TRIED) == Prediction()
