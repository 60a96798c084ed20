from __future__ import annotations

from parleqd.core.capture.ladder import RUNGS, STANDBY_RUNGS, STEADY_S, UNHEARD_RUNGS, Ladder


def test_the_rungs_come_in_order_and_end() -> None:
    ladder = Ladder()
    assert [ladder.next() for _ in range(len(RUNGS) + 1)] == [*RUNGS, None]


def test_the_first_attempt_is_made_at_once_and_every_other_looks_afresh() -> None:
    assert RUNGS[0] == (0.0, False)
    assert all(rung.renew for rung in RUNGS[1:])
    assert [rung.pause_s for rung in RUNGS[1:]] == [0.2, 0.5, 1, 2, 5]


def test_a_limit_ends_it_earlier() -> None:
    ladder = Ladder()
    assert [ladder.next(len(UNHEARD_RUNGS)) for _ in range(5)] == [*UNHEARD_RUNGS, None]
    assert ladder.next() == RUNGS[4]


def test_a_stream_that_lived_begins_it_anew_and_a_flicker_does_not() -> None:
    ladder = Ladder()
    ladder.next()
    ladder.lived(STEADY_S / 2)
    assert ladder.next() == RUNGS[1]
    ladder.lived(STEADY_S)
    assert ladder.next() == RUNGS[0]


def test_an_endless_one_stays_on_its_last_rung() -> None:
    ladder = Ladder(STANDBY_RUNGS, endless=True)
    found = [ladder.next() for _ in range(len(STANDBY_RUNGS) + 2)]
    assert found == [*STANDBY_RUNGS, STANDBY_RUNGS[-1], STANDBY_RUNGS[-1]]
