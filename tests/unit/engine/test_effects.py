from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.abc
import msgspec
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import RefusedError
from parleqd.core.ports import Model
from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session.behaviour import Behaviour
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import Cleaned
from parleqd.engine.bus import Bus
from parleqd.engine.capture import Capture
from parleqd.engine.cleanup import Cleanup
from parleqd.engine.effects import KEY_WITHIN_MS, Cleaner, Effects, Records
from parleqd.engine.history import History
from parleqd.engine.insertion import Insertion
from parleqd.engine.live import LiveSession
from parleqd.engine.metrics import Metrics
from parleqd.engine.peers import PeerGoneError, Peers
from parleqd.engine.recognition import Recognition
from parleqd.engine.recovery import Recovery
from parleqd.engine.targets import Targets
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol import messages as m
from parleqd.protocol.names import Deliver, End, Mode, Phase, Reason, ReceiptStatus, Source, Topic, Verdict
from tests.fakes.cloud import no_cloud
from tests.fakes.dictations import BROKEN, heard, outcome, spec
from tests.fakes.log import MemoryLog
from tests.fakes.peers import Ear, FakePeer
from tests.fakes.recogniser import DEADLINE, PuppetFactory
from tests.fakes.vocabulary import MemoryVocabulary


class Desk:
    """Effects with their surroundings; what they post is noted."""

    def __init__(self, tasks: anyio.abc.TaskGroup, keep: int, cleaner: Cleaner) -> None:
        self.bus, self.ear, self.log, self.peers = Bus(), Ear(), MemoryLog(), Peers()
        self.bus.join(self.ear)
        self.records = Records(History(keep), Metrics(), Recovery(MemoryJournal()), self.log)
        self.posted: list[ev.Event] = []
        model = Model("tiny.en", "", installed=False)
        recognition = Recognition(PuppetFactory(), model, 0, self.bus, self.log)
        insertion = Insertion(self.peers, self.bus, self.post)
        self.effects = Effects(tasks, self.post, self.bus, recognition, insertion, self.records, cleaner)
        self._posted = anyio.Event()

    def post(self, _: LiveSession, event: ev.Event) -> None:
        self.posted.append(event)
        self._posted.set()

    async def event(self) -> ev.Event:
        """The first event that was posted."""
        with anyio.fail_after(DEADLINE):
            await self._posted.wait()
        return self.posted[0]

    async def session(self, **fields: object) -> LiveSession:
        """A session with a quarter of a second of audio."""
        live = LiveSession(Session(spec(**fields)), MemoryJournal().open("s1"))

        async def nobody(_: bytes) -> None:
            """Frames interest nobody here."""

        live.capture = Capture(live.entry, nobody)
        await live.capture.write(b"\1\0" * 4000)
        return live


class Noting:
    """A cleaner that notes for which modes it was to be ready."""

    def __init__(self, clean: Callable[[str, Mode, str, Behaviour], Awaitable[Cleaned]]) -> None:
        self.prepared: list[Mode] = []
        self._clean = clean

    def prepare(self, mode: Mode, *, begins: bool) -> None:
        assert not begins, "that was at key-down"
        self.prepared.append(mode)

    async def clean(self, raw: str, mode: Mode, language: str, behaviour: Behaviour) -> Cleaned:
        return await self._clean(raw, mode, language, behaviour)

    async def refine(self, text: str, instruction: str, mode: Mode, language: str, behaviour: Behaviour) -> Cleaned:
        return Cleaned(f"{text} ({instruction})", mode)


def on_device() -> Cleaner:
    return Cleanup(Targets(no_cloud(), Bus(), MemoryLog()), Metrics(), Vocabulary(MemoryVocabulary(), MemoryLog()))


@asynccontextmanager
async def desk(keep: int = 10, cleaner: Cleaner | None = None) -> AsyncIterator[Desk]:
    async with anyio.create_task_group() as tasks:
        yield Desk(tasks, keep, cleaner or on_device())
        tasks.cancel_scope.cancel()


def kept(live: LiveSession) -> bool:
    try:
        return bool(live.entry.read(0, 10))
    except ValueError:
        return False


@pytest.mark.asyncio
async def test_a_stream_stops_at_once_and_any_other_capture_in_order() -> None:
    async with desk() as at:
        stream, file = await at.session(source=Source.STREAM), await at.session()
        at.effects.perform(stream, do.StopCapture())
        assert at.posted == [ev.AudioEnded(0.25)]
        at.effects.perform(file, do.StopCapture())
        assert file.capture_scope.cancel_called
        assert not file.dropped
        assert len(at.posted) == 1


@pytest.mark.asyncio
async def test_at_release_cleanup_is_made_ready_once_more() -> None:
    cleaner = Noting(on_device().clean)
    async with desk(cleaner=cleaner) as at:
        live = await at.session(mode=Mode.POLISHED)
        at.effects.perform(live, do.FinishUtterance())
    assert cleaner.prepared == [Mode.POLISHED]


@pytest.mark.asyncio
async def test_a_capture_is_dropped() -> None:
    async with desk() as at:
        live = await at.session()
        at.effects.perform(live, do.DropCapture())
        assert live.dropped
        assert live.capture_scope.cancel_called


@pytest.mark.parametrize(("mode", "used"), [(Mode.RAW, Mode.RAW), (Mode.INSTANT, Mode.INSTANT)])
@pytest.mark.asyncio
async def test_a_transcript_is_cleaned_in_the_mode_that_was_asked_for(mode: Mode, used: Mode) -> None:
    async with desk() as at:
        at.effects.perform(await at.session(mode=mode), do.Clean(heard("um hello")))
        event = await at.event()
        assert isinstance(event, ev.TextCleaned)
        assert event.cleaned.used is used


@pytest.mark.asyncio
async def test_a_bug_in_cleanup_leaves_the_raw_text_and_logs_no_word_of_it() -> None:
    async def broken(raw: str, mode: Mode, language: str, behaviour: Behaviour) -> Cleaned:
        raise ValueError(raw)

    async with desk(cleaner=Noting(broken)) as at:
        at.effects.perform(await at.session(), do.Clean(heard("dictated words")))
        event = await at.event()
        assert isinstance(event, ev.TextCleaned)
        assert (event.cleaned.text, event.cleaned.used) == ("dictated words", Mode.RAW)
        assert event.cleaned.fallback is not None
        assert event.cleaned.fallback.reason is Reason.INTERNAL
        (fields,) = at.log.fields("cleanup_failed")
        assert fields["error"] == "ValueError"
        assert "dictated" not in str(fields)


@pytest.mark.asyncio
async def test_cleanup_that_is_dropped_says_nothing() -> None:
    async def endless(raw: str, mode: Mode, language: str, behaviour: Behaviour) -> Cleaned:
        await anyio.sleep_forever()
        raise AssertionError

    async with desk(cleaner=Noting(endless)) as at:
        live = await at.session()
        at.effects.perform(live, do.Clean(heard("um hello")))
        await anyio.wait_all_tasks_blocked()
        at.effects.perform(live, do.DropCleanup())
        await anyio.wait_all_tasks_blocked()
        assert at.posted == []


@pytest.mark.asyncio
async def test_a_timer_fires_with_its_generation_and_replaces_the_one_before() -> None:
    async with desk() as at:
        live = await at.session()
        at.effects.perform(live, do.SetTimer(3600.0, 1))
        at.effects.perform(live, do.SetTimer(0.0, 2))
        assert await at.event() == ev.TimerFired(2)
        await anyio.wait_all_tasks_blocked()
        assert at.posted == [ev.TimerFired(2)]


@pytest.mark.asyncio
async def test_a_text_goes_into_history_and_metrics() -> None:
    async with desk() as at:
        at.effects.perform(await at.session(), do.Record(outcome("Hello.")))
        (entry,) = at.records.history.latest(10)
        assert entry.outcome.cleaned.text == "Hello."
        assert at.records.metrics.counts == {"verdict_speech": 1, "mode_instant": 1}
        stages = {name: took.p50 for name, took in at.records.metrics.stages().items()}
        assert stages == {"decode": 10.0, "release_to_raw": 20.0, "cleanup": 1.0, "release_to_text": 21.0}
        (transcribed,), (cleaned,) = at.log.fields("transcribed"), at.log.fields("cleaned")
        assert (transcribed["verdict"], transcribed["took_ms"], transcribed["decode_ms"]) == ("speech", 20, 10)
        assert (cleaned["asked"], cleaned["used"], cleaned["reason"]) == ("instant", "instant", None)
        assert (cleaned["took_ms"], cleaned["release_to_text_ms"], cleaned["characters"]) == (1, 21, len("Hello."))


@pytest.mark.asyncio
async def test_a_fallback_is_counted_by_its_reason() -> None:
    async with desk() as at:
        fallen = Cleaned("Hello.", Mode.INSTANT, fallback=BROKEN)
        at.effects.perform(await at.session(), do.Record(msgspec.structs.replace(outcome(), cleaned=fallen)))
        assert at.records.metrics.counts["fallback_worker_failed"] == 1
        assert at.log.fields("cleaned")[0]["reason"] == "worker_failed"


@pytest.mark.parametrize("source", list(Source))
@pytest.mark.asyncio
async def test_how_soon_a_microphone_records_is_measured(source: Source) -> None:
    async with desk() as at:
        at.effects.perform(await at.session(source=source), do.Announce(Phase.RECORDING))
        measured = source is Source.MICROPHONE
        assert ("start_to_recording" in at.records.metrics.stages()) is measured
        assert ("recording_began" in at.log.events()) is measured
        assert "key_to_recording" not in at.records.metrics.stages()


@pytest.mark.asyncio
async def test_what_passed_before_the_client_asked_counts_from_the_key() -> None:
    async with desk() as at:
        live = await at.session(source=Source.MICROPHONE)
        live.pressed_ms = 4000.0
        at.effects.perform(live, do.Announce(Phase.RECORDING))
        assert at.records.metrics.stages()["key_to_recording"].p50 >= 4000
        (fields,) = at.log.fields("recording_began")
        assert isinstance(fields["key_ms"], int)
        assert fields["key_ms"] >= 4000


@pytest.mark.parametrize("pressed_ms", [-1.0, KEY_WITHIN_MS + 1, 1.7e308])
@pytest.mark.asyncio
async def test_a_key_that_cannot_have_gone_down_then_is_not_measured(pressed_ms: float) -> None:
    async with desk() as at:
        live = await at.session(source=Source.MICROPHONE)
        live.pressed_ms = pressed_ms
        at.effects.perform(live, do.Announce(Phase.RECORDING))
        assert "key_to_recording" not in at.records.metrics.stages()
        assert at.log.fields("recording_began")[0]["key_ms"] is None


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (m.Receipt(status=ReceiptStatus.VERIFIED), "verified"),
        (RefusedError(Reason.INTERNAL, "no"), "failed"),
        (PeerGoneError(), None),
    ],
)
@pytest.mark.asyncio
async def test_an_insertion_is_measured_and_its_receipt_counted(
    answer: m.Receipt | Exception, status: str | None
) -> None:
    async with desk() as at:
        at.peers.join(FakePeer("hotkey", insert=True, text_insert=answer))
        inserted = await at.session(deliver=Deliver.INSERT)
        inserted.prepared.set()
        at.effects.perform(inserted, do.OfferText(outcome()))
        await anyio.wait_all_tasks_blocked()
        assert at.records.metrics.stages()["insertion"].total == 1
        assert at.records.metrics.counts[f"receipt_{status or 'unknown'}"] == 1
        assert [fields["status"] for fields in at.log.fields("inserted")] == [status]


@pytest.mark.asyncio
async def test_a_phase_is_told_and_logged_without_a_word_of_text() -> None:
    async with desk() as at:
        live = await at.session()
        at.effects.perform(live, do.Announce(Phase.ENDED, End.FAILED, Reason.WORKER_FAILED))
        (note,) = at.ear.notes
        assert (note.topic, note.owner) == (Topic.STATE, "alice")
        assert note.params == m.SessionStateNote(
            session_id="s1",
            phase=Phase.ENDED,
            source=Source.FILE,
            deliver=Deliver.RETURN,
            end=End.FAILED,
            reason=Reason.WORKER_FAILED,
        )
        (fields,) = at.log.fields("session")
        assert fields["reason"] == "worker_failed"
        assert at.records.metrics.counts == {"session_failed": 1}


@pytest.mark.parametrize("deliver", list(Deliver))
@pytest.mark.asyncio
async def test_a_text_is_announced_without_a_word_of_it(deliver: Deliver) -> None:
    async with desk() as at:
        at.effects.perform(await at.session(deliver=deliver), do.OfferText(outcome()))
        assert at.ear.notes[0].params == m.SessionFinalNote(session_id="s1", verdict=Verdict.SPEECH)


@pytest.mark.asyncio
async def test_only_a_text_that_is_there_and_meant_for_it_goes_to_an_inserting_client() -> None:
    async with desk() as at:
        hotkey = FakePeer("hotkey", insert=True, text_insert=RefusedError(Reason.INTERNAL, "no"))
        at.peers.join(hotkey)
        at.effects.perform(await at.session(), do.OfferText(outcome()))
        at.effects.perform(await at.session(deliver=Deliver.INSERT), do.OfferText(outcome("")))
        assert at.posted == []
        inserted = await at.session(deliver=Deliver.INSERT)
        inserted.prepared.set()
        at.effects.perform(inserted, do.OfferText(outcome()))
        await anyio.wait_all_tasks_blocked()
        assert [method for method, _ in hotkey.asked] == ["text/insert"]


@pytest.mark.parametrize(
    ("source", "asked", "keep", "audio"),
    [
        (Source.STREAM, True, 10, True),
        (Source.STREAM, True, 0, False),
        (Source.STREAM, False, 10, False),
        (Source.FILE, True, 10, True),
        (Source.FILE, True, 0, False),
    ],
)
@pytest.mark.asyncio
async def test_audio_is_let_go_but_for_what_recover_may_want(
    source: Source, asked: bool, keep: int, audio: bool
) -> None:
    async with desk(keep) as at:
        live = await at.session(source=source)
        at.effects.perform(live, do.ReleaseAudio(keep=asked))
        assert not kept(live)
        try:
            last = at.records.recovery.last()
        except RefusedError:
            assert not audio
        else:
            assert last.entry is not None
            assert last.entry.read(0, 9000) == b"\1\0" * 4000
        at.records.recovery.forget()


@pytest.mark.asyncio
async def test_what_never_became_a_text_is_owed_though_nothing_is_to_be_kept() -> None:
    async with desk(keep=0) as at:
        live = await at.session(source=Source.MICROPHONE)
        at.effects.perform(live, do.ReleaseAudio(keep=True, owed=True))
        assert not kept(live)
        owed = at.records.recovery.last()
        assert (owed.spec, owed.entry is not None) == (live.spec, True)
        (note,) = [note.params for note in at.ear.notes if isinstance(note.params, m.DaemonNotice)]
        assert (note.reason, "recover" in note.hint) == (Reason.WORKER_FAILED, True)


@pytest.mark.asyncio
async def test_a_slip_of_the_finger_keeps_nothing_and_takes_nothings_place() -> None:
    async with desk() as at:
        said, slip = await at.session(), await at.session(id="s2")
        at.effects.perform(said, do.ReleaseAudio(keep=True))
        slip.entry = MemoryJournal().open("s2")
        await slip.entry.append(b"\1\0" * 100)
        at.effects.perform(slip, do.ReleaseAudio(keep=True))
        assert at.records.recovery.last().spec.id == "s1"
        at.records.recovery.forget()


@pytest.mark.parametrize(
    ("found", "translate", "cleaned_as"), [("de", False, "de"), ("", False, "auto"), ("de", True, "en")]
)
@pytest.mark.asyncio
async def test_a_text_is_cleaned_in_the_language_that_was_found(found: str, translate: bool, cleaned_as: str) -> None:
    asked: list[str] = []

    async def noting(raw: str, mode: Mode, language: str, behaviour: Behaviour) -> Cleaned:
        asked.append(language)
        return Cleaned(raw, mode)

    async with desk(cleaner=Noting(noting)) as at:
        live = await at.session(language="auto", translate=translate)
        at.effects.perform(live, do.Clean(msgspec.structs.replace(heard("hallo"), language=found)))
        await at.event()
    assert asked == [cleaned_as]


@pytest.mark.asyncio
async def test_what_was_said_changes_the_text_that_the_session_began_with() -> None:
    async def broken(raw: str, mode: Mode, language: str, behaviour: Behaviour) -> Cleaned:
        raise AssertionError

    async with desk(cleaner=Noting(broken)) as at:
        at.effects.perform(await at.session(baseline="Old."), do.Clean(heard("make it new")))
        assert await at.event() == ev.TextCleaned(Cleaned("Old. (make it new)", Mode.INSTANT))
