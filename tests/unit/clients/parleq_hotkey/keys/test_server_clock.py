from __future__ import annotations

import pytest

from parleq_hotkey.keys.server_clock import ServerClock


def test_later_events_are_timed_by_their_stamps() -> None:
    clock = ServerClock()
    assert clock.at(5_000, 100.0) == 100.0
    assert clock.at(5_040, 100.5) == pytest.approx(100.04)  # told late
    assert clock.at(5_100, 100.5) == pytest.approx(100.1)


def test_the_event_that_came_soonest_tells_how_far_the_clocks_are_apart() -> None:
    clock = ServerClock()
    clock.at(1_000, 10.3)  # 0.3 s late
    assert clock.at(2_000, 11.0) == 11.0
    assert clock.at(3_000, 12.2) == pytest.approx(12.0)


def test_the_stamps_start_anew_after_seven_weeks() -> None:
    clock = ServerClock()
    clock.at(2**32 - 100, 50.0)
    assert clock.at(100, 50.3) == pytest.approx(50.2)


def test_a_clock_that_was_set_is_believed_anew() -> None:
    clock = ServerClock()
    clock.at(1_000_000, 50.0)
    assert clock.at(900_000, 51.0) == 51.0
    assert clock.at(900_100, 51.2) == pytest.approx(51.1)
