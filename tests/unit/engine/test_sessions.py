from __future__ import annotations

import anyio
import pytest

from parleqd.adapters.audio.scripted import ScriptedSource
from parleqd.core.errors import OutsideError
from parleqd.core.session.states import Delivering, Ended, Offer, Recording, Transcribing
from parleqd.core.speech import messages as speech
from parleqd.core.text import instant
from parleqd.engine.live import LiveSession
from parleqd.protocol.messages import Receipt
from parleqd.protocol.names import SAMPLE_RATE, Deliver, End, OnDisconnect, Reason, ReceiptStatus, Source
from tests.fakes.dictations import spec
from tests.fakes.engine import SECOND, running_engine
from tests.fakes.microphone import FakeMicrophone
from tests.refusals import reason_of, reason_when

READ = Receipt(status=ReceiptStatus.READ)
FAILED = Receipt(status=ReceiptStatus.FAILED)


def offer(live: LiveSession) -> Offer:
    assert isinstance(live.state, Delivering)
    return live.state.offer


# Starting


@pytest.mark.asyncio
async def test_every_session_has_an_id_and_a_number_of_its_own() -> None:
    async with running_engine() as engine:
        first, second = (engine.live(engine.sessions.start(spec())) for _ in range(2))
        assert (first.spec.number, second.spec.number) == (1, 2)
        assert first.id != second.id
        assert first.spec.started <= second.spec.started
        assert engine.sessions.busy() == [first, second]


@pytest.mark.asyncio
async def test_a_file_is_heard_to_its_end_and_its_text_returned() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        live = await engine.dictated("um hello there")
        assert (await engine.sessions.result(live.id, "alice")) is live
        assert isinstance(live.state, Delivering)
        outcome = live.state.outcome
        assert outcome.heard.raw == "um hello there"
        assert outcome.cleaned.text == instant.clean("um hello there").text
        assert outcome.heard.audio_seconds == 2.0


@pytest.mark.asyncio
async def test_partials_are_asked_for_when_somebody_reads_them() -> None:
    async with running_engine() as engine:
        engine.sessions.start(spec(owner="nobody"))
        engine.connect("alice")
        engine.sessions.start(spec())
        puppet = await engine.puppets.life(1)
        await puppet.until(lambda: sum(isinstance(one, speech.Open) for one in puppet.commands) == 2)
        assert [one.partials for one in puppet.commands if isinstance(one, speech.Open)] == [False, True]


@pytest.mark.asyncio
async def test_the_recogniser_is_told_what_terms_to_expect_those_of_earlier_texts_first() -> None:
    async with running_engine() as engine:
        await engine.services.vocabulary.import_list("Noirtier\nMorrel\n", None)
        await engine.dictated("I saw Noirtier.")
        engine.sessions.start(spec())
        puppet = await engine.puppets.life(1)
        await puppet.until(lambda: sum(isinstance(one, speech.Open) for one in puppet.commands) == 2)
        opened = [one.hotwords for one in puppet.commands if isinstance(one, speech.Open)]
        assert opened == [("Morrel", "Noirtier"), ("Noirtier", "Morrel")]


@pytest.mark.asyncio
async def test_a_file_that_cannot_be_heard_fails_its_session() -> None:
    source = ScriptedSource([], failure=OutsideError(Reason.AUDIO_UNREADABLE, "is no audio"))
    async with running_engine(files=source) as engine:
        session_id = engine.sessions.start(spec())
        assert await reason_when(engine.sessions.result(session_id, "alice")) is Reason.AUDIO_UNREADABLE
        assert await reason_when(engine.sessions.result(session_id, "alice")) is Reason.AUDIO_UNREADABLE
        assert engine.sessions.busy() == []


# Streams


@pytest.mark.asyncio
async def test_a_stream_is_heard_until_it_is_stopped() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        live = await engine.dictated(source=Source.STREAM)
        assert (await engine.puppets.life(1)).audio(live.id) == SECOND * 2
        assert await reason_when(engine.sessions.audio(live.id, "alice", SECOND)) is Reason.WRONG_PHASE


@pytest.mark.asyncio
async def test_anybody_may_stop_a_stream_whose_owner_is_gone() -> None:
    async with running_engine() as engine:
        session_id = engine.sessions.start(spec(source=Source.STREAM))
        assert engine.sessions.stop(session_id, "bob", False) == session_id
        assert engine.sessions.cancel(session_id, "bob") == session_id


@pytest.mark.asyncio
async def test_only_its_owner_feeds_and_stops_a_stream() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        session_id = engine.sessions.start(spec(source=Source.STREAM))
        assert await reason_when(engine.sessions.audio(session_id, "bob", SECOND)) is Reason.NOT_OWNER
        assert reason_of(lambda: engine.sessions.stop(session_id, "bob", False)) is Reason.NOT_OWNER
        assert reason_of(lambda: engine.sessions.cancel(session_id, "bob")) is Reason.NOT_OWNER
        assert await reason_when(engine.sessions.result(session_id, "bob")) is Reason.NOT_OWNER
        assert isinstance(engine.live(session_id).state, Recording)


@pytest.mark.parametrize(
    ("on_disconnect", "then"), [(OnDisconnect.STOP, Transcribing), (OnDisconnect.CONTINUE, Recording)]
)
@pytest.mark.asyncio
async def test_the_loss_of_the_owner_stops_a_stream_unless_it_is_to_go_on(
    on_disconnect: OnDisconnect, then: type[object]
) -> None:
    async with running_engine() as engine:
        alice = engine.connect("alice")
        live = engine.live(engine.sessions.start(spec(source=Source.STREAM, on_disconnect=on_disconnect)))
        engine.disconnect(alice)
        assert isinstance(live.state, then)


@pytest.mark.asyncio
async def test_the_loss_of_one_of_two_connections_stops_nothing() -> None:
    async with running_engine() as engine:
        first, second = engine.connect("alice"), engine.connect("alice")
        live = engine.live(engine.sessions.start(spec(source=Source.STREAM)))
        engine.disconnect(first)
        assert isinstance(live.state, Recording)
        engine.disconnect(second)
        assert isinstance(live.state, Transcribing)


# The microphone


def microphone() -> FakeMicrophone:
    return FakeMicrophone(SECOND)


@pytest.mark.asyncio
async def test_anybody_may_stop_the_microphone_and_only_its_owner_gets_the_text() -> None:
    async with running_engine(microphone=microphone()) as engine:
        engine.connect("alice")
        live = engine.live(engine.sessions.start(spec(source=Source.MICROPHONE)))
        await anyio.wait_all_tasks_blocked()
        assert engine.sessions.stop(None, "bob", redirect=False) == live.id
        await engine.until(live, Transcribing)
        assert await reason_when(engine.sessions.result(live.id, "bob")) is Reason.NOT_OWNER
        assert reason_of(lambda: engine.sessions.stop(None, "bob", redirect=False)) is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_a_key_pressed_again_at_once_is_heard_though_the_last_word_is_still_listened_for() -> None:
    loud = FakeMicrophone(b"\0\x20" * SAMPLE_RATE)
    async with running_engine(microphone=loud) as engine:
        engine.connect("alice")
        first = engine.live(engine.sessions.start(spec(source=Source.MICROPHONE)))
        await anyio.wait_all_tasks_blocked()
        engine.sessions.stop(None, "alice", redirect=False)
        assert isinstance(first.state, Recording)
        second = engine.live(engine.sessions.start(spec(source=Source.MICROPHONE)))
        assert engine.sessions.stop(None, "alice", redirect=False) == second.id
        await engine.until(first, Transcribing)
        await engine.until(second, Transcribing)
        assert (loud.open, loud.opened) == (0, 2)
        assert first.audio_seconds == second.audio_seconds == 1.0


@pytest.mark.asyncio
async def test_a_stop_that_prints_makes_the_stopper_the_owner_of_what_was_to_be_inserted() -> None:
    async with running_engine(microphone=microphone()) as engine:
        live = engine.live(engine.sessions.start(spec(source=Source.MICROPHONE, deliver=Deliver.INSERT)))
        await anyio.wait_all_tasks_blocked()
        engine.sessions.stop(None, "bob", redirect=True)
        assert (live.spec.owner, live.spec.deliver) == ("bob", Deliver.RETURN)
        await engine.until(live, Transcribing)
        (await engine.puppets.life(1)).answer(live.id, "hello")
        assert (await engine.sessions.result(live.id, "bob")) is live


@pytest.mark.asyncio
async def test_a_second_recording_begins_while_the_first_is_transcribed() -> None:
    async with running_engine(microphone=microphone()) as engine:
        engine.connect("alice")
        first = engine.sessions.start(spec(source=Source.MICROPHONE))
        await anyio.wait_all_tasks_blocked()
        assert reason_of(lambda: engine.sessions.start(spec(source=Source.MICROPHONE))) is Reason.MICROPHONE_BUSY
        engine.sessions.stop(first, "alice", redirect=False)
        await engine.until(engine.live(first), Transcribing)
        second = engine.sessions.start(spec(source=Source.MICROPHONE))
        assert isinstance(engine.live(second).state, Recording)


# Results


@pytest.mark.asyncio
async def test_a_result_is_repeated_until_it_is_acknowledged() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        live = await engine.dictated()
        for _ in range(3):
            assert (await engine.sessions.result(live.id, "alice")) is live
            assert offer(live) is Offer.MAYBE_DELIVERED
        engine.sessions.acknowledge(live.id, "alice", READ)
        assert live.state == Ended(End.DELIVERED)
        assert await reason_when(engine.sessions.result(live.id, "alice")) is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_acknowledging_again_changes_nothing() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        live = await engine.dictated()
        for _ in range(2):
            engine.sessions.acknowledge(live.id, "alice", READ)
        assert engine.services.records.metrics.counts["receipt_read"] == len(engine.log.fields("acknowledged")) == 1
        assert reason_of(lambda: engine.sessions.acknowledge(live.id, "bob", READ)) is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_only_the_owner_acknowledges_and_only_what_is_there() -> None:
    async with running_engine() as engine:
        recording = engine.sessions.start(spec(source=Source.STREAM))
        assert reason_of(lambda: engine.sessions.acknowledge(recording, "bob", READ)) is Reason.NOT_OWNER
        assert reason_of(lambda: engine.sessions.acknowledge(recording, "alice", READ)) is Reason.WRONG_PHASE
        assert reason_of(lambda: engine.sessions.acknowledge("absent", "alice", READ)) is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_a_text_that_did_not_arrive_can_be_had_again() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        live = await engine.dictated()
        await engine.sessions.result(live.id, "alice")
        engine.sessions.acknowledge(live.id, "alice", FAILED)
        assert offer(live) is Offer.READY
        assert (await engine.sessions.result(live.id, "alice")) is live


@pytest.mark.asyncio
async def test_whoever_waits_is_told_when_the_session_is_cancelled() -> None:
    async with running_engine() as engine:
        session_id = engine.sessions.start(spec(source=Source.STREAM))
        reasons: list[Reason] = []

        async def wait() -> None:
            reasons.append(await reason_when(engine.sessions.result(session_id, "alice")))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            assert engine.sessions.cancel(session_id, "alice") == session_id
        assert reasons == [Reason.CANCELLED]
        assert engine.sessions.cancel(session_id, "anybody") == session_id


@pytest.mark.asyncio
async def test_texts_of_one_owner_are_handed_out_in_start_order() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        lives = [engine.live(engine.sessions.start(spec())) for _ in range(3)]
        handed: list[int] = []

        async def fetch(live: LiveSession) -> None:
            await engine.sessions.result(live.id, "alice")
            handed.append(live.spec.number)

        async with anyio.create_task_group() as tasks:
            for live in reversed(lives):
                tasks.start_soon(fetch, live)
                await engine.until(live, Transcribing)
            puppet = await engine.puppets.life(1)
            for live in reversed(lives):
                puppet.answer(live.id, "hello")
        assert handed == [1, 2, 3]


# Pending and claimed


@pytest.mark.asyncio
async def test_what_waits_is_listed_to_its_owner_and_to_whoever_asks_for_all() -> None:
    async with running_engine() as engine:
        engine.connect("bob")
        first = await engine.dictated(owner="alice")
        second = await engine.dictated(owner="bob")
        await engine.dictated(text="", owner="bob")
        engine.sessions.start(spec(source=Source.STREAM))
        assert engine.sessions.pending("alice") == [first]
        assert engine.sessions.pending() == [first, second]


@pytest.mark.asyncio
async def test_an_orphan_is_claimed_once() -> None:
    async with running_engine() as engine:
        live = await engine.dictated()
        bob = engine.connect("bob")
        engine.connect("carol")
        assert engine.sessions.claim(live.id, "bob") is live
        assert reason_of(lambda: engine.sessions.claim(live.id, "carol")) is Reason.ALREADY_CLAIMED
        assert (await engine.sessions.result(live.id, "bob")) is live
        engine.disconnect(bob)
        assert engine.sessions.claim(live.id, "carol") is live
        engine.sessions.acknowledge(live.id, "carol", READ)
        assert reason_of(lambda: engine.sessions.claim(live.id, "dave")) is Reason.ALREADY_CLAIMED


@pytest.mark.asyncio
async def test_a_session_whose_owner_is_connected_is_no_orphan() -> None:
    async with running_engine() as engine:
        alice = engine.connect("alice")
        live = await engine.dictated()
        assert reason_of(lambda: engine.sessions.claim(live.id, "bob")) is Reason.NOT_OWNER
        engine.disconnect(alice)
        assert engine.sessions.claim(live.id, "bob") is live


@pytest.mark.asyncio
async def test_an_owner_that_comes_back_needs_no_claim() -> None:
    async with running_engine() as engine:
        live = await engine.dictated()
        engine.connect("alice")
        assert (await engine.sessions.result(live.id, "alice")) is live
        assert engine.sessions.claim(live.id, "alice") is live


@pytest.mark.asyncio
async def test_only_finished_sessions_are_claimed() -> None:
    async with running_engine() as engine:
        session_id = engine.sessions.start(spec(source=Source.STREAM))
        assert reason_of(lambda: engine.sessions.claim(session_id, "bob")) is Reason.WRONG_PHASE
        assert reason_of(lambda: engine.sessions.claim("absent", "bob")) is Reason.UNKNOWN_SESSION


@pytest.mark.asyncio
async def test_a_text_held_back_by_its_owner_stays_within_reach() -> None:
    async with running_engine() as engine:
        alice = engine.connect("alice")
        live = await engine.dictated()
        await engine.sessions.result(live.id, "alice")
        engine.sessions.acknowledge(live.id, "alice", Receipt(status=ReceiptStatus.HELD))
        assert (await engine.sessions.result(live.id, "alice")) is live
        engine.disconnect(alice)
        assert engine.sessions.claim(live.id, "bob") is live


# Inserting


@pytest.mark.asyncio
async def test_a_text_that_nobody_could_insert_is_everybodys_to_claim() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        engine.connect("bob")
        live = await engine.dictated(deliver=Deliver.INSERT)
        assert await reason_when(engine.sessions.result(live.id, "alice")) is Reason.WRONG_PHASE
        assert engine.sessions.claim(live.id, "bob") is live
        assert live.spec.deliver is Deliver.RETURN
        assert (await engine.sessions.result(live.id, "bob")) is live


@pytest.mark.asyncio
async def test_an_inserting_client_acknowledges_what_it_was_given() -> None:
    async with running_engine() as engine:
        hotkey = engine.connect("hotkey", insert=True)
        hotkey.answers["text/insert"] = Receipt(status=ReceiptStatus.HELD)
        live = await engine.dictated(deliver=Deliver.INSERT)
        with anyio.fail_after(5):
            while offer(live) is not Offer.HELD:
                await live.changed()
        assert reason_of(lambda: engine.sessions.claim(live.id, "bob")) is Reason.NOT_OWNER
        assert reason_of(lambda: engine.sessions.acknowledge(live.id, "bob", READ)) is Reason.NOT_OWNER
        engine.sessions.acknowledge(live.id, "hotkey", READ)
        assert live.state == Ended(End.DELIVERED)


@pytest.mark.asyncio
async def test_a_text_held_by_a_client_that_leaves_may_have_been_delivered() -> None:
    async with running_engine() as engine:
        hotkey = engine.connect("hotkey", insert=True)
        hotkey.answers["text/insert"] = Receipt(status=ReceiptStatus.HELD)
        live = await engine.dictated(deliver=Deliver.INSERT)
        with anyio.fail_after(5):
            while offer(live) is not Offer.HELD:
                await live.changed()
        engine.disconnect(hotkey)
        assert offer(live) is Offer.MAYBE_DELIVERED
        assert engine.sessions.claim(live.id, "bob") is live
