from __future__ import annotations

import anyio
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.session.machine import Session
from parleqd.core.session.states import Cleaning, Delivering, Ended, Offer, Recording, State, Transcribing
from parleqd.engine.live import LiveSession
from parleqd.protocol.names import Deliver, End
from tests.fakes.dictations import heard, outcome, spec

STATES: list[State] = [
    Recording(),
    Transcribing(0.0, 2.0),
    Cleaning(0.0, heard(), 1.0),
    Delivering(outcome(), Offer.WAITING),
    Delivering(outcome(), Offer.READY),
    Delivering(outcome(), Offer.MAYBE_DELIVERED),
    Delivering(outcome(""), Offer.READY),
    Delivering(outcome(), Offer.UNDER_WAY),
    Delivering(outcome(), Offer.HELD),
    Ended(End.DELIVERED),
]


def live(state: State, deliver: Deliver = Deliver.RETURN) -> LiveSession:
    machine = Session(spec(deliver=deliver))
    machine.state = state
    return LiveSession(machine, MemoryJournal().open("s1"))


def where(name: str, deliver: Deliver = Deliver.RETURN) -> list[State]:
    """The states in which it is so."""
    return [state for state in STATES if getattr(live(state, deliver), name)]


@pytest.mark.asyncio
async def test_a_session_is_busy_until_its_text_is_there() -> None:
    assert where("busy") == STATES[:3]


@pytest.mark.asyncio
async def test_a_text_is_pending_until_the_session_ends() -> None:
    assert where("pending") == [*STATES[3:6], *STATES[7:9]]


@pytest.mark.asyncio
async def test_a_text_can_be_handed_out_when_its_turn_has_come_and_nobody_else_has_it() -> None:
    assert where("can_hand_out") == STATES[4:7]
    assert where("can_hand_out", Deliver.INSERT) == []


@pytest.mark.asyncio
async def test_an_ended_session_has_ended() -> None:
    assert where("ended") == STATES[-1:]


@pytest.mark.asyncio
async def test_every_waiter_is_woken_by_a_change_and_waits_for_the_next_one_anew() -> None:
    session = live(Recording())
    woken: list[int] = []

    async def wait() -> None:
        await session.changed()
        woken.append(1)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(wait)
        tasks.start_soon(wait)
        await anyio.wait_all_tasks_blocked()
        session.wake()
    assert len(woken) == 2
    with anyio.move_on_after(0) as scope:
        await session.changed()
    assert scope.cancelled_caught


@pytest.mark.asyncio
async def test_a_release_stops_everything() -> None:
    session = live(Recording())
    session.release()
    assert session.dropped
    for scope in (session.capture_scope, session.timer_scope, session.cleanup_scope):
        assert scope.cancel_called
