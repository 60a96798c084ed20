from __future__ import annotations

import anyio
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import OutsideError
from parleqd.core.session import events as ev
from parleqd.core.session.behaviour import Behaviour
from parleqd.core.session.machine import Session
from parleqd.engine.bus import Bus
from parleqd.engine.insertion import ANSWER_WITHIN_S, Insertion
from parleqd.engine.live import LiveSession
from parleqd.engine.peers import Peers
from parleqd.protocol import messages as m
from parleqd.protocol.names import Deliver, Reason, ReceiptStatus
from tests.fakes.dictations import outcome, spec
from tests.fakes.peers import Ear, FakePeer

PREPARED = m.InsertPrepareResult(target="window 7")
REFUSED = OutsideError(Reason.INTERNAL, "no")


class Desk:
    """An insertion with its surroundings: what was posted, what people were told."""

    def __init__(self, *peers: FakePeer, answer_within_s: float = ANSWER_WITHIN_S) -> None:
        self.peers, self.bus, self.ear = Peers(), Bus(), Ear()
        self.bus.join(self.ear)
        for peer in peers:
            self.peers.join(peer)
        self.posted: list[ev.Event] = []
        self.insertion = Insertion(self.peers, self.bus, lambda _, event: self.posted.append(event), answer_within_s)
        self.live = LiveSession(Session(spec(deliver=Deliver.INSERT)), MemoryJournal().open("s1"))

    def told(self) -> list[Reason]:
        return [note.params.reason for note in self.ear.notes if isinstance(note.params, m.DaemonNotice)]

    async def insert(self) -> None:
        """All of it, as the engine does it."""
        await self.insertion.prepare(self.live)
        if self.insertion.begin(self.live):
            await self.insertion.send(self.live, outcome())


def sent(text: str, *, target: str) -> m.TextInsertParams:
    """What is sent for `outcome()`."""
    return m.TextInsertParams(session_id="s1", text=text, target=target, raw=outcome().heard.raw)


def inserter(receipt: m.Message | Exception | None = None, owner: str = "hotkey") -> FakePeer:
    answers = {} if receipt is None else {"text_insert": receipt}
    return FakePeer(owner, insert=True, insert_prepare=PREPARED, **answers)


# Preparing


@pytest.mark.asyncio
async def test_what_the_client_knows_of_the_place_is_passed_on() -> None:
    there = m.SessionContext(app="kitty", title="ssh")
    desk = Desk(FakePeer("hotkey", insert=True, insert_prepare=m.InsertPrepareResult(target="w", context=there)))
    told: list[tuple[LiveSession, m.SessionContext]] = []
    desk.insertion.on_place = lambda live, place: told.append((live, place))
    await desk.insertion.prepare(desk.live)
    assert told == [(desk.live, there)]


@pytest.mark.asyncio
async def test_cleanup_waits_for_the_place() -> None:
    desk = Desk()
    placed = []

    async def clean() -> None:
        await desk.insertion.placed(desk.live)
        placed.append(True)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(clean)
        await anyio.wait_all_tasks_blocked()
        assert placed == []
        desk.live.prepared.set()
    assert placed == [True]


@pytest.mark.parametrize("fields", [{"deliver": Deliver.RETURN}, {"deliver": Deliver.INSERT, "resumed": True}])
@pytest.mark.asyncio
async def test_where_nobody_was_asked_nothing_is_waited_for(fields: dict[str, object]) -> None:
    desk = Desk()
    desk.live = LiveSession(Session(spec(**fields)), MemoryJournal().open("s1"))
    with anyio.fail_after(0):
        await desk.insertion.placed(desk.live)


@pytest.mark.asyncio
async def test_an_inserting_client_is_asked_where_the_text_will_go() -> None:
    peer = inserter()
    desk = Desk(peer)
    await desk.insertion.prepare(desk.live)
    assert peer.asked == [("insert/prepare", m.SessionRef(session_id="s1"))]
    assert (desk.live.inserting, desk.live.target) == (peer, "window 7")
    assert desk.live.prepared.is_set()


@pytest.mark.asyncio
async def test_a_client_that_will_not_say_where_may_insert_all_the_same() -> None:
    peer = FakePeer("rude", insert=True, insert_prepare=REFUSED)
    desk = Desk(peer)
    await desk.insertion.prepare(desk.live)
    assert (desk.live.inserting, desk.live.target) == (peer, "")
    assert desk.live.prepared.is_set()


@pytest.mark.parametrize("peers", [[], [FakePeer("mute")]])
@pytest.mark.asyncio
async def test_a_session_goes_on_without_anybody_prepared(peers: list[FakePeer]) -> None:
    desk = Desk(*peers)
    await desk.insertion.prepare(desk.live)
    assert desk.live.inserting is None
    assert desk.live.prepared.is_set()


# Sending


@pytest.mark.parametrize("status", [status for status in ReceiptStatus if status is not ReceiptStatus.FAILED])
@pytest.mark.asyncio
async def test_the_receipt_says_what_became_of_the_text(status: ReceiptStatus) -> None:
    peer = inserter(m.Receipt(status=status))
    desk = Desk(peer)
    await desk.insert()
    assert peer.asked[1:] == [("text/insert", sent("Hello.", target="window 7"))]
    assert desk.posted == [ev.InsertionBegan(), ev.ReceiptCame(status)]
    assert desk.told() == []


@pytest.mark.parametrize("answer", [m.Receipt(status=ReceiptStatus.FAILED), REFUSED])
@pytest.mark.asyncio
async def test_a_text_that_was_not_inserted_stays_and_people_are_told(answer: m.Message | Exception) -> None:
    desk = Desk(inserter(answer))
    await desk.insert()
    assert desk.posted == [ev.InsertionBegan(), ev.ReceiptCame(ReceiptStatus.FAILED)]
    assert desk.told() == [Reason.NO_INSERT_CLIENT]


@pytest.mark.asyncio
async def test_without_an_answer_nobody_knows() -> None:
    desk = Desk(inserter())
    await desk.insert()
    assert desk.posted == [ev.InsertionBegan(), ev.InsertionLost()]
    assert desk.told() == [Reason.TIMEOUT]


@pytest.mark.asyncio
async def test_without_a_client_the_text_stays_and_people_are_told() -> None:
    desk = Desk(FakePeer("mute"))
    await desk.insert()
    assert desk.posted == []
    assert desk.told() == [Reason.NO_INSERT_CLIENT]


@pytest.mark.asyncio
async def test_a_client_that_has_left_is_replaced_by_another_and_its_target_forgotten() -> None:
    gone, here = inserter(owner="gone"), inserter(m.Receipt(status=ReceiptStatus.SENT))
    desk = Desk(here, gone)
    await desk.insertion.prepare(desk.live)
    assert desk.live.inserting is gone
    desk.peers.leave(gone)
    assert desk.insertion.begin(desk.live)
    await desk.insertion.send(desk.live, outcome())
    assert here.asked == [("text/insert", sent("Hello.", target=""))]


@pytest.mark.asyncio
async def test_the_connection_that_has_left_is_not_asked_though_its_owner_is_still_there() -> None:
    gone, here = inserter(), inserter(m.Receipt(status=ReceiptStatus.SENT))
    desk = Desk(here, gone)
    desk.live.inserting = gone
    desk.peers.leave(gone)
    assert desk.insertion.begin(desk.live)
    assert desk.live.inserting is here


@pytest.mark.asyncio
async def test_a_client_that_could_not_prepare_is_asked_to_insert_all_the_same() -> None:
    peer = FakePeer("hotkey", insert=True, insert_prepare=REFUSED, text_insert=m.Receipt(status=ReceiptStatus.READ))
    desk = Desk(peer)
    await desk.insert()
    assert desk.posted == [ev.InsertionBegan(), ev.ReceiptCame(ReceiptStatus.READ)]


@pytest.mark.asyncio
async def test_a_client_that_left_before_it_was_given_the_text_is_replaced() -> None:
    leaving, other = inserter(owner="leaving"), inserter(m.Receipt(status=ReceiptStatus.READ), owner="other")
    desk = Desk(other, leaving)
    await desk.insertion.prepare(desk.live)
    assert desk.insertion.begin(desk.live)
    desk.peers.leave(leaving)
    await desk.insertion.send(desk.live, outcome())
    assert desk.posted == [ev.InsertionBegan(), ev.ReceiptCame(ReceiptStatus.READ)]
    assert desk.live.inserting is other


@pytest.mark.asyncio
async def test_with_nobody_left_to_be_given_the_text_it_stays() -> None:
    leaving = inserter()
    desk = Desk(leaving)
    await desk.insertion.prepare(desk.live)
    assert desk.insertion.begin(desk.live)
    desk.peers.leave(leaving)
    await desk.insertion.send(desk.live, outcome())
    assert desk.posted == [ev.InsertionBegan(), ev.ReceiptCame(ReceiptStatus.FAILED)]


@pytest.mark.asyncio
async def test_the_text_waits_for_the_target() -> None:
    peer = inserter(m.Receipt(status=ReceiptStatus.SENT))
    desk = Desk(peer)
    desk.live.inserting = peer
    assert desk.insertion.begin(desk.live)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.insertion.send, desk.live, outcome())
        await anyio.wait_all_tasks_blocked()
        assert peer.asked == []
        desk.live.target = "late"
        desk.live.prepared.set()
    assert peer.asked == [("text/insert", sent("Hello.", target="late"))]


@pytest.mark.asyncio
async def test_the_text_does_not_wait_for_ever() -> None:
    peer = inserter(m.Receipt(status=ReceiptStatus.SENT))
    desk = Desk(peer, answer_within_s=0.0)
    desk.live.inserting = peer
    assert desk.insertion.begin(desk.live)
    await desk.insertion.send(desk.live, outcome())
    assert desk.posted[-1] == ev.ReceiptCame(ReceiptStatus.SENT)


@pytest.mark.asyncio
async def test_a_place_may_want_a_blank_behind_the_text() -> None:
    peer = inserter(m.Receipt(status=ReceiptStatus.SENT))
    desk = Desk(peer)
    desk.live = LiveSession(
        Session(spec(deliver=Deliver.INSERT, behaviour=Behaviour(trailing_space=True))), MemoryJournal().open("s1")
    )
    await desk.insert()
    assert peer.asked[-1] == ("text/insert", sent("Hello. ", target="window 7"))
