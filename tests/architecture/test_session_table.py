"""The session table says something for every state and event, and no order of events breaks its promises."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parleqd._tools.session_pages import EXAMPLE_EVENTS, EXAMPLE_SPECS, EXAMPLE_STATES
from parleqd.core.errors import RefusedError
from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session.machine import Session
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.states import STATES, Cleaning, Delivering, Ended, Recording, State, Transcribing
from parleqd.core.session.table import IGNORED, TABLE
from parleqd.protocol.names import Phase, Reason
from tests.parts import scale

PHASES = [state.phase for state in STATES]
TIMER_DUE = ev.TimerFired(-1)
"""Stands for the timer that was set last; every other generation is drawn as it is, and comes too late."""
ANYTHING = [*(event for event in EXAMPLE_EVENTS if not isinstance(event, ev.CancelRequested)), TIMER_DUE]
"""All but the cancel, which comes at the end of every life."""


def test_no_pair_is_entered_twice() -> None:
    assert not set(TABLE) & IGNORED


def test_the_table_knows_no_strangers() -> None:
    assert set(TABLE) | IGNORED <= set(product(STATES, ev.EVENTS))


@pytest.mark.parametrize("state", EXAMPLE_STATES, ids=lambda state: str(state.phase))
@pytest.mark.parametrize("event", EXAMPLE_EVENTS, ids=lambda event: type(event).__name__)
def test_a_pair_is_handled_ignored_or_refused(state: State, event: ev.Event) -> None:
    session = Session(EXAMPLE_SPECS[0])
    session.state = state
    pair = (type(state), type(event))
    answer = effects_or_refusal(session, event)
    late = isinstance(event, ev.TimerFired)  # nobody set a timer on this session
    if pair in IGNORED or late:
        assert answer == ()
        assert session.state is state
    elif isinstance(answer, RefusedError):
        assert answer.reason is Reason.WRONG_PHASE
        assert session.state is state
    else:
        assert pair in TABLE


@settings(max_examples=scale(200, 5000))
@given(spec=st.sampled_from(EXAMPLE_SPECS), steps=st.integers(0, 30), data=st.data())
def test_no_order_of_events_breaks_a_promise(spec: SessionSpec, steps: int, data: st.DataObject) -> None:
    """Half of the events fit the state, so that lives get far; a cancel ends every life."""
    life = Life(Session(spec))
    for _ in range(steps):
        fitting = [event for event in ANYTHING if (type(life.session.state), type(event)) in TABLE]
        life.live_through(data.draw(st.sampled_from(fitting or ANYTHING) | st.sampled_from(ANYTHING)))
    life.live_through(ev.CancelRequested())
    assert isinstance(life.session.state, Ended), "a session can be cancelled from everywhere"


@given(happens=st.lists(st.sampled_from(EXAMPLE_EVENTS), max_size=15))
def test_whatever_comes_after_the_end_changes_nothing(happens: list[ev.Event]) -> None:
    life = Life(Session(EXAMPLE_SPECS[0]))
    life.live_through(ev.CancelRequested())
    before = life.counts.copy()
    for event in happens:
        life.live_through(event)
    assert life.counts == before


def effects_or_refusal(session: Session, event: ev.Event) -> tuple[do.Effect, ...] | RefusedError:
    try:
        return session.handle(event, 3.0)
    except RefusedError as problem:
        return problem


class Life:
    """A session with a record of what it had done; every step is held to the promises."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.counts: Counter[type[do.Effect]] = Counter()
        self.capturing = self.recognising = True
        self.cleaning = False
        self.timer: int | None = None
        self.phases_entered = 0

    def live_through(self, event: ev.Event) -> None:
        """Handle an event and look at everything that could have gone wrong."""
        if event == TIMER_DUE:
            event = ev.TimerFired(-2 if self.timer is None else self.timer)
        before, spec = self.session.state, self.session.spec
        effects = effects_or_refusal(self.session, event)
        if isinstance(effects, RefusedError):
            assert (self.session.state, self.session.spec) == (before, spec), "a refusal changes nothing"
            return
        if isinstance(event, ev.TimerFired) and event.generation != self.timer:
            assert (self.session.state, effects) == (before, ()), "a late timer is ignored"
        self._outside_world(before, event)
        for effect in effects:
            self._performed(effect)
        if type(self.session.state) is not type(before) and do.SetTimer not in map(type, effects):
            self.timer = None
        self._keep_promises(before)

    def _outside_world(self, before: State, event: ev.Event) -> None:
        """What an event that was heeded says of capture, recogniser and cleanup."""
        if isinstance(before, Recording) and isinstance(event, ev.AudioEnded | ev.CaptureFailed):
            self.capturing = False
        if isinstance(before, Recording | Transcribing) and isinstance(
            event, ev.TranscriptReady | ev.RecognitionFailed
        ):
            self.recognising = False
        if isinstance(before, Cleaning) and isinstance(event, ev.TextCleaned):
            self.cleaning = False

    def _performed(self, effect: do.Effect) -> None:
        if effect == do.Announce(Phase.RECORDING):
            return  # the beginning, which is not entered by a transition
        self.counts[type(effect)] += 1
        match effect:
            case do.StopCapture():
                assert self.capturing, "only an open capture can be stopped"
            case do.DropCapture():
                self.capturing = False
            case do.DiscardUtterance():
                self.recognising = False
            case do.Clean():
                self.cleaning = True
            case do.DropCleanup():
                self.cleaning = False
            case do.SetTimer():
                self.timer = effect.generation

    def _keep_promises(self, before: State) -> None:
        state, done = self.session.state, self.counts
        assert PHASES.index(state.phase) >= PHASES.index(before.phase), "a session never goes back"
        assert self.capturing == isinstance(state, Recording), "the microphone is open while recording only"
        assert not self.recognising or isinstance(state, Recording | Transcribing)
        assert self.cleaning == isinstance(state, Cleaning)
        assert self.timer is None or isinstance(state, Transcribing | Cleaning)
        for once in (do.StopCapture, do.FinishUtterance, do.Clean, do.Record, do.OfferText):
            assert done[once] <= 1, f"{once.__name__} happens once"
        assert done[do.ReleaseAudio] == isinstance(state, Delivering | Ended), "the audio is released once"
        self.phases_entered += type(state) is not type(before)
        assert done[do.Announce] == self.phases_entered, "every phase is announced once, the end too"
