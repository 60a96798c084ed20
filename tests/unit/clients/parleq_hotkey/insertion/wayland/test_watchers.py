from __future__ import annotations

from parleq_hotkey.insertion.wayland.watchers import FIRST_S, KNOWN_S, Watchers


def test_at_first_watchers_are_given_time_to_show_themselves() -> None:
    watchers = Watchers()
    assert watchers.patience_s == FIRST_S
    assert not watchers.enough(5), "nobody knows yet how many reads there will be"


def test_where_there_were_none_nobody_waits() -> None:
    watchers = Watchers()
    watchers.seen(0)
    assert watchers.patience_s == 0
    assert watchers.enough(0)


def test_known_watchers_are_waited_for_until_all_have_read() -> None:
    watchers = Watchers()
    watchers.seen(2)
    assert watchers.expected == 2
    assert watchers.patience_s == KNOWN_S
    assert not watchers.enough(1)
    assert watchers.enough(2)


def test_a_read_that_nothing_explains_has_them_looked_for_again() -> None:
    watchers = Watchers()
    watchers.seen(0)
    watchers.suspected()
    assert watchers.patience_s == FIRST_S


def test_known_watchers_stay_known_whatever_else_is_read() -> None:
    watchers = Watchers()
    watchers.seen(1)
    watchers.suspected()
    assert watchers.expected == 1
