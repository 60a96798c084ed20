from __future__ import annotations

import pytest

from parleqd.core.capture.watch import FIRST_FRAME_WITHIN_S, LATE_LOOK_S, NEXT_FRAME_WITHIN_S, Loss, Watch

STEP_S = 0.05


def looks(watch: Watch, since: float, until: float, last_frame: float | None) -> Loss | None:
    """Look regularly; the first loss seen."""
    now = since
    while now < until:
        now += STEP_S
        loss = watch.look(now, last_frame, ended=False)
        if loss is not None:
            return loss
    return None


def test_a_stream_has_a_second_for_its_first_frame() -> None:
    assert looks(Watch(10.0), 10.0, 10.0 + FIRST_FRAME_WITHIN_S - STEP_S, None) is None
    assert looks(Watch(10.0), 10.0, 10.0 + FIRST_FRAME_WITHIN_S + 2 * STEP_S, None) is Loss.NEVER_BEGAN


def test_a_stream_that_falls_silent_is_lost() -> None:
    assert looks(Watch(10.0), 10.0, 10.1 + NEXT_FRAME_WITHIN_S - STEP_S, 10.1) is None
    assert looks(Watch(10.0), 10.0, 10.1 + NEXT_FRAME_WITHIN_S + 2 * STEP_S, 10.1) is Loss.FELL_SILENT


@pytest.mark.parametrize("last_frame", [None, 10.0])
def test_a_stream_that_says_it_is_over_is_lost_at_once(last_frame: float | None) -> None:
    assert Watch(10.0).look(10.01, last_frame, ended=True) is Loss.ENDED


def test_a_look_after_a_long_time_proves_no_silence() -> None:
    watch = Watch(10.0)
    assert watch.look(10.1, 10.1, ended=False) is None
    slept = 10.1 + LATE_LOOK_S + 3600
    assert watch.look(slept, 10.1, ended=False) is None
    assert looks(watch, slept, slept + NEXT_FRAME_WITHIN_S - STEP_S, 10.1) is None
    assert looks(watch, slept + NEXT_FRAME_WITHIN_S, slept + 2, 10.1) is Loss.FELL_SILENT


def test_a_stream_taken_over_counts_from_then() -> None:
    assert looks(Watch(100.0), 100.0, 100.4, 20.0) is None
