from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parleq_hotkey.keys.held import HeldKeys
from parleq_hotkey.ports import KeyAction, KeyEvent, Role
from tests.watching import assert_paired

PRESSED, RELEASED = KeyAction.PRESSED, KeyAction.RELEASED


def test_a_repeat_is_no_press() -> None:
    events: list[KeyEvent] = []
    held = HeldKeys(events.append)
    for at in (1.0, 1.5, 1.6):
        held.press(Role.DICTATE, at)
    held.release(2.0)
    assert events == [KeyEvent(Role.DICTATE, PRESSED, 1.0), KeyEvent(Role.DICTATE, RELEASED, 2.0)]


def test_a_release_without_a_press_is_nothing() -> None:
    events: list[KeyEvent] = []
    HeldKeys(events.append).release(1.0)
    assert events == []


def test_what_is_down_at_the_end_is_released() -> None:
    events: list[KeyEvent] = []
    held = HeldKeys(events.append)
    held.press(Role.DICTATE, 1.0, by=75)
    held.press(Role.CANCEL, 2.0, by=9)
    assert held.down == (75, 9)
    assert held.roles == frozenset({Role.DICTATE, Role.CANCEL})
    held.release_all(3.0)
    assert events[2:] == [KeyEvent(Role.DICTATE, RELEASED, 3.0), KeyEvent(Role.CANCEL, RELEASED, 3.0)]
    assert not held.down + tuple(held.roles)


def test_a_role_is_released_with_the_last_of_its_keys() -> None:
    events: list[KeyEvent] = []
    held = HeldKeys(events.append)
    held.press(Role.DICTATE, 1.0, by="one keyboard")
    held.press(Role.DICTATE, 2.0, by="another")
    held.release(3.0, by="one keyboard")
    assert len(events) == 1
    held.release(4.0, by="another")
    assert events[1:] == [KeyEvent(Role.DICTATE, RELEASED, 4.0)]


def test_no_release_is_told_to_be_before_its_press() -> None:
    events: list[KeyEvent] = []
    held = HeldKeys(events.append)
    held.press(Role.DICTATE, 5.0)
    held.release(4.0)
    assert events[1].at == 5.0


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(Role), st.integers(0, 3), st.floats(0, 9)), max_size=30))
def test_presses_and_releases_pair_up(steps: list[tuple[bool, Role, int, float]]) -> None:
    events: list[KeyEvent] = []
    held = HeldKeys(events.append)
    for down, role, by, at in steps:
        if down:
            held.press(role, at, by)
        else:
            held.release(at, by)
    held.release_all(0.0)
    assert_paired(events)
