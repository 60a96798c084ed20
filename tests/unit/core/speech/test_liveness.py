from __future__ import annotations

import pytest

from parleqd.core.speech.liveness import MISSED_PINGS, MISSED_PINGS_LOADING, STEP_LIMIT_S, Liveness


def loaded() -> Liveness:
    """Of a recogniser whose model is there."""
    liveness = Liveness()
    liveness.loaded()
    return liveness


def test_loading_is_given_more_time() -> None:
    liveness = Liveness()
    for _ in range(MISSED_PINGS_LOADING - 1):
        liveness.next_ping()
    assert not liveness.hung
    liveness.next_ping()
    assert liveness.hung


def test_a_fresh_recogniser_is_alive() -> None:
    assert not Liveness().hung


def test_pings_are_numbered() -> None:
    liveness = Liveness()
    assert [liveness.next_ping() for _ in range(3)] == [1, 2, 3]


def test_three_missed_pings_in_a_row_mean_that_it_hangs() -> None:
    liveness = loaded()
    for _ in range(MISSED_PINGS - 1):
        liveness.next_ping()
        assert not liveness.hung
    liveness.next_ping()
    assert liveness.hung


def test_an_answer_forgives_the_pings_before_it() -> None:
    liveness = loaded()
    latest = [liveness.next_ping() for _ in range(MISSED_PINGS)][-1]
    liveness.answered(latest, 0.0)
    assert not liveness.hung
    liveness.answered(1, 0.0)
    assert not liveness.hung


def test_an_answer_to_an_earlier_ping_shows_less() -> None:
    liveness = loaded()
    for _ in range(MISSED_PINGS + 1):
        liveness.next_ping()
    liveness.answered(1, 0.0)
    assert liveness.hung


@pytest.mark.parametrize(("seconds", "hung"), [(0.0, False), (STEP_LIMIT_S, False), (STEP_LIMIT_S + 1, True)])
def test_a_step_that_never_ends_means_that_it_hangs_though_it_answers(seconds: float, hung: bool) -> None:
    liveness = loaded()
    liveness.answered(liveness.next_ping(), seconds)
    assert liveness.hung == hung
    liveness.answered(liveness.next_ping(), 0.0)
    assert not liveness.hung
