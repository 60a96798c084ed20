from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleq_hotkey.gesture import Gestures, Intent
from parleq_hotkey.ports import KeyAction, KeyEvent, Role
from parleq_hotkey.settings import HotkeySettings

DOWN, UP = KeyAction.PRESSED, KeyAction.RELEASED
BEGINNINGS = {Intent.START, Intent.REFINE}
ENDINGS = {Intent.STOP, Intent.STOP_QUICK, Intent.DROP, Intent.CANCEL}


@dataclass
class Hand:
    """Moves keys at given milliseconds; ``done`` are the intents so far, with the milliseconds of each."""

    gestures: Gestures = field(default_factory=lambda: Gestures(HotkeySettings()))
    done: list[tuple[Intent, float]] = field(default_factory=list)

    def key(self, action: KeyAction, at_ms: float, role: Role = Role.DICTATE) -> None:
        self.pass_time(at_ms)
        self._note(self.gestures.handle(KeyEvent(role, action, at_ms / 1000), at_ms / 1000), at_ms)

    def moves(self, *times_ms: float, role: Role = Role.DICTATE) -> list[Intent]:
        """Down, up, down … at these times; then a second passes. The intents."""
        for number, at_ms in enumerate(times_ms):
            self.key(UP if number % 2 else DOWN, at_ms, role)
        self.pass_time(times_ms[-1] + 1000)
        return self.intents

    def pass_time(self, until_ms: float) -> None:
        while (due := self.gestures.due()) is not None and due * 1000 <= until_ms:
            self._note(self.gestures.tick(due), due * 1000)

    @property
    def intents(self) -> list[Intent]:
        return [intent for intent, _ in self.done]

    def _note(self, intents: list[Intent], at_ms: float) -> None:
        self.done += [(intent, at_ms) for intent in intents]


def hand(reviewing: bool = False, **settings: float | bool) -> Hand:
    gestures = Gestures(HotkeySettings(**settings))  # type: ignore[arg-type]
    gestures.reviewing = reviewing
    return Hand(gestures)


def test_a_hold_records_from_the_press_to_the_release() -> None:
    made = hand()
    assert made.moves(0, 500) == [Intent.START, Intent.STOP]
    assert made.done[0][1] == 0
    assert made.done[1][1] == pytest.approx(512)


def test_one_tap_is_given_up_once_no_second_one_has_come() -> None:
    made = hand()
    assert made.moves(0, 100) == [Intent.START, Intent.DROP]
    assert made.done[1][1] == pytest.approx(400)


def test_without_double_taps_a_tap_is_given_up_at_once() -> None:
    made = hand(double_tap=False, quick=False)
    assert made.moves(0, 100) == [Intent.START, Intent.DROP]
    assert made.done[1][1] == pytest.approx(112)


@pytest.mark.parametrize(
    ("times", "intents"),
    [
        pytest.param((0, 30), [Intent.START, Intent.DROP], id="too short for a finger"),
        pytest.param((0, 30, 100, 130), [Intent.START, Intent.DROP] * 2, id="and it does not arm a double tap"),
        pytest.param((0, 100, 105, 600), [Intent.START, Intent.STOP], id="a gap of 5 ms is none"),
        pytest.param((0, 100, 250, 350), [Intent.START, Intent.HANDS_FREE], id="two taps"),
        pytest.param((0, 100, 250, 350, 5000, 5100), [Intent.START, Intent.HANDS_FREE, Intent.STOP], id="a third ends"),
        pytest.param((0, 100, 250, 350, 5000, 5020), [Intent.START, Intent.HANDS_FREE], id="chatter does not end it"),
        pytest.param((0, 100, 250, 350, 5000, 5900), [Intent.START, Intent.HANDS_FREE, Intent.STOP], id="a hold ends"),
        pytest.param((0, 100, 250, 900), [Intent.START, Intent.STOP_QUICK], id="tap and hold"),
        pytest.param((0, 100, 250, 270, 300, 900), [Intent.START, Intent.STOP_QUICK], id="chatter between"),
        pytest.param((0, 100, 500, 600), [Intent.START, Intent.DROP] * 2, id="two taps too far apart"),
    ],
)
def test_taps_and_holds(times: tuple[float, ...], intents: list[Intent]) -> None:
    assert hand().moves(*times) == intents


def test_what_is_switched_off_falls_back_to_the_next_best() -> None:
    assert hand(quick=False).moves(0, 100, 250, 900) == [Intent.START, Intent.STOP]
    assert hand(double_tap=False).moves(0, 100, 250, 350) == [Intent.START, Intent.DROP]


@pytest.mark.parametrize(
    ("times", "intents"),
    [
        pytest.param((0, 100), [Intent.REFINE, Intent.DROP, Intent.ACCEPT], id="a tap accepts"),
        pytest.param((0, 20), [Intent.REFINE, Intent.DROP], id="chatter accepts nothing"),
        pytest.param((0, 900), [Intent.REFINE, Intent.HELD, Intent.STOP], id="a hold refines"),
    ],
)
def test_over_a_text_in_review(times: tuple[float, ...], intents: list[Intent]) -> None:
    assert hand(reviewing=True).moves(*times) == intents


def test_the_cancel_key_gives_up_what_is_recorded_else_what_is_under_way() -> None:
    made = hand()
    made.key(DOWN, 0)
    made.key(DOWN, 300, Role.CANCEL)
    made.key(UP, 350, Role.CANCEL)
    made.key(UP, 700)
    assert made.intents == [Intent.START, Intent.CANCEL]
    made.key(DOWN, 2000, Role.CANCEL)
    assert made.intents[2:] == [Intent.GIVE_UP]


def test_the_offer_key_offers_by_a_tap_and_undoes_by_a_hold() -> None:
    assert hand().moves(0, 100, role=Role.OFFER) == [Intent.OFFER]
    assert hand().moves(0, 400, role=Role.OFFER) == [Intent.UNDO]
    lone = hand()
    lone.key(UP, 0, Role.OFFER)
    assert lone.intents == []


def test_a_release_that_nobody_saw_is_made_good_by_the_next_press() -> None:
    made = hand()
    made.key(DOWN, 0)
    assert made.moves(5000, 5600) == [Intent.START, Intent.STOP, Intent.START, Intent.STOP]
    over = hand(reviewing=True)
    over.key(DOWN, 0)
    over.gestures.reviewing = False
    assert over.moves(100, 700) == [Intent.REFINE, Intent.DROP, Intent.START, Intent.STOP]


def test_events_that_come_late_count_by_their_own_time() -> None:
    gestures = Gestures(HotkeySettings())
    assert gestures.handle(KeyEvent(Role.DICTATE, DOWN, 1.0), 1.4) == [Intent.START]
    assert gestures.handle(KeyEvent(Role.DICTATE, UP, 1.1), 1.5) == []
    assert gestures.handle(KeyEvent(Role.DICTATE, DOWN, 1.3), 1.5) == []
    assert gestures.handle(KeyEvent(Role.DICTATE, UP, 1.4), 1.6) == []
    assert gestures.tick(1.6) == [Intent.HANDS_FREE]


def test_where_no_release_is_seen_each_press_begins_or_ends() -> None:
    made = Hand(Gestures(HotkeySettings(), sees_release=False))
    assert made.moves(0) == [Intent.START, Intent.HANDS_FREE]
    made.key(UP, 2000)
    assert made.moves(4000) == [Intent.START, Intent.HANDS_FREE, Intent.STOP]
    made.gestures.reviewing = True
    assert made.moves(6000)[3:] == [Intent.ACCEPT]
    assert made.moves(7000, role=Role.OFFER)[4:] == [Intent.OFFER]


@pytest.mark.parametrize(
    ("times", "reviewing", "ending"),
    [
        ((0,), False, [Intent.STOP]),
        ((0, 100), False, [Intent.DROP]),
        ((0, 100, 200, 300, 400), False, [Intent.STOP]),
        ((0,), True, [Intent.DROP]),
        ((), False, []),
    ],
)
def test_keys_that_are_lost_end_what_is_recorded(
    times: tuple[float, ...], reviewing: bool, ending: list[Intent]
) -> None:
    made = hand(reviewing=reviewing)
    for number, at_ms in enumerate(times):
        made.key(UP if number % 2 else DOWN, at_ms)
    latest = max(times, default=0) + 15
    made.pass_time(latest)
    assert made.gestures.lost(latest / 1000) == ending
    assert not made.gestures.recording


def test_a_recording_that_ends_by_itself_leaves_the_key_without_meaning_until_it_is_up() -> None:
    made = hand()
    made.key(DOWN, 0)
    made.gestures.over()
    assert made.moves(500, 1000)[1:] == [Intent.START, Intent.STOP]  # a press of which the release went unseen
    held = hand()
    held.key(DOWN, 0)
    held.gestures.over()
    held.key(UP, 900)
    held.pass_time(2000)
    assert held.intents == [Intent.START]
    free = hand()
    free.moves(0, 100, 250, 350)
    free.gestures.over()
    assert free.moves(5000, 5600)[2:] == [Intent.START, Intent.STOP]


MOVES = st.lists(
    st.tuples(
        st.sampled_from([*Role, Role.DICTATE, Role.DICTATE]),
        st.sampled_from([DOWN, UP]),
        st.integers(0, 700),  # milliseconds since the one before
        st.sampled_from(["", "", "", "", "lost", "over", "review"]),
    ),
    max_size=40,
)


class Count:
    """Recordings under way by what the intents say: never two, and never fewer than none."""

    def __init__(self, made: Hand) -> None:
        self._made = made
        self._seen = 0
        self.under_way = 0

    def look(self) -> None:
        for intent in self._made.intents[self._seen :]:
            self.under_way += (intent in BEGINNINGS) - (intent in ENDINGS)
            assert self.under_way in (0, 1)
            assert self.under_way == 1 or intent not in (Intent.HANDS_FREE, Intent.HELD)
        self._seen = len(self._made.intents)
        assert self._made.gestures.recording == bool(self.under_way)


@given(moves=MOVES, sees_release=st.booleans(), double_tap=st.booleans(), quick=st.booleans())
def test_whatever_the_keys_do_every_recording_ends_once_and_nothing_stops_what_never_began(
    moves: list[tuple[Role, KeyAction, int, str]], sees_release: bool, double_tap: bool, quick: bool
) -> None:
    made = Hand(Gestures(HotkeySettings(double_tap=double_tap, quick=quick), sees_release=sees_release))
    count, now = Count(made), 0.0
    for role, action, pause, what in moves:
        now += pause
        made.key(action, now, role)
        count.look()
        if what == "over":
            made.gestures.over()
            count.under_way = 0
        elif what == "lost":
            made.done += [(intent, now) for intent in made.gestures.lost(now / 1000)]
            count.look()
            assert count.under_way == 0
        elif what == "review":
            made.gestures.reviewing = not made.gestures.reviewing
    made.key(UP, now + 10)
    made.pass_time(now + 5000)
    count.look()
    if count.under_way:  # only hands-free outlasts the keys; a press ends it
        made.moves(now + 6000, now + 6100)
        count.look()
    assert made.gestures.due() is None
    assert count.under_way == 0
