from __future__ import annotations

import pytest

from parleqd.core.errors import RefusedError
from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import Cleaned
from parleqd.core.session.states import Delivering, Ended, Offer, Recording
from parleqd.protocol.names import End, Mode, Phase, Reason, ReceiptStatus
from tests.fakes.dictations import heard, outcome, spec


def test_a_dictation_from_its_first_frame_to_its_receipt() -> None:
    session = Session(spec())
    phases: list[Phase] = []
    for event in (
        ev.StopRequested(),
        ev.AudioEnded(2.0),
        ev.TranscriptReady(heard("um hello")),
        ev.TextCleaned(Cleaned("Hello.", Mode.INSTANT)),
        ev.TurnCame(),
        ev.HandedOut(),
        ev.ReceiptCame(ReceiptStatus.READ),
    ):
        effects = session.handle(event, 1.0)
        phases += [effect.phase for effect in effects if isinstance(effect, do.Announce)]
    assert phases == [Phase.TRANSCRIBING, Phase.CLEANING, Phase.DELIVERING, Phase.ENDED]
    assert session.state == Ended(End.DELIVERED)


@pytest.mark.parametrize(
    ("event", "named"),
    [
        (ev.TranscriptReady(heard()), "TranscriptReady"),
        (ev.TextCleaned(Cleaned("x", Mode.RAW)), "TextCleaned"),
        (ev.TurnCame(), "TurnCame"),
        (ev.HandedOut(), "it cannot give its text away now"),
        (ev.ReceiptCame(ReceiptStatus.READ), "it cannot be acknowledged now"),
    ],
)
def test_an_event_that_is_not_in_the_table_is_refused_by_name(event: ev.Event, named: str) -> None:
    session = Session(spec(id="s7"))
    with pytest.raises(RefusedError) as raised:
        session.handle(event, 1.0)
    assert raised.value.reason is Reason.WRONG_PHASE
    assert "s7" in raised.value.message
    assert "recording" in raised.value.message
    assert named in raised.value.message
    assert session.state == Recording()


def test_a_transition_may_refuse_too_and_changes_nothing() -> None:
    session = Session(spec())
    session.state = Delivering(outcome(), Offer.WAITING)
    with pytest.raises(RefusedError):
        session.handle(ev.HandedOut(), 1.0)
    assert session.state == Delivering(outcome(), Offer.WAITING)


def test_a_timer_of_an_earlier_state_comes_too_late() -> None:
    session = Session(spec())
    timer = session.handle(ev.AudioEnded(2.0), 0.0)[2]
    assert isinstance(timer, do.SetTimer)
    session.handle(ev.TranscriptReady(heard()), 1.0)
    before = session.state
    assert session.handle(ev.TimerFired(timer.generation), 2.0) == ()
    assert session.state is before


@pytest.mark.parametrize("generation", [-1, 1, 99])
def test_a_timer_that_nobody_set_is_ignored(generation: int) -> None:
    assert Session(spec()).handle(ev.TimerFired(generation), 1.0) == ()


def test_the_budget_of_cleanup_is_the_sessions_own() -> None:
    def patience(budget: float) -> float:
        session = Session(spec(), cleanup_budget_s=budget)
        session.handle(ev.AudioEnded(2.0), 0.0)
        timer = session.handle(ev.TranscriptReady(heard()), 0.0)[1]
        assert isinstance(timer, do.SetTimer)
        return timer.seconds

    assert patience(9.0) == patience(4.0) + 5.0
