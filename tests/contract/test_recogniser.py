"""What every recogniser must do: the speech worker with the embedded model, a streaming one, and the scripted one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple

import anyio
import pytest

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.adapters.speech.worker import WorkerFactory
from parleqd.core.ports import Recogniser, RecogniserFactory
from parleqd.core.speech import messages as m
from parleqd.core.speech.transcript import join
from parleqd.protocol.names import SAMPLE_RATE
from tests import clips
from tests.fakes.log import MemoryLog
from tests.parts import PROVING, ROOT, need

TEXT = "So, um, the garden party is on Friday"
STREAMING = "tests.peers.pocketsphinx.recogniser"
SECONDS = len(clips.demo()) / 2 / SAMPLE_RATE
pytestmark = pytest.mark.timeout(120)

Start = Callable[[], AbstractAsyncContextManager["Conversation"]]


class Conversation:
    """A recogniser and what it said."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.recogniser = recogniser
        self.said: list[m.Event] = []
        self._events = recogniser.events()

    def send(self, *commands: m.Command) -> None:
        for command in commands:
            self.recogniser.send(command)

    async def until(self, kind: type[m.Event]) -> list[m.Event]:
        """What it says up to and including an event of this kind."""
        said: list[m.Event] = []
        with anyio.fail_after(60):
            async for event in self._events:
                said.append(event)
                if isinstance(event, kind):
                    return said
        raise AssertionError(f"it ended without {kind.__name__}")

    async def rest(self) -> list[m.Event]:
        """What it says until it ends."""
        with anyio.fail_after(60):
            return [event async for event in self._events]


class Engine(NamedTuple):
    """A recogniser. ``begins``: how its text of the recording does. ``steady``: the same at every rate."""

    factory: RecogniserFactory
    path: str
    begins: str = "So, um, the garden"
    steady: bool = True


def real() -> Engine:
    return Engine(WorkerFactory(MemoryLog()), str(need("embedded-model") / "model"))


def streaming() -> Engine:
    run = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from {STREAMING} import main; main(int(sys.argv[-1]))"
    factory = WorkerFactory(MemoryLog(), str(need("pocketsphinx")), program=("-c", run))
    return Engine(factory, "none", begins="so", steady=False)  # of synthetic speech it understands little


def scripted() -> Engine:
    return Engine(ScriptedFactory([TEXT, TEXT]), "none")


@pytest.fixture(params=[real, scripted, *([streaming] if PROVING else [])])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


@pytest.fixture
def start(engine: Engine) -> Start:
    """Enter it in the test's body: a recogniser that has loaded its model."""
    return starting(engine)


def starting(engine: Engine) -> Start:

    @asynccontextmanager
    async def started() -> AsyncIterator[Conversation]:
        async with engine.factory.start() as recogniser:
            conversation = Conversation(recogniser)
            conversation.send(m.Load("tiny.en", engine.path))
            loaded = (await conversation.until(m.Loaded))[-1]
            assert isinstance(loaded, m.Loaded)
            assert loaded.name == "tiny.en"
            yield conversation

    return started


@pytest.fixture(autouse=True)
def recording() -> bytes:
    """Read before the event loop runs."""
    return clips.demo()


def spoken(utterance: str, pcm: bytes, start_s: float = 0.0) -> list[m.Command]:
    return [m.Open(utterance, start=start_s), m.Audio(utterance, pcm), m.Finish(utterance)]


def cut(pcm: bytes, samples: int) -> list[bytes]:
    """Frames of so many samples."""
    return [pcm[at : at + 2 * samples] for at in range(0, len(pcm), 2 * samples)]


def text(events: list[m.Event], utterance: str = "u") -> str:
    return join(e.text for e in events if isinstance(e, m.Segment) and e.utterance == utterance)


def approx(expected: float, within: float = 0.001) -> Any:
    """``pytest.approx`` for places where mypy sees that its type is another one."""
    return pytest.approx(expected, abs=within)


def final(events: list[m.Event]) -> m.Final:
    (last,) = (event for event in events if isinstance(event, m.Final))
    return last


@pytest.mark.asyncio
async def test_speech_gives_its_text_and_then_the_final(start: Start, engine: Engine) -> None:
    async with start() as it:
        it.send(*spoken("u", clips.demo()))
        events = await it.until(m.Final)
        assert text(events).startswith(engine.begins)
        assert final(events).audio_seconds == pytest.approx(SECONDS)
        assert final(events).voiced_seconds > 1.0
        assert 0 < final(events).peak <= 32767
        segments = [event for event in events if isinstance(event, m.Segment)]
        assert segments[0].start == 0.0
        assert segments[-1].end == pytest.approx(SECONDS)


@pytest.mark.asyncio
async def test_silence_gives_no_text(start: Start) -> None:
    async with start() as it:
        it.send(*spoken("u", clips.silence(2.0)))
        events = await it.until(m.Final)
        assert text(events) == ""
        assert (final(events).audio_seconds, final(events).voiced_seconds, final(events).peak) == (2.0, 0.0, 0)


@pytest.mark.asyncio
async def test_no_audio_at_all(start: Start) -> None:
    async with start() as it:
        it.send(m.Open("u"), m.Finish("u"))
        assert final(await it.until(m.Final)).audio_seconds == 0.0


@pytest.mark.asyncio
async def test_times_count_from_the_utterances_beginning_in_a_replay_too(start: Start) -> None:
    async with start() as it:
        it.send(*spoken("u", clips.demo(), start_s=2.0))
        events = await it.until(m.Final)
        assert next(event.start for event in events if isinstance(event, m.Segment)) >= 2.0
        assert final(events).audio_seconds == pytest.approx(2.0 + SECONDS)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.asyncio
async def test_other_rates_give_the_same_text_at_the_same_times(start: Start, engine: Engine, rate: int) -> None:
    frames = cut(clips.at_rate(clips.demo(), rate), rate)
    async with start() as it:
        it.send(*spoken("u", clips.demo()))
        expected = await it.until(m.Final)
        it.send(m.Open("v"), *(m.Audio("v", frame, rate) for frame in frames), m.Finish("v"))
        events = await it.until(m.Final)
        assert text(events, "v").startswith(engine.begins)
        if engine.steady:
            assert text(events, "v") == text(expected)
        assert final(events).audio_seconds == approx(SECONDS)
        assert final(events).voiced_seconds == pytest.approx(final(expected).voiced_seconds, abs=0.1)


@pytest.mark.asyncio
async def test_a_replay_may_begin_in_the_middle_at_other_rates_too(start: Start) -> None:
    rate, begin = 48_000, 5.0
    pcm = clips.at_rate(clips.demo(), rate)[2 * rate * int(begin) :]
    async with start() as it:
        it.send(m.Open("u", start=begin), *(m.Audio("u", frame, rate) for frame in cut(pcm, rate)), m.Finish("u"))
        events = await it.until(m.Final)
        segments = [event for event in events if isinstance(event, m.Segment)]
        assert segments
        assert segments[0].start >= begin
        assert segments[-1].end == approx(SECONDS)
        assert final(events).audio_seconds == approx(SECONDS)


@pytest.mark.parametrize("rate", [SAMPLE_RATE, 44_100, 48_000])
@pytest.mark.asyncio
async def test_flat_zero_has_no_peak_whatever_its_rate(start: Start, rate: int) -> None:
    async with start() as it:
        it.send(m.Open("u"), m.Audio("u", bytes(2 * rate), rate), m.Finish("u"))
        events = await it.until(m.Final)
        assert (final(events).audio_seconds, final(events).peak) == (approx(1.0), 0)


@pytest.mark.asyncio
async def test_levels_tell_how_loud_it_is_and_for_how_long_nothing_was_said(start: Start) -> None:
    async with start() as it:
        voice = clips.demo()[2 * SAMPLE_RATE : 2 * SAMPLE_RATE + 32_768]  # its second second: in the middle of a word
        levels: list[m.Level] = []
        for pcm in (clips.silence(1.024), voice, clips.silence(1.024)):
            it.send(*([] if levels else [m.Open("u", urgent=True)]), m.Audio("u", pcm))
            levels += [event for event in await it.until(m.Level) if isinstance(event, m.Level)]
        assert [level.dbfs > -40.0 for level in levels] == [False, True, False]
        assert [level.silent_seconds for level in levels] == [1.024, approx(0.0, 0.2), approx(1.024, 0.2)]


@pytest.mark.asyncio
async def test_utterances_side_by_side_do_not_mix(start: Start, engine: Engine) -> None:
    async with start() as it:
        half = len(clips.demo()) // 4 * 2
        it.send(m.Open("u"), m.Audio("u", clips.demo()[:half]), *spoken("quiet", clips.silence(1.0)))
        it.send(m.Audio("u", clips.demo()[half:]), m.Finish("u"))
        events = await it.until(m.Final) + await it.until(m.Final)
        assert {event.utterance for event in events if isinstance(event, m.Final)} == {"u", "quiet"}
        assert text(events, "u").startswith(engine.begins)
        assert text(events, "quiet") == ""


@pytest.mark.asyncio
async def test_hypotheses_for_those_who_want_them(start: Start, engine: Engine) -> None:
    async with start() as it:
        it.send(m.Open("u", urgent=True, partials=True), m.Audio("u", clips.demo()[: 3 * 2 * SAMPLE_RATE]))
        partial = (await it.until(m.Partial))[-1]
        assert isinstance(partial, m.Partial)
        assert partial.provisional.startswith(engine.begins[:3])
        assert partial.stable == ""


@pytest.mark.asyncio
async def test_a_discarded_utterance_is_not_answered(start: Start) -> None:
    async with start() as it:
        it.send(m.Open("gone"), m.Audio("gone", clips.demo()), m.Discard("gone"), m.Finish("gone"))
        it.send(*spoken("u", clips.silence(1.0)))
        assert final(await it.until(m.Final)).utterance == "u"


@pytest.mark.asyncio
async def test_pings_are_answered_with_their_number(start: Start) -> None:
    async with start() as it:
        it.send(m.Ping(41), m.Ping(42))
        pongs = [event for event in await it.until(m.Pong) + await it.until(m.Pong) if isinstance(event, m.Pong)]
        assert [pong.number for pong in pongs] == [41, 42]


@pytest.mark.asyncio
async def test_it_says_who_it_works_on(start: Start) -> None:
    async with start() as it:
        it.send(*spoken("u", clips.demo()))
        events = await it.until(m.Final)
        assert m.Working("u") in events[: events.index(final(events))]
        assert (await it.until(m.Working))[-1] == m.Working(None)


@pytest.mark.asyncio
async def test_killed_it_ends_and_takes_no_more_commands(start: Start) -> None:
    async with start() as it:
        it.send(m.Open("u"), m.Audio("u", clips.demo()))
        it.recogniser.kill()
        assert not any(isinstance(event, m.Final) for event in await it.rest())
        it.send(m.Finish("u"))
        it.recogniser.kill()


@pytest.mark.asyncio
async def test_closed_it_ends_and_closing_twice_is_no_error(start: Start) -> None:
    async with start() as it:
        await it.recogniser.close()
        await it.recogniser.close()
        await it.rest()
        it.send(m.Ping(1))


@pytest.mark.asyncio
async def test_leaving_the_block_in_the_middle_of_everything_ends_it(start: Start) -> None:
    with anyio.fail_after(60):
        async with start() as it:
            it.send(*spoken("u", clips.demo()))
            await it.until(m.Working)


@pytest.mark.asyncio
async def test_a_recogniser_that_decodes_as_it_hears_fills_the_port_too() -> None:
    """All of the above with PARLEQ_PROVE=1: it takes its time."""
    async with starting(streaming())() as it:
        it.send(m.Open("u", urgent=True, partials=True), m.Audio("u", clips.demo()[: 2 * SAMPLE_RATE]))
        partial = (await it.until(m.Partial))[-1]
        assert isinstance(partial, m.Partial)
        it.send(m.Audio("u", clips.demo()[2 * SAMPLE_RATE : 4 * SAMPLE_RATE]), m.Finish("u"))
        events = await it.until(m.Final)
        assert text(events).startswith("so")
        assert (final(events).audio_seconds, final(events).voiced_seconds > 1.0) == (2.0, True)
