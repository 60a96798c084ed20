from __future__ import annotations

from collections.abc import Sequence

import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.ports import LeftBehind
from parleqd.core.session.outcome import HeardSegment
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.stages import (
    ATTEMPTS_ALLOWED,
    AudioDone,
    Began,
    Committed,
    Finished,
    Kept,
    Offered,
    Resumed,
    Stage,
)
from parleqd.core.session.states import Delivering, Offer
from parleqd.engine.resuming import Finish, Forget, KeepForRecover, OfferText, Plan, plan
from parleqd.protocol.names import Deliver, Pace, Reason, Source
from tests.fakes.dictations import BROKEN, outcome, spec

NOW = 1_700_000_000.0
SEGMENTS = (HeardSegment(0.0, 1.0, "one"), HeardSegment(1.0, 2.0, "two"))


def planned(*stages: Stage, keep: bool = True) -> Plan:
    return plan(LeftBehind("s1", MemoryJournal().open("s1"), stages), NOW, keep=keep)


def taken_up(*stages: Stage) -> Finish:
    found = planned(Began(spec()), *stages)
    assert isinstance(found, Finish)
    return found


def resumed(begun: SessionSpec) -> SessionSpec:
    found = planned(Began(begun))
    assert isinstance(found, Finish)
    return found.spec


@pytest.mark.asyncio
async def test_what_was_said_counts_though_nothing_tells_who_said_it() -> None:
    entry = MemoryJournal().open("s9")
    await entry.append(b"\1\0")
    found = plan(LeftBehind("s9", entry, [Committed(SEGMENTS[0])]), NOW, keep=True)
    assert isinstance(found, Finish)
    assert (found.spec.id, found.spec.deliver, found.segments) == ("s9", Deliver.RETURN, SEGMENTS[:1])


def test_without_a_spec_and_audio_nothing_can_be_made_of_it() -> None:
    assert planned() == planned(Committed(SEGMENTS[0])) == Forget()


def test_a_dictation_that_was_cut_off_is_finished_and_says_so() -> None:
    found = taken_up(*map(Committed, SEGMENTS))
    assert found.segments == SEGMENTS
    assert found.hopeless is None
    assert [warning.reason for warning in found.warnings] == [Reason.AUDIO_INCOMPLETE]


def test_one_whose_audio_was_complete_lacks_nothing() -> None:
    assert taken_up(AudioDone()).warnings == ()
    assert taken_up(AudioDone((BROKEN,))).warnings == (BROKEN,)


@pytest.mark.parametrize(
    ("stages", "unread"),
    [([], True), ([Resumed()], True), ([Resumed()] * ATTEMPTS_ALLOWED, False), ([AudioDone()], False)],
)
def test_a_file_of_which_nothing_was_read_is_to_be_read_unless_that_ends_the_daemon(
    stages: list[Stage], unread: bool
) -> None:
    found = planned(Began(spec(source=Source.FILE)), *stages)
    assert isinstance(found, Finish)
    assert (found.unread, found.spec.pace) == (unread, Pace.FAST)


@pytest.mark.asyncio
async def test_what_was_read_of_a_file_is_not_read_again() -> None:
    entry = MemoryJournal().open("s1")
    await entry.append(b"\1\0")
    found = plan(LeftBehind("s1", entry, [Began(spec(source=Source.FILE))]), NOW, keep=True)
    assert isinstance(found, Finish)
    assert not found.unread


def test_its_text_is_never_inserted_unasked() -> None:
    again = resumed(spec(partials=True))
    assert (again.resumed, again.partials, again.owner) == (True, False, "alice")


def test_an_owner_that_was_a_mere_connection_does_not_come_back() -> None:
    connection = "connection 5, which skipped the handshake and is known by that alone"
    assert resumed(spec(owner=connection)).owner == f"{connection}, and is gone"


def test_the_latest_owner_counts() -> None:
    found = planned(Began(spec()), Began(spec(owner="bob")))
    assert isinstance(found, Finish)
    assert found.spec.owner == "bob"


def test_what_seems_to_end_the_daemon_is_not_tried_for_ever() -> None:
    tries: Sequence[Stage] = [Resumed()] * ATTEMPTS_ALLOWED
    assert taken_up(*tries[1:]).hopeless is None
    found = taken_up(*map(Committed, SEGMENTS), *tries)
    assert found.hopeless is not None
    saved = found.saved(5.0)
    assert (saved.raw, saved.segments, saved.audio_seconds) == ("one two", SEGMENTS, 5.0)


def test_a_finished_text_is_offered() -> None:
    found = planned(Began(spec()), Finished(outcome()))
    assert isinstance(found, OfferText)
    assert found.state == Delivering(outcome(), Offer.WAITING)
    assert planned(Began(spec()), Finished(outcome(""))) == Forget()


def test_a_text_that_somebody_may_have_is_offered_as_such() -> None:
    for stages, offer in (
        ([Offered(out=True)], Offer.MAYBE_DELIVERED),
        ([Offered(out=True), Offered(out=False)], Offer.WAITING),
    ):
        found = planned(Began(spec()), Finished(outcome()), *stages)
        assert isinstance(found, OfferText)
        assert found.state.offer is offer


def test_the_last_captures_audio_is_kept_until_its_time() -> None:
    assert planned(Kept(spec(), NOW + 1)) == KeepForRecover(spec(), NOW + 1)
    assert planned(Kept(spec(), NOW - 1)) == Forget()
    assert planned(Kept(spec(), NOW + 1), keep=False) == Forget()
