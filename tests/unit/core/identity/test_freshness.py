from __future__ import annotations

from collections.abc import Callable

import pytest

from parleqd.core.identity.freshness import (
    AFTER_FAILURE_S,
    AFTER_SUCCESS_S,
    DUE_S,
    MARGIN_S,
    WANTED_AFTER_FAILURE_S,
    Freshness,
    TokenTimes,
)

T0 = 1_800_000_000.0
HOUR = 3600.0
DAY = 24 * HOUR


def simulate(hours: float, mint: Callable[[float, int], float | None]) -> tuple[list[float], float]:
    """Run a background renewer for ``hours``: when it asked, and for how long there was no usable token.

    ``mint(now, asked)`` gives the expiry of the token that is had, or ``None`` for a failure.
    """
    times, now, asked = TokenTimes(), T0, list[float]()
    without = 0.0
    while now < T0 + hours * HOUR:
        assert times.next_attempt(now) <= now
        asked.append(now)
        assert len(asked) <= hours * HOUR / AFTER_SUCCESS_S + 1, "it spins"
        expires = mint(now, len(asked))
        times = times.refused(now) if expires is None else times.obtained(expires, now)
        after = times.next_attempt(now)
        assert after > now
        usable_until = now if times.expires is None else max(now, times.expires - MARGIN_S)
        without += max(0.0, after - usable_until)
        now = after
    return asked, without


@pytest.mark.parametrize(
    "left, expected",
    [
        (HOUR, Freshness.FRESH),
        (DUE_S + 1, Freshness.FRESH),
        (DUE_S, Freshness.DUE),
        (MARGIN_S + 1, Freshness.DUE),
        (MARGIN_S, Freshness.EXPIRED),
        (0, Freshness.EXPIRED),
        (-DAY, Freshness.EXPIRED),
    ],
)
def test_states(left: float, expected: Freshness) -> None:
    assert TokenTimes().obtained(T0 + left, T0 - HOUR).freshness(T0) is expected


def test_without_a_token_it_is_time_at_once() -> None:
    assert TokenTimes().freshness(T0) is Freshness.EXPIRED
    assert TokenTimes().next_attempt(T0) <= T0


def test_a_fresh_token_is_left_alone_until_five_minutes_are_left() -> None:
    times = TokenTimes().obtained(T0 + HOUR, T0)
    assert times.next_attempt(T0) == T0 + HOUR - DUE_S
    assert times.next_attempt(T0, wanted=True) == T0 + HOUR - DUE_S


def test_the_same_token_again_waits_half_a_minute() -> None:
    times = TokenTimes().obtained(T0 + 290, T0).obtained(T0 + 291, T0 + 1)
    assert times.freshness(T0 + 1) is Freshness.DUE
    assert times.next_attempt(T0 + 1) == T0 + 1 + AFTER_SUCCESS_S


def test_a_failure_keeps_the_old_token_and_waits_a_minute() -> None:
    times = TokenTimes().obtained(T0 + HOUR, T0).refused(T0 + HOUR - 200)
    assert times.freshness(T0 + HOUR - 200) is Freshness.DUE
    assert times.next_attempt(T0 + HOUR - 200, wanted=True) == T0 + HOUR - 200 + AFTER_FAILURE_S


def test_who_begins_a_dictation_without_a_token_waits_less_after_a_failure() -> None:
    times = TokenTimes().refused(T0)
    assert times.next_attempt(T0 + 1) == T0 + AFTER_FAILURE_S
    assert times.next_attempt(T0 + 1, wanted=True) == T0 + WANTED_AFTER_FAILURE_S


def test_a_token_that_was_not_accepted_is_replaced_at_once() -> None:
    times = TokenTimes().obtained(T0 + HOUR, T0).dropped()
    assert times.freshness(T0) is Freshness.EXPIRED
    assert times.next_attempt(T0) <= T0


def test_a_clock_set_back_ends_a_wait() -> None:
    times = TokenTimes().refused(T0)
    assert times.next_attempt(T0 - DAY) == T0 - DAY


def test_the_service_may_want_it_renewed_earlier_never_later() -> None:
    assert TokenTimes().obtained(T0 + DAY, T0, T0 + HOUR).next_attempt(T0) == T0 + HOUR
    assert TokenTimes().obtained(T0 + HOUR, T0, T0 + DAY).next_attempt(T0) == T0 + HOUR - DUE_S


@pytest.mark.parametrize(
    "now, worth_it", [(T0, False), (T0 + AFTER_FAILURE_S - 1, False), (T0 + AFTER_FAILURE_S, True)]
)
def test_the_refused_token_that_came_again_is_not_asked_about_for_a_minute(now: float, worth_it: bool) -> None:
    assert TokenTimes().obtained(T0 + HOUR, T0, repeated=True).replaceable(now) is worth_it
    assert TokenTimes().obtained(T0 + HOUR, T0).replaceable(now)
    assert TokenTimes().replaceable(now)


def test_a_clock_set_back_ends_that_minute_too() -> None:
    assert TokenTimes().obtained(T0 + HOUR, T0, repeated=True).replaceable(T0 - DAY)


def test_a_week_of_75_minute_tokens_asks_once_a_token_and_never_lacks_one() -> None:
    asked, without = simulate(7 * 24, lambda now, _: now + 75 * 60)
    assert without == 0
    assert len(asked) == 7 * 24 * 60 // 70


def test_a_day_with_a_tool_that_repeats_its_token_until_five_minutes_are_left() -> None:
    current = T0 + 75 * 60

    def az(now: float, _: int) -> float:
        nonlocal current
        if current - now <= DUE_S:
            current = now + 75 * 60
        return current

    asked, without = simulate(24, az)
    assert without == 0
    assert len(asked) <= 24 * 60 / 70 + 1


def test_a_day_whose_every_third_attempt_fails_never_lacks_a_token() -> None:
    asked, without = simulate(24, lambda now, n: None if n % 3 == 0 else now + HOUR)
    assert without == 0
    assert len(asked) < 2 * 24 * 60 / 55


def test_a_day_offline_asks_once_a_minute() -> None:
    asked, _ = simulate(24, lambda now, n: None)
    assert len(asked) == 24 * 60


@pytest.mark.parametrize("lifetime", [-100.0, 0.0, 5.0, 200.0, 299.0])
def test_tokens_that_hardly_live_cause_no_busy_loop(lifetime: float) -> None:
    asked, _ = simulate(2, lambda now, _: now + lifetime)
    assert len(asked) <= 2 * HOUR / AFTER_SUCCESS_S + 1
