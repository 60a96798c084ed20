from __future__ import annotations

import pytest

from parleqd.core.session import turns
from parleqd.core.session.machine import Session
from parleqd.core.session.states import Cleaning, Delivering, Ended, Offer, Recording, State, Transcribing
from parleqd.protocol.names import Deliver, End, Source
from tests.fakes.dictations import heard, outcome, spec

WAITING = Delivering(outcome(), Offer.WAITING)


def session(number: int, state: State, **fields: object) -> Session:
    machine = Session(spec(id=f"s{number}", number=number, **fields))
    machine.state = state
    return machine


def ready(*sessions: Session) -> list[int]:
    return [machine.spec.number for machine in turns.ready(sessions)]


def test_a_text_that_nobody_is_before_is_ready() -> None:
    assert ready(session(1, WAITING)) == [1]


def test_texts_for_one_owner_come_one_after_the_other_in_start_order() -> None:
    assert ready(session(2, WAITING), session(1, WAITING)) == [1]
    assert ready(session(1, Delivering(outcome(), Offer.READY)), session(2, WAITING)) == [2]


def test_owners_do_not_wait_for_one_another() -> None:
    assert ready(session(1, Transcribing(0.0, 2.0)), session(2, WAITING, owner="bob")) == [2]


@pytest.mark.parametrize("state", [Recording(), Transcribing(0.0, 2.0), Cleaning(0.0, heard(), 1.0), WAITING])
def test_an_earlier_file_holds_later_files_back(state: State) -> None:
    assert 2 not in ready(session(1, state), session(2, WAITING))


@pytest.mark.parametrize("source", [Source.MICROPHONE, Source.STREAM])
@pytest.mark.parametrize("state", [Recording(), Transcribing(0.0, 2.0), Cleaning(0.0, heard(), 1.0)])
def test_a_file_holds_no_live_dictation_back(state: State, source: Source) -> None:
    assert ready(session(1, state), session(2, WAITING, source=source)) == [2]


def test_a_live_recording_that_goes_on_holds_nobody_back() -> None:
    assert ready(session(1, Recording(), source=Source.STREAM), session(2, WAITING)) == [2]


@pytest.mark.parametrize("state", [Transcribing(0.0, 2.0), Cleaning(0.0, heard(), 1.0)])
def test_a_live_recording_that_has_ended_goes_first(state: State) -> None:
    assert ready(session(1, state, source=Source.STREAM), session(2, WAITING)) == []


@pytest.mark.parametrize(
    ("state", "holds"),
    [
        (Delivering(outcome(), Offer.UNDER_WAY), True),
        (Delivering(outcome(), Offer.READY), False),
        (Delivering(outcome(), Offer.HELD), False),
        (Delivering(outcome(), Offer.MAYBE_DELIVERED), False),
        (Ended(End.DELIVERED), False),
    ],
)
def test_insertions_wait_for_the_one_that_is_under_way_and_for_no_text_that_is_left(state: State, holds: bool) -> None:
    first, second = (
        session(1, state, deliver=Deliver.INSERT),
        session(2, WAITING, deliver=Deliver.INSERT, owner="bob"),
    )
    assert (2 not in ready(first, second)) == holds


def test_what_is_inserted_and_what_is_returned_do_not_wait_for_one_another() -> None:
    assert ready(session(1, WAITING, deliver=Deliver.INSERT), session(2, WAITING)) == [1, 2]


def test_a_later_session_holds_nobody_back() -> None:
    assert ready(session(1, WAITING), session(2, Transcribing(0.0, 2.0))) == [1]
