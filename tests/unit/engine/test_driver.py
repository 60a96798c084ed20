from __future__ import annotations

from collections.abc import Callable

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import RefusedError
from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import Cleaned
from parleqd.core.session.states import Delivering, Ended, Offer, Recording, State, Transcribing
from parleqd.engine.driver import EMPTY_KEPT, ENDED_REMEMBERED, Driver
from parleqd.engine.live import LiveSession
from parleqd.protocol.names import Deliver, End, Mode, Phase, Reason, ReceiptStatus, Source
from tests.fakes.dictations import BROKEN, heard, outcome, spec
from tests.fakes.log import MemoryLog

WAITING = Delivering(outcome(), Offer.WAITING)


class Recorder:
    """A performer that notes what it is told, and may react to it."""

    def __init__(self) -> None:
        self.performed: list[tuple[str, do.Effect]] = []
        self.react: Callable[[LiveSession, do.Effect], None] = lambda _, __: None

    def perform(self, live: LiveSession, effect: do.Effect) -> None:
        self.performed.append((live.id, effect))
        self.react(live, effect)


class Drive:
    """A driver with its surroundings; ``connected`` holds the owners that have a connection."""

    def __init__(self, empty_kept: int = EMPTY_KEPT, ended_remembered: int = ENDED_REMEMBERED) -> None:
        self.connected = {"alice", "bob"}
        self.log = MemoryLog()
        self.recorder = Recorder()
        self.driver = Driver(self.connected.__contains__, self.log, empty_kept, ended_remembered)
        self.driver.performer = self.recorder

    def session(self, number: int, state: State | None = None, **fields: object) -> LiveSession:
        machine = Session(spec(id=f"s{number}", number=number, **fields))
        machine.state = state or Recording()
        live = LiveSession(machine, MemoryJournal().open(machine.spec.id))
        self.driver.add(live)
        return live


@pytest.mark.asyncio
async def test_an_event_is_handled_and_its_effects_performed_in_order() -> None:
    drive = Drive()
    live = drive.session(1)
    drive.driver.post(live, ev.AudioEnded(2.0))
    assert isinstance(live.state, Transcribing)
    assert [type(effect) for _, effect in drive.recorder.performed] == [
        do.Announce,
        do.FinishUtterance,
        do.SetTimer,
    ]


@pytest.mark.asyncio
async def test_a_refused_event_from_inside_is_logged_and_the_next_one_is_handled() -> None:
    drive = Drive()
    live = drive.session(1)
    drive.driver.post(live, ev.TurnCame())
    drive.driver.post(live, ev.StopRequested())
    assert drive.log.events() == ["event_refused"]
    assert drive.recorder.performed == [("s1", do.StopCapture())]


@pytest.mark.asyncio
async def test_a_client_is_told_of_a_refusal() -> None:
    drive = Drive()
    live = drive.session(1)
    with pytest.raises(RefusedError) as raised:
        drive.driver.ask(live, ev.ReceiptCame(ReceiptStatus.READ))
    assert raised.value.reason is Reason.WRONG_PHASE
    assert drive.log.records == []
    drive.driver.post(live, ev.StopRequested())
    assert drive.recorder.performed == [("s1", do.StopCapture())]


@pytest.mark.parametrize("way", ["post", "ask"])
@pytest.mark.asyncio
async def test_what_an_effect_brings_about_is_handled_after_all_effects(way: str) -> None:
    drive = Drive()
    live = drive.session(1)

    def fail(live: LiveSession, effect: do.Effect) -> None:
        if effect == do.Announce(Phase.TRANSCRIBING):
            drive.driver.post(live, ev.RecognitionFailed(BROKEN))

    drive.recorder.react = fail
    getattr(drive.driver, way)(live, ev.AudioEnded(2.0))
    assert [type(effect) for _, effect in drive.recorder.performed] == [
        do.Announce,
        do.FinishUtterance,
        do.SetTimer,
        do.ReleaseAudio,
        do.Announce,
    ]
    assert live.ended
    assert list(drive.driver.ended) == ["s1"]


@pytest.mark.asyncio
async def test_an_event_for_everybody_reaches_everybody() -> None:
    drive = Drive()
    sessions = [drive.session(number, Transcribing(0.0, 2.0)) for number in (1, 2)]
    drive.driver.post_all(ev.CancelRequested())
    assert all(live.ended for live in sessions)


@pytest.mark.asyncio
async def test_texts_are_offered_in_start_order_as_their_turns_come() -> None:
    drive = Drive()
    first = drive.session(1, Transcribing(0.0, 2.0))
    second = drive.session(2, WAITING)
    drive.driver.post(second, ev.RecogniserAdvanced())
    assert drive.recorder.performed == []
    drive.driver.post(first, ev.CancelRequested())
    assert ("s2", do.OfferText(outcome())) in drive.recorder.performed
    assert second.state == Delivering(outcome(), Offer.READY)


@pytest.mark.asyncio
async def test_an_ended_session_is_remembered_without_its_text() -> None:
    drive = Drive()
    live = drive.session(1, Delivering(outcome(), Offer.READY))
    live.claimed = True
    drive.driver.post(live, ev.ReceiptCame(ReceiptStatus.READ))
    assert drive.driver.live == {}
    assert drive.driver.ended["s1"] == ("alice", True, Ended(End.DELIVERED))
    assert drive.driver.state_of("s1") == Ended(End.DELIVERED)
    with pytest.raises(RefusedError, match=r"over \(delivered\)") as raised:
        drive.driver.find("s1")
    assert raised.value.reason is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_the_end_of_a_session_stops_all_that_runs_for_it() -> None:
    drive = Drive()
    live = drive.session(1)
    drive.driver.post(live, ev.CancelRequested())
    assert live.dropped
    assert live.capture_scope.cancel_called
    assert live.timer_scope.cancel_called
    assert live.cleanup_scope.cancel_called


@pytest.mark.asyncio
async def test_only_the_latest_ends_are_remembered() -> None:
    drive = Drive(ended_remembered=2)
    for number in (1, 2, 3):
        drive.driver.post(drive.session(number), ev.CancelRequested())
    assert list(drive.driver.ended) == ["s2", "s3"]
    assert drive.driver.state_of("s1") is None


def test_a_session_that_never_was_is_unknown() -> None:
    with pytest.raises(RefusedError, match="s9 is unknown"):
        Drive().driver.find("s9")


@pytest.mark.asyncio
async def test_empty_results_do_not_pile_up_for_ever_and_texts_are_never_dropped() -> None:
    drive = Drive(empty_kept=1)
    for number, text in ((1, "Hello."), (2, ""), (3, ""), (4, "Bye.")):
        live = drive.session(number, Delivering(outcome(text), Offer.WAITING))
        drive.driver.post(live, ev.RecogniserAdvanced())
    assert list(drive.driver.live) == ["s1", "s3", "s4"]


@pytest.mark.parametrize(
    ("owner", "text", "deliver", "ends"),
    [
        ("gone", "", Deliver.RETURN, True),
        ("alice", "", Deliver.RETURN, False),
        ("gone", "Hello.", Deliver.RETURN, False),
        ("gone", "Hello.", Deliver.INSERT, False),
    ],
)
@pytest.mark.asyncio
async def test_an_empty_text_ends_with_nobody_there_to_fetch_it(
    owner: str, text: str, deliver: Deliver, ends: bool
) -> None:
    drive = Drive()
    live = drive.session(1, Delivering(outcome(text), Offer.WAITING), owner=owner, deliver=deliver)
    drive.driver.post(live, ev.RecogniserAdvanced())
    assert live.ended == ends


@pytest.mark.asyncio
async def test_whoever_waits_for_a_change_is_woken() -> None:
    drive = Drive()
    live = drive.session(1)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(live.changed)
        await anyio.wait_all_tasks_blocked()
        drive.driver.post(live, ev.StopRequested())


STEPS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(["stop", "end", "hear", "clean", "cancel", "lose", "leave", "read"])),
    max_size=40,
)
KINDS = st.lists(
    st.tuples(st.sampled_from(["alice", "bob"]), st.sampled_from(list(Source)), st.sampled_from(list(Deliver))),
    min_size=1,
    max_size=6,
)
HAPPENS: dict[str, ev.Event] = {
    "stop": ev.StopRequested(),
    "end": ev.AudioEnded(2.0),
    "hear": ev.TranscriptReady(heard("um hello")),
    "clean": ev.TextCleaned(Cleaned("Hello.", Mode.INSTANT)),
    "cancel": ev.CancelRequested(),
    "lose": ev.InsertionLost(),
    "leave": ev.OwnerLeft(),
    "read": ev.ReceiptCame(ReceiptStatus.READ),
}


@given(kinds=KINDS, steps=STEPS)
def test_no_text_waits_for_ever(kinds: list[tuple[str, Source, Deliver]], steps: list[tuple[int, str]]) -> None:
    """Whatever happens in whatever order: once everything has been heard, every text has been offered, once."""

    async def live_through() -> None:
        drive = Drive()

        def insert(live: LiveSession, effect: do.Effect) -> None:
            if isinstance(effect, do.OfferText) and live.spec.deliver is Deliver.INSERT:
                drive.driver.post(live, ev.InsertionBegan())

        drive.recorder.react = insert
        lives = [
            drive.session(number, owner=owner, source=source, deliver=deliver)
            for number, (owner, source, deliver) in enumerate(kinds)
        ]
        for at, name in steps:
            drive.driver.post(lives[at % len(lives)], HAPPENS[name])
        for name in ("end", "hear", "clean", "lose", "lose", "lose", "lose", "lose", "lose"):
            for live in lives:
                drive.driver.post(live, HAPPENS[name])
        for live in lives:
            assert not isinstance(live.state, Delivering) or live.state.offer is not Offer.WAITING
        offered = [session_id for session_id, effect in drive.recorder.performed if isinstance(effect, do.OfferText)]
        assert len(offered) == len(set(offered))

    anyio.run(live_through)
