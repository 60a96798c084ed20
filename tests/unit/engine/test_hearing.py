from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import AudioSink, CaptureRequest, Model
from parleqd.core.session import events as ev
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import Problem
from parleqd.core.session.states import Delivering, Offer, Recording, State, Transcribing
from parleqd.core.speech import messages as speech
from parleqd.engine.bus import Bus
from parleqd.engine.hearing import Hearing
from parleqd.engine.listening import Listening
from parleqd.engine.live import LiveSession
from parleqd.engine.recognition import Recognition
from parleqd.engine.utterance import Utterance
from parleqd.protocol.messages import DaemonNotice
from parleqd.protocol.names import SAMPLE_RATE, Pace, Reason, Source
from tests.fakes.dictations import outcome, spec
from tests.fakes.log import MemoryLog
from tests.fakes.peers import Ear
from tests.fakes.recogniser import PuppetFactory

SECOND = b"\1\0" * SAMPLE_RATE
UNREADABLE = OutsideError(Reason.AUDIO_UNREADABLE, "no audio", "give another")
BUG = Problem(Reason.INTERNAL, "a bug")

Play = Callable[[AudioSink], Awaitable[None]]


class PlayedSource:
    """An audio source that does what a test's function does."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.requests: list[CaptureRequest] = []

    async def capture(self, request: CaptureRequest, sink: AudioSink) -> None:
        self.requests.append(request)
        await self.play(sink)


class Desk:
    """A hearing with its surroundings: what was posted, what people were told."""

    def __init__(self, play: Play | None = None, source: Source = Source.FILE) -> None:
        self.bus, self.ear = Bus(), Ear()
        self.bus.join(self.ear)
        self.posted: list[ev.Event] = []
        self.recognition = Recognition(PuppetFactory(), Model("tiny.en", "", installed=False), 0, self.bus, MemoryLog())
        self.source = PlayedSource(play or _nothing)
        self.hearing = Hearing({source: self.source}, self.recognition, self.bus, self.post, lambda *_: BUG)

    def post(self, _: LiveSession, event: ev.Event) -> None:
        self.posted.append(event)

    def session(self, source: Source = Source.FILE, state: State | None = None) -> LiveSession:
        machine = Session(spec(source=source))
        machine.state = state or Recording()
        live = LiveSession(machine, MemoryJournal().open("s1"))
        listening = Listening(live, self.bus, self.post)
        utterance = Utterance(speech.Open("s1"), live.entry, listening, live=False, keep_s=float("inf"))
        self.hearing.open(live, utterance)
        return live

    async def hear(self, live: LiveSession) -> list[ev.Event]:
        await self.hearing.hear(live)
        return self.posted

    def told(self) -> list[Reason]:
        return [note.params.reason for note in self.ear.notes if isinstance(note.params, DaemonNotice)]


async def _nothing(_: AudioSink) -> None:
    """A source without a single frame."""


async def two_seconds(sink: AudioSink) -> None:
    await sink.write(SECOND)
    await sink.write(SECOND)


async def for_ever(sink: AudioSink) -> None:
    await sink.write(SECOND)
    await anyio.sleep_forever()


async def unreadable(_: AudioSink) -> None:
    raise UNREADABLE


async def broken_off(sink: AudioSink) -> None:
    await sink.write(SECOND)
    raise OutsideError(Reason.AUDIO_INCOMPLETE, "broke off")


async def bug_at_once(_: AudioSink) -> None:
    raise ZeroDivisionError


async def bug_later(sink: AudioSink) -> None:
    await sink.write(SECOND)
    raise ZeroDivisionError


async def pushed(sink: AudioSink) -> None:
    sink.push(SECOND)
    sink.push(SECOND)


# Files and microphones


@pytest.mark.parametrize(
    ("play", "event"),
    [
        (two_seconds, ev.AudioEnded(2.0)),
        (pushed, ev.AudioEnded(2.0)),
        (_nothing, ev.AudioEnded(0.0)),
        (broken_off, ev.AudioEnded(1.0, (Problem(Reason.AUDIO_INCOMPLETE, "broke off"),))),
        (bug_later, ev.AudioEnded(1.0, (BUG,))),
        (unreadable, ev.CaptureFailed(Problem(Reason.AUDIO_UNREADABLE, "no audio", "give another"))),
        (bug_at_once, ev.CaptureFailed(BUG)),
    ],
)
@pytest.mark.asyncio
async def test_a_capture_ends_with_what_became_of_it(play: Play, event: ev.Event) -> None:
    desk = Desk(play)
    assert await desk.hear(desk.session()) == [event]


@pytest.mark.asyncio
async def test_a_stopped_capture_ends_in_order() -> None:
    desk = Desk(for_ever)
    live = desk.session()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.hear, live)
        await anyio.wait_all_tasks_blocked()
        live.capture_scope.cancel()
    assert desk.posted == [ev.AudioEnded(1.0)]


@pytest.mark.asyncio
async def test_a_capture_that_was_given_up_says_nothing() -> None:
    desk = Desk(for_ever)
    live = desk.session()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.hear, live)
        await anyio.wait_all_tasks_blocked()
        live.release()
    assert desk.posted == []


@pytest.mark.asyncio
async def test_a_capture_that_is_stopped_before_it_begins_ends_all_the_same() -> None:
    desk = Desk(for_ever)
    live = desk.session()
    live.capture_scope.cancel()
    assert [type(event) for event in await desk.hear(live)] == [ev.AudioEnded]


@pytest.mark.asyncio
async def test_a_source_is_told_what_to_listen_to() -> None:
    desk = Desk()
    await desk.hear(desk.session())
    assert desk.source.requests == [CaptureRequest(Source.FILE, "/speech.flac", Pace.REALTIME)]


# Streams


@pytest.mark.asyncio
async def test_frames_of_a_stream_go_into_the_journal() -> None:
    desk = Desk()
    live = desk.session(Source.STREAM)
    await desk.hearing.push(live, SECOND)
    await desk.hearing.push(live, b"")
    assert live.entry.read(0, 2 * SAMPLE_RATE) == SECOND
    assert desk.posted == []


@pytest.mark.parametrize("source", [Source.FILE, Source.MICROPHONE])
@pytest.mark.asyncio
async def test_only_a_stream_takes_frames(source: Source) -> None:
    desk = Desk()
    with pytest.raises(RefusedError) as raised:
        await desk.hearing.push(desk.session(source), SECOND)
    assert raised.value.reason is Reason.WRONG_PHASE


@pytest.mark.parametrize("state", [Transcribing(0.0, 2.0), Delivering(outcome(), Offer.READY)])
@pytest.mark.asyncio
async def test_a_stream_that_has_ended_takes_no_frames(state: State) -> None:
    desk = Desk()
    live = desk.session(Source.STREAM, state)
    with pytest.raises(RefusedError) as raised:
        await desk.hearing.push(live, SECOND)
    assert raised.value.reason is Reason.WRONG_PHASE
    assert live.entry.samples == 0


@pytest.mark.asyncio
async def test_a_forgotten_stream_is_stopped_and_its_text_kept() -> None:
    desk = Desk()
    desk.hearing.max_live_s = 2.0
    live = desk.session(Source.STREAM)
    for _ in range(2):
        await desk.hearing.push(live, SECOND)
    assert desk.posted == []
    await desk.hearing.push(live, SECOND)
    assert desk.posted == [ev.StopRequested()]
    assert desk.told() == [Reason.TOO_LONG]
    live.session.state = Transcribing(0.0, 3.0)
    with pytest.raises(RefusedError) as raised:
        await desk.hearing.push(live, SECOND)
    assert raised.value.reason is Reason.TOO_LONG


# Admission


@pytest.mark.asyncio
async def test_file_and_stream_sessions_are_bounded_in_number() -> None:
    desk = Desk(source=Source.MICROPHONE)
    desk.hearing.sessions_at_once = 2
    busy = [desk.session(Source.FILE), desk.session(Source.MICROPHONE, Transcribing(0.0, 2.0))]
    desk.hearing.admit(Source.STREAM, busy, 0)
    busy.append(desk.session(Source.STREAM))
    for source in (Source.FILE, Source.STREAM):
        with pytest.raises(RefusedError) as raised:
            desk.hearing.admit(source, busy, 0)
        assert raised.value.reason is Reason.QUEUE_FULL
    desk.hearing.admit(Source.MICROPHONE, busy, 0)


@pytest.mark.asyncio
async def test_the_microphone_records_for_one_at_a_time() -> None:
    desk = Desk(source=Source.MICROPHONE)
    holder = desk.session(Source.MICROPHONE)
    with pytest.raises(RefusedError, match="alice") as raised:
        desk.hearing.admit(Source.MICROPHONE, [holder], 0)
    assert raised.value.reason is Reason.MICROPHONE_BUSY
    holder.session.state = Transcribing(0.0, 2.0)
    desk.hearing.admit(Source.MICROPHONE, [holder], 0)


@pytest.mark.asyncio
async def test_a_daemon_without_a_microphone_says_so() -> None:
    desk = Desk()
    with pytest.raises(RefusedError) as raised:
        desk.hearing.admit(Source.MICROPHONE, [], 0)
    assert raised.value.reason is Reason.NO_MICROPHONE
    assert desk.hearing.sources() == [Source.STREAM, Source.FILE]
