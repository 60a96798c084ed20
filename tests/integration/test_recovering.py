from __future__ import annotations

import anyio
import pytest

from parleqd.adapters.audio.scripted import ScriptedSource
from parleqd.core.errors import RefusedError
from parleqd.core.session.states import Ended, Transcribing
from parleqd.core.speech import messages as speech
from parleqd.engine.recovery import Recovery
from parleqd.protocol.names import Deliver, Reason, Source
from tests.fakes.dictations import spec
from tests.fakes.engine import SECOND, running_engine
from tests.refusals import reason_of, reason_when


@pytest.mark.asyncio
async def test_a_recogniser_that_fails_is_the_answer_and_the_audio_can_be_redone() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        live = engine.live(engine.sessions.start(spec(source=Source.STREAM)))
        await engine.sessions.audio(live.id, "alice", SECOND)
        engine.sessions.stop(live.id, "alice", redirect=False)
        puppet = await engine.puppets.life(1)
        puppet.say(speech.Failed(live.id, "no"))
        assert await reason_when(engine.sessions.result(live.id, "alice")) is Reason.WORKER_FAILED
        again = engine.live(engine.sessions.recover("alice"))
        await puppet.until_told(speech.Finish(again.id))
        assert puppet.audio(again.id) == SECOND
        puppet.answer(again.id, "hello")
        assert (await engine.sessions.result(again.id, "alice")) is again


@pytest.mark.asyncio
async def test_without_an_earlier_capture_there_is_nothing_to_recover() -> None:
    async with running_engine() as engine:
        assert reason_of(lambda: engine.sessions.recover("alice")) is Reason.NO_CAPTURE


@pytest.mark.asyncio
async def test_the_last_capture_is_redone_as_often_as_one_likes() -> None:
    async with running_engine() as engine:
        engine.connect("bob")
        await engine.dictated(source=Source.STREAM, deliver=Deliver.INSERT)
        puppet = await engine.puppets.life(1)
        for _ in range(2):
            again = engine.live(engine.sessions.recover("bob"))
            assert (again.spec.owner, again.spec.deliver) == ("bob", Deliver.RETURN)
            await puppet.until_told(speech.Finish(again.id))
            assert puppet.audio(again.id) == SECOND * 2
            puppet.answer(again.id, "hello")
            assert (await engine.sessions.result(again.id, "bob")) is again


@pytest.mark.parametrize(("keep", "samples"), [(True, len(SECOND)), (False, 2 * len(SECOND))])
@pytest.mark.asyncio
async def test_a_key_that_was_touched_by_accident_does_not_cost_the_last_capture(keep: bool, samples: int) -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        await engine.dictated(source=Source.STREAM, deliver=Deliver.INSERT)
        accident = engine.live(engine.sessions.start(spec(source=Source.STREAM)))
        await engine.sessions.audio(accident.id, "alice", SECOND)
        engine.sessions.cancel(accident.id, "alice", keep=keep)
        again = engine.live(engine.sessions.recover("alice"))
        puppet = await engine.puppets.life(1)
        await puppet.until_told(speech.Finish(again.id))
        assert len(puppet.audio(again.id)) == samples


@pytest.mark.asyncio
async def test_a_file_is_recovered_though_it_may_be_gone() -> None:
    async with running_engine() as engine:
        engine.connect("bob")
        await engine.dictated()
        again = engine.live(engine.sessions.recover("bob"))
        assert again.spec.source is Source.STREAM
        await engine.until(again, Transcribing)


@pytest.mark.asyncio
async def test_a_long_file_is_recovered_from_its_path() -> None:
    async with running_engine() as engine:
        engine.services.records.recovery = Recovery(engine.services.journal, file_s=0.0)
        engine.connect("bob")
        await engine.dictated()
        again = engine.live(engine.sessions.recover("bob"))
        assert (again.spec.source, again.spec.path) == (Source.FILE, "/speech.flac")
        await engine.until(again, Transcribing)


@pytest.mark.parametrize("frames", [[], [SECOND]])
@pytest.mark.asyncio
async def test_a_file_that_failed_before_it_was_read_is_read_again(frames: list[bytes]) -> None:
    gate = anyio.Event()
    async with running_engine(files=ScriptedSource(frames, gate=gate)) as engine:
        engine.connect("alice")
        await engine.dictated(source=Source.STREAM)
        failing = engine.live(engine.sessions.start(spec()))
        puppet = await engine.puppets.life(1)
        await puppet.until(lambda: len(puppet.audio(failing.id)) == sum(map(len, frames)))
        puppet.say(speech.Failed(failing.id, "no"))
        assert await reason_when(engine.sessions.result(failing.id, "alice")) is Reason.WORKER_FAILED
        again = engine.live(engine.sessions.recover("alice"))
        assert (again.spec.source, again.spec.path) == (Source.FILE, "/speech.flac")
        gate.set()
        await engine.until(again, Transcribing)


@pytest.mark.asyncio
async def test_a_recovery_that_fails_at_once_keeps_the_audio() -> None:
    async with running_engine() as engine:
        engine.connect("alice")
        await engine.dictated(source=Source.STREAM)
        first = await engine.puppets.life(1)
        failing = engine.live(engine.sessions.recover("alice"))
        first.say(speech.Failed(failing.id, "no"))
        assert await reason_when(engine.sessions.result(failing.id, "alice")) is Reason.WORKER_FAILED
        again = engine.live(engine.sessions.recover("alice"))
        await first.until_told(speech.Finish(again.id))
        assert first.audio(again.id) == SECOND * 2


@pytest.mark.asyncio
async def test_the_loss_of_the_owner_does_not_cut_a_recovery_short() -> None:
    async with running_engine() as engine:
        alice = engine.connect("alice")
        await engine.dictated(source=Source.STREAM)
        again = engine.live(engine.sessions.recover("alice"))
        engine.disconnect(alice)
        puppet = await engine.puppets.life(1)
        await puppet.until_told(speech.Finish(again.id))
        assert puppet.audio(again.id) == SECOND * 2


@pytest.mark.asyncio
async def test_nothing_can_be_recovered_where_nothing_is_kept() -> None:
    async with running_engine("[history]\nkeep = 0\n") as engine:
        engine.connect("alice")
        live = await engine.dictated(source=Source.STREAM)
        assert reason_of(lambda: engine.sessions.recover("alice")) is Reason.NO_CAPTURE
        assert engine.sessions.pending() == [live]
        assert (await engine.sessions.result(live.id, "alice")) is live


@pytest.mark.asyncio
async def test_what_never_became_a_text_is_redone_though_nothing_is_to_be_kept() -> None:
    async with running_engine("[history]\nkeep = 0\n") as engine:
        engine.connect("alice")
        live = engine.live(engine.sessions.start(spec(source=Source.STREAM)))
        await engine.sessions.audio(live.id, "alice", SECOND)
        engine.sessions.stop(live.id, "alice", redirect=False)
        puppet = await engine.puppets.life(1)
        await puppet.until_told(speech.Finish(live.id))
        puppet.say(speech.Failed(live.id, "no"))
        await engine.until(live, Ended)
        again = engine.live(engine.sessions.recover("alice"))
        await puppet.until_told(speech.Finish(again.id))
        assert puppet.audio(again.id) == SECOND
        puppet.answer(again.id, "hello")
        await engine.sessions.result(again.id, "alice")
        with pytest.raises(RefusedError):
            engine.sessions.recover("alice")
