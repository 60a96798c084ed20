"""Dictations that a daemon left behind, taken up by the next one on the same journal."""

from __future__ import annotations

import os
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from parleqd.adapters.audio.scripted import ScriptedSource
from parleqd.adapters.journal.file import FileJournal
from parleqd.adapters.journal.memory import MemoryEntry, MemoryJournal
from parleqd.core.errors import OutsideError
from parleqd.core.ports import LeftBehind
from parleqd.core.session.outcome import HeardSegment
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
    tell,
)
from parleqd.core.session.states import Delivering, Ended, Offer
from parleqd.core.speech import messages as speech
from parleqd.engine.live import LiveSession
from parleqd.protocol.messages import DaemonNotice
from parleqd.protocol.names import Deliver, Reason, Source
from tests.fakes.dictations import outcome, spec
from tests.fakes.engine import SECOND, Engine, running_engine
from tests.fakes.journals import Reports, file_journal
from tests.fakes.recogniser import final
from tests.integration.daemon import running_daemon

DICTATION = spec(source=Source.MICROPHONE, deliver=Deliver.INSERT, owner="hotkey", path="")


class InheritedJournal(MemoryJournal):
    """A journal that an earlier daemon has left, with what is in it."""

    def __init__(self, *left: LeftBehind) -> None:
        super().__init__()
        self._left = left

    def left_behind(self) -> Sequence[LeftBehind]:
        return self._left


@asynccontextmanager
async def after_a_crash(*stages: Stage, seconds: int = 2) -> AsyncIterator[tuple[Engine, MemoryEntry]]:
    """An engine that found one entry with these stages and so much audio."""
    entry = MemoryJournal().open("s1")
    for _ in range(seconds):
        await entry.append(SECOND)
    async with running_engine(journal=InheritedJournal(LeftBehind("s1", entry, stages))) as engine:
        yield engine, entry


def only(engine: Engine) -> LiveSession:
    (live,) = engine.sessions.driver.live.values()
    return live


def crashed(journal: FileJournal) -> None:
    """The end of a daemon: the kernel takes its lock."""
    os.close(journal._place.lock)


def notices(engine: Engine) -> list[Reason]:
    return [note.params.reason for note in engine.ear.notes if isinstance(note.params, DaemonNotice)]


@pytest.mark.asyncio
async def test_a_recording_that_was_cut_off_is_finished_and_waits_for_a_users_act() -> None:
    async with after_a_crash(Began(DICTATION)) as (engine, _):
        hotkey = engine.connect("hotkey", insert=True)
        puppet = await engine.puppets.life(1)
        await puppet.until_told(speech.Finish("s1"))
        assert puppet.audio("s1") == SECOND * 2
        puppet.answer("s1", "hello there", seconds=2.0)
        live = only(engine)
        await engine.until(live, Delivering)
        assert engine.sessions.pending() == [live]
        assert Reason.RESUMED in notices(engine)
        assert hotkey.asked == []
        claimed = engine.sessions.claim("s1", "bob")
        assert (await engine.sessions.result("s1", "bob")) is claimed
        assert isinstance(claimed.state, Delivering)
        assert [warning.reason for warning in claimed.state.outcome.heard.warnings] == [Reason.AUDIO_INCOMPLETE]


@pytest.mark.asyncio
async def test_what_had_been_committed_is_not_decoded_again() -> None:
    committed = Committed(HeardSegment(0.0, 1.0, "one"))
    async with after_a_crash(Began(DICTATION), committed, AudioDone()) as (engine, _):
        puppet = await engine.puppets.life(1)
        await puppet.until_told(speech.Finish("s1"))
        assert puppet.audio("s1") == SECOND
        puppet.say(speech.Segment("s1", 1.0, 2.0, "two"), final("s1", seconds=2.0))
        live = only(engine)
        await engine.until(live, Delivering)
        assert isinstance(live.state, Delivering)
        assert live.state.outcome.heard.raw == "one two"
        assert live.state.outcome.heard.warnings == ()


@pytest.mark.parametrize(("stages", "offer"), [([], Offer.READY), ([Offered(out=True)], Offer.MAYBE_DELIVERED)])
@pytest.mark.asyncio
async def test_a_finished_text_is_offered_once_more(stages: list[Stage], offer: Offer) -> None:
    async with after_a_crash(Began(DICTATION), Finished(outcome("Hello.")), *stages) as (engine, entry):
        live = only(engine)
        assert live.state == Delivering(outcome("Hello."), offer)
        assert engine.sessions.pending() == [live]
        assert engine.services.records.history.latest(1)[0].outcome == outcome("Hello.")
        engine.sessions.claim("s1", "bob")
        await engine.sessions.result("s1", "bob")
        engine.sessions.give_up_orphans()
        assert isinstance(live.state, Ended)
        with pytest.raises(ValueError, match="trimmed"):
            entry.read(0, 1)


@pytest.mark.asyncio
async def test_what_ends_the_daemon_time_after_time_is_not_tried_again() -> None:
    stages: list[Stage] = [Began(DICTATION), Committed(HeardSegment(0.0, 1.0, "one")), *[Resumed()] * ATTEMPTS_ALLOWED]
    async with after_a_crash(*stages) as (engine, _):
        live = only(engine)
        await engine.until(live, Delivering)
        assert isinstance(live.state, Delivering)
        assert live.state.outcome.heard.raw == "one"
        assert engine.services.records.recovery.last().spec.id == "s1"


@pytest.mark.asyncio
async def test_the_last_captures_audio_can_still_be_redone() -> None:
    async with after_a_crash(Kept(DICTATION, time.time() + 100)) as (engine, _):
        engine.connect("bob")
        again = engine.live(engine.sessions.recover("bob"))
        puppet = await engine.puppets.life(1)
        await puppet.until_told(speech.Finish(again.id))
        assert puppet.audio(again.id) == SECOND * 2


@pytest.mark.asyncio
async def test_an_entry_with_neither_beginning_nor_audio_is_dropped() -> None:
    async with after_a_crash(AudioDone(), seconds=0) as (engine, _):
        assert engine.sessions.driver.live == {}


@pytest.mark.asyncio
async def test_a_file_of_which_nothing_was_read_is_read_again() -> None:
    async with after_a_crash(Began(spec()), seconds=0) as (engine, _):
        puppet = await engine.puppets.life(1)
        await puppet.until_told(speech.Finish("s1"))
        assert puppet.audio("s1") == SECOND * 2
        puppet.answer("s1", "hello there", seconds=2.0)
        live = only(engine)
        await engine.until(live, Delivering)
        assert isinstance(live.state, Delivering)
        assert live.state.outcome.heard.warnings == ()
        assert engine.sessions.pending() == [live]


@pytest.mark.asyncio
async def test_people_are_told_of_a_file_that_can_be_read_no_more() -> None:
    gone = ScriptedSource([], failure=OutsideError(Reason.AUDIO_UNREADABLE, "it is gone"))
    journal = InheritedJournal(LeftBehind("s1", MemoryJournal().open("s1"), [Began(spec())]))
    async with running_engine(journal=journal, files=gone) as engine:
        live = only(engine)
        await engine.until(live, Ended)
        assert isinstance(live.state, Ended)
        assert live.state.problem is not None
        assert live.state.problem.reason is Reason.AUDIO_UNREADABLE
        assert Reason.AUDIO_UNREADABLE in notices(engine)


@pytest.mark.asyncio
async def test_audio_that_fails_after_every_restart_outlives_every_restart(tmp_path: Path) -> None:
    left = file_journal(tmp_path)
    entry = left.open("s1")
    entry.note(Began(DICTATION))
    await entry.append(SECOND)
    for _ in range(3):
        crashed(left)
        left = file_journal(tmp_path, reports := Reports())
        async with running_engine(journal=left) as engine:
            live = only(engine)
            puppet = await engine.puppets.life(1)
            await puppet.until_told(speech.Finish(live.id))
            assert puppet.audio(live.id) == SECOND
            puppet.say(speech.Failed(live.id, "no"))
            await engine.until(live, Ended)
        assert reports == []


@pytest.mark.asyncio
async def test_a_recording_that_the_daemons_orderly_end_cuts_off_counts_as_cut_off(tmp_path: Path) -> None:
    """Its client's connection ends too: as an act of the client's that would have ended the recording."""
    async with AsyncExitStack() as clients:
        journal = file_journal(tmp_path)
        async with running_daemon(journal=journal) as daemon:
            client = await clients.enter_async_context(daemon.client("alice"))
            session_id = (await client.call("session/start", source="stream"))["session_id"]
            await client.call("session/audio", session_id=session_id, pcm=b64encode(SECOND).decode())
        [left] = journal.left_behind()
        told = tell(left.stages)
        assert told.audio_done is None
        assert left.entry.samples == len(SECOND) / 2
        assert told.attempts == 0
