from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.errors import OutsideError
from parleqd.core.ports import Model
from parleqd.core.session.outcome import Heard, Problem
from parleqd.core.speech import liveness
from parleqd.core.speech import messages as speech
from parleqd.engine import recognition as recognition_module
from parleqd.engine.bus import Bus
from parleqd.engine.recognition import Recognition
from parleqd.engine.utterance import UNCOMMITTED_LIMIT_S, Utterance
from parleqd.protocol.messages import DaemonNotice, DaemonStateNote
from parleqd.protocol.names import SAMPLE_RATE, ModelState, Reason
from tests.fakes.log import MemoryLog
from tests.fakes.peers import Ear
from tests.fakes.recogniser import DEADLINE, Puppet, PuppetFactory, final

TINY = Model("tiny.en", "/models/tiny.en", installed=True)
BASE = Model("base", "/models/base", installed=True)
MISSING = Model("large", "", installed=False)
LOAD = speech.Load("tiny.en", "/models/tiny.en")
SECOND = b"\1\0" * SAMPLE_RATE


class Reader:
    """Listens to one utterance."""

    def __init__(self) -> None:
        self.partials: list[tuple[str, str]] = []
        self.levels: list[float] = []
        self.heard: list[Heard | None] = []
        self.problems: list[Problem] = []
        self._over = anyio.Event()

    def partial(self, stable: str, provisional: str) -> None:
        self.partials.append((stable, provisional))

    def level(self, dbfs: float) -> None:
        self.levels.append(dbfs)

    def done(self, heard: Heard) -> None:
        self.heard.append(heard)
        self._over.set()

    def failed(self, problem: Problem, heard: Heard | None) -> None:
        self.problems.append(problem)
        self.heard.append(heard)
        self._over.set()

    async def text(self) -> str:
        """The text, which must have come once and without a problem."""
        with anyio.fail_after(DEADLINE):
            await self._over.wait()
        assert self.problems == []
        (heard,) = self.heard
        assert heard is not None
        return heard.raw

    async def failure(self) -> Problem:
        """The problem, which must have come once."""
        with anyio.fail_after(DEADLINE):
            await self._over.wait()
        (problem,) = self.problems
        return problem


class Desk:
    """A recognition with its surroundings."""

    def __init__(self, model: Model = TINY, unload_after_s: float = 600.0, deaf: bool = False) -> None:
        self.factory, self.bus, self.ear, self.log = PuppetFactory(deaf), Bus(), Ear(), MemoryLog()
        self.bus.join(self.ear)
        self.recognition = Recognition(self.factory, model, unload_after_s, self.bus, self.log)

    async def dictate(self, name: str = "s1", seconds: int = 1, urgent: bool = False) -> tuple[Utterance, Reader]:
        """An utterance with all of its audio, not finished yet."""
        reader = Reader()
        entry = MemoryJournal().open(name)
        utterance = Utterance(
            name, entry, reader, language="en", urgent=urgent, partials=True, live=False, keep_audio=True
        )
        self.recognition.open(utterance)
        for _ in range(seconds):
            await entry.append(SECOND)
            await self.recognition.feed(utterance)
        return utterance, reader

    async def finished(self, name: str = "s1", seconds: int = 1) -> Reader:
        """An utterance with all of its audio, finished."""
        _, reader = await self.dictate(name, seconds)
        self.recognition.finish(name)
        return reader

    async def until(self, state: ModelState) -> None:
        """Wait for the model to come to a state."""
        with anyio.fail_after(DEADLINE):
            while self.recognition.model.state is not state:
                await anyio.lowlevel.checkpoint()

    def notices(self) -> list[Reason]:
        return [note.params.reason for note in self.ear.notes if isinstance(note.params, DaemonNotice)]

    def states(self) -> list[ModelState]:
        return [note.params.model.state for note in self.ear.notes if isinstance(note.params, DaemonStateNote)]


@asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[Desk]:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(desk.recognition.run)
        yield desk
        tasks.cancel_scope.cancel()


# One life


@pytest.mark.asyncio
async def test_a_recogniser_is_started_and_loaded_before_anybody_speaks() -> None:
    async with running(Desk()) as desk:
        puppet = await desk.factory.life(1)
        await puppet.until_told(LOAD)
        assert desk.recognition.model.state is ModelState.LOADING
        puppet.say(speech.Loaded("tiny.en", "int8_float32", 12.0))
        await desk.until(ModelState.READY)
        assert desk.recognition.model.compute_type == "int8_float32"
        assert desk.states() == [ModelState.LOADING, ModelState.READY]


@pytest.mark.asyncio
async def test_what_is_said_while_it_loads_is_kept_and_recognised() -> None:
    desk = Desk()
    reader = await desk.finished(seconds=2)
    async with running(desk):
        puppet = await desk.factory.life(1)
        await puppet.until_told(speech.Finish("s1"))
        assert puppet.commands[0] == LOAD
        assert puppet.audio("s1") == SECOND * 2
        puppet.load()
        puppet.answer("s1", "hello", seconds=2.0)
        assert await reader.text() == "hello"


@pytest.mark.asyncio
async def test_audio_goes_on_as_it_comes_and_the_end_is_told_once() -> None:
    async with running(Desk()) as desk:
        puppet = await desk.factory.life(1)
        utterance, reader = await desk.dictate(seconds=2)
        assert puppet.audio("s1") == SECOND * 2
        desk.recognition.finish("s1")
        desk.recognition.finish("s1")
        await utterance._entry.append(SECOND)
        await desk.recognition.feed(utterance)
        assert puppet.commands[-1] == speech.Finish("s1")
        assert puppet.commands.count(speech.Finish("s1")) == 1
        puppet.answer("s1", "hello", seconds=2.0)
        assert await reader.text() == "hello"


@pytest.mark.asyncio
async def test_hypotheses_and_levels_reach_the_listener() -> None:
    async with running(Desk()) as desk:
        puppet = await desk.factory.life(1)
        reader = await desk.finished()
        puppet.say(
            speech.SpeechStarted("s1", 0.1),
            speech.Level("s1", -20.0),
            speech.Partial("s1", "", "hel"),
            speech.Segment("s1", 0.0, 0.5, "hello"),
            speech.Partial("s1", "there", "worl"),
            final("s1"),
        )
        assert await reader.text() == "hello"
        assert reader.levels == [-20.0]
        assert reader.partials == [("", "hel"), ("hello there", "worl")]


@pytest.mark.asyncio
async def test_an_utterance_that_cannot_be_decoded_fails_and_the_recogniser_lives_on() -> None:
    async with running(Desk()) as desk:
        puppet = await desk.factory.life(1)
        first, second = await desk.finished("s1"), await desk.finished("s2")
        puppet.say(speech.Failed("s1", "no such language"))
        puppet.answer("s2", "hello")
        problem = await first.failure()
        assert (problem.reason, problem.message) == (Reason.WORKER_FAILED, "no such language")
        assert await second.text() == "hello"
        assert len(desk.factory.lives) == 1


@pytest.mark.asyncio
async def test_a_discarded_utterance_is_forgotten_whatever_is_still_said_of_it() -> None:
    async with running(Desk()) as desk:
        puppet = await desk.factory.life(1)
        first, second = await desk.finished("s1"), await desk.finished("s2")
        puppet.say(speech.Working("s1"))
        desk.recognition.discard("s1")
        desk.recognition.discard("s1")
        assert puppet.commands.count(speech.Discard("s1")) == 1
        puppet.answer("s1", "too late")
        puppet.answer("s2", "hello")
        assert await second.text() == "hello"
        assert first.heard == []


@pytest.mark.asyncio
async def test_whoever_waits_for_a_sign_of_life_is_told() -> None:
    desk, signs = Desk(), list[int]()
    desk.recognition.on_advance = lambda: signs.append(1)
    async with running(desk):
        puppet = await desk.factory.life(1)
        puppet.load()
        puppet.say(speech.Working("s1"), speech.Working(None))
        with anyio.fail_after(DEADLINE):
            while len(signs) < 3:
                await anyio.lowlevel.checkpoint()


# Room


@pytest.mark.asyncio
async def test_a_file_waits_while_too_much_of_it_is_uncommitted() -> None:
    async with running(Desk()) as desk:
        puppet = await desk.factory.life(1)
        utterance, _ = await desk.dictate(seconds=int(UNCOMMITTED_LIMIT_S))
        await utterance._entry.append(SECOND)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(desk.recognition.feed, utterance)
            await anyio.wait_all_tasks_blocked()
            assert utterance.full
            puppet.say(speech.Segment("s1", 0.0, 150.0, "one"))


@pytest.mark.parametrize("how", ["discard", "fail"])
@pytest.mark.asyncio
async def test_the_end_of_an_utterance_frees_whoever_waits_for_room(how: str) -> None:
    async with running(Desk()) as desk:
        puppet = await desk.factory.life(1)
        utterance, _ = await desk.dictate(seconds=int(UNCOMMITTED_LIMIT_S))
        await utterance._entry.append(SECOND)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(desk.recognition.feed, utterance)
            await anyio.wait_all_tasks_blocked()
            if how == "discard":
                desk.recognition.discard("s1")
            else:
                puppet.say(speech.Failed("s1", "no"))


@pytest.mark.asyncio
async def test_somebody_who_speaks_is_never_held_up() -> None:
    async with running(Desk()) as desk:
        await desk.dictate(seconds=int(UNCOMMITTED_LIMIT_S) + 10, urgent=True)


# Death

Kill = Callable[[Puppet], None]


def while_loading(puppet: Puppet) -> None:
    puppet.die()


def before_any_work(puppet: Puppet) -> None:
    puppet.load()
    puppet.die()


def while_decoding(puppet: Puppet) -> None:
    puppet.load()
    puppet.say(speech.Working("s1"), speech.Partial("s1", "", "hel"))
    puppet.die()


def after_the_last_segment(puppet: Puppet) -> None:
    puppet.load()
    puppet.say(speech.Working("s1"), speech.Segment("s1", 0.0, 1.0, "hello"))
    puppet.die()


@pytest.mark.parametrize("kill", [while_loading, before_any_work, while_decoding])
@pytest.mark.asyncio
async def test_a_recogniser_that_dies_is_replaced_and_hears_everything_again(kill: Kill) -> None:
    async with running(Desk()) as desk:
        reader = await desk.finished(seconds=2)
        kill(await desk.factory.life(1))
        second = await desk.factory.life(2)
        await second.until_told(speech.Finish("s1"))
        assert second.audio("s1") == SECOND * 2
        second.load()
        second.answer("s1", "hello", seconds=2.0)
        assert await reader.text() == "hello"
        assert "worker_died" in desk.log.events()


@pytest.mark.asyncio
async def test_what_was_committed_before_a_death_is_not_heard_again() -> None:
    async with running(Desk()) as desk:
        reader = await desk.finished(seconds=3)
        first = await desk.factory.life(1)
        first.say(speech.Working("s1"), speech.Segment("s1", 0.0, 2.0, "hello"))
        first.die()
        second = await desk.factory.life(2)
        await second.until_told(speech.Finish("s1"))
        assert speech.Open("s1", "en", False, True, 2.0) in second.commands
        assert second.audio("s1") == SECOND
        second.say(speech.Partial("s1", "", "wor"), speech.Segment("s1", 2.0, 3.0, "world"), final("s1", 3.0))
        assert await reader.text() == "hello world"
        assert reader.partials == [("hello", "wor")]


@pytest.mark.asyncio
async def test_a_death_between_the_last_segment_and_the_end_doubles_nothing() -> None:
    async with running(Desk()) as desk:
        reader = await desk.finished()
        after_the_last_segment(await desk.factory.life(1))
        second = await desk.factory.life(2)
        await second.until_told(speech.Finish("s1"))
        assert second.audio("s1") == b""
        second.say(final("s1"))
        assert await reader.text() == "hello"


@pytest.mark.asyncio
async def test_audio_that_comes_between_two_lives_is_not_lost() -> None:
    async with running(Desk()) as desk:
        _, reader = await desk.dictate()
        desk.factory.lives[0].die() if desk.factory.lives else (await desk.factory.life(1)).die()
        desk.recognition.finish("s1")
        second = await desk.factory.life(2)
        await second.until_told(speech.Finish("s1"))
        assert second.audio("s1") == SECOND
        second.answer("s1", "hello")
        assert await reader.text() == "hello"


@pytest.mark.asyncio
async def test_three_deaths_on_the_same_audio_fail_it_and_spare_the_others() -> None:
    async with running(Desk()) as desk:
        bad, good = await desk.finished("bad"), await desk.finished("good")
        for number in (1, 2, 3):
            puppet = await desk.factory.life(number)
            puppet.say(speech.Working("bad"))
            puppet.die()
        problem = await bad.failure()
        assert problem.reason is Reason.WORKER_FAILED
        assert "recover" in problem.hint
        fourth = await desk.factory.life(4)
        await fourth.until_told(speech.Finish("good"))
        assert fourth.audio("bad") == b""
        fourth.answer("good", "hello")
        assert await good.text() == "hello"


@pytest.mark.asyncio
async def test_what_was_committed_survives_three_deaths() -> None:
    async with running(Desk()) as desk:
        reader = await desk.finished(seconds=2)
        (await desk.factory.life(1)).say(speech.Segment("s1", 0.0, 1.0, "half"))
        for number in (1, 2, 3):
            puppet = await desk.factory.life(number)
            puppet.say(speech.Working("s1"))
            puppet.die()
        await reader.failure()
        (heard,) = reader.heard
        assert heard is not None
        assert heard.raw == "half"


@pytest.mark.asyncio
async def test_deaths_between_which_it_got_on_are_no_sign_of_bad_audio() -> None:
    async with running(Desk()) as desk:
        reader = await desk.finished(seconds=6)
        for number in range(1, 6):
            puppet = await desk.factory.life(number)
            start = float(number - 1)
            puppet.say(speech.Working("s1"), speech.Segment("s1", start, start + 1, str(number)), speech.Working("s1"))
            puppet.die()
        (await desk.factory.life(6)).say(speech.Segment("s1", 5.0, 6.0, "6"), final("s1", 6.0))
        assert await reader.text() == "1 2 3 4 5 6"


@pytest.mark.asyncio
async def test_three_deaths_before_the_model_is_there_fail_everybody_and_the_next_one_tries_again() -> None:
    async with running(Desk()) as desk:
        readers = [await desk.finished("s1"), await desk.finished("s2")]
        for number in (1, 2, 3):
            (await desk.factory.life(number)).die()
        for reader in readers:
            assert (await reader.failure()).reason is Reason.WORKER_FAILED
        assert desk.recognition.model.state is ModelState.FAILED
        assert desk.notices() == [Reason.WORKER_FAILED]
        later = await desk.finished("s3")
        fourth = await desk.factory.life(4)
        fourth.load()
        fourth.answer("s3", "hello")
        assert await later.text() == "hello"
        assert desk.states()[-1] is ModelState.READY


@pytest.mark.asyncio
async def test_accidents_with_nothing_finished_in_between_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition_module, "ACCIDENTS_ALLOWED", 2)
    async with running(Desk()) as desk:
        reader = await desk.finished()
        for number in (1, 2):
            before_any_work(await desk.factory.life(number))
        assert (await reader.failure()).reason is Reason.WORKER_FAILED
        assert desk.recognition.model.state is ModelState.FAILED


@pytest.mark.asyncio
async def test_a_finished_utterance_forgives_earlier_accidents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition_module, "ACCIDENTS_ALLOWED", 2)
    async with running(Desk()) as desk:
        for number in range(1, 6):
            reader = await desk.finished(f"s{number}")
            before_any_work(await desk.factory.life(number))
            await (await desk.factory.life(number + 1)).until_told(speech.Finish(f"s{number}"))
            desk.factory.lives[-1].answer(f"s{number}", "hello")
            assert await reader.text() == "hello"


@pytest.mark.asyncio
async def test_a_model_that_loads_forgives_earlier_deaths_while_loading() -> None:
    async with running(Desk()) as desk:
        reader = await desk.finished()
        for number in range(1, 6):
            puppet = await desk.factory.life(number)
            if number % 2:
                while_loading(puppet)
            else:
                before_any_work(puppet)
        (await desk.factory.life(6)).answer("s1", "hello")
        assert await reader.text() == "hello"


@pytest.mark.asyncio
async def test_a_recogniser_that_cannot_be_started_fails_everybody_after_three_attempts() -> None:
    desk = Desk()
    desk.factory.failure = OutsideError(Reason.WORKER_FAILED, "no such program")
    reader = await desk.finished()
    async with running(desk):
        assert (await reader.failure()).reason is Reason.WORKER_FAILED
        assert desk.factory.attempts == 3
        assert desk.log.events().count("worker_start_failed") == 3
        desk.factory.failure = None
        later = await desk.finished("s2")
        (await desk.factory.life(1)).answer("s2", "hello")
        assert await later.text() == "hello"


# Hanging


@pytest.mark.asyncio
async def test_a_recogniser_that_answers_no_ping_is_killed_and_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition_module, "PING_INTERVAL_S", 0.0)
    async with running(Desk(deaf=True)) as desk:
        reader = await desk.finished()
        first = await desk.factory.life(1)
        await first.until(lambda: first.killed)
        second = await desk.factory.life(2)
        second.deaf = False
        second.answer("s1", "hello")
        assert await reader.text() == "hello"
        assert "worker_hung" in desk.log.events()


@pytest.mark.asyncio
async def test_a_step_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognition_module, "PING_INTERVAL_S", 0.0)
    async with running(Desk()) as desk:
        reader = await desk.finished()
        first = await desk.factory.life(1)
        first.say(speech.Working("s1"))
        first.step_seconds = liveness.STEP_LIMIT_S + 1
        second = await desk.factory.life(2)
        assert first.killed
        second.answer("s1", "hello")
        assert await reader.text() == "hello"


# Models


@pytest.mark.asyncio
async def test_a_model_that_is_not_installed_fails_whoever_needs_it_and_starts_nothing() -> None:
    async with running(Desk(MISSING)) as desk:
        await desk.until(ModelState.MISSING)
        assert "large" in desk.recognition.model.detail
        problem = await (await desk.finished()).failure()
        assert problem.reason is Reason.MODEL_MISSING
        assert "models install" in problem.hint
        assert desk.factory.attempts == 0
        assert set(desk.notices()) == {Reason.MODEL_MISSING}


@pytest.mark.asyncio
async def test_a_model_that_was_installed_meanwhile_is_used() -> None:
    async with running(Desk(MISSING)) as desk:
        await desk.until(ModelState.MISSING)
        desk.recognition.use(TINY)
        await (await desk.factory.life(1)).until_told(LOAD)
        assert desk.recognition.model.name == "tiny.en"


@pytest.mark.parametrize(
    ("missing", "state", "reason"),
    [(True, ModelState.MISSING, Reason.MODEL_MISSING), (False, ModelState.FAILED, Reason.WORKER_FAILED)],
)
@pytest.mark.asyncio
async def test_a_model_that_cannot_be_loaded_fails_whoever_waits_and_is_tried_again_by_the_next(
    missing: bool, state: ModelState, reason: Reason
) -> None:
    async with running(Desk()) as desk:
        reader = await desk.finished()
        first = await desk.factory.life(1)
        first.say(speech.LoadFailed(missing=missing, message="no model.bin"))
        first.die()
        problem = await reader.failure()
        assert (problem.reason, problem.message) == (reason, "no model.bin")
        await anyio.wait_all_tasks_blocked()
        assert desk.recognition.model.state is state
        assert len(desk.factory.lives) == 1
        later = await desk.finished("s2")
        (await desk.factory.life(2)).answer("s2", "hello")
        assert await later.text() == "hello"


@pytest.mark.asyncio
async def test_another_model_is_loaded_at_once_while_nobody_speaks() -> None:
    async with running(Desk()) as desk:
        first = await desk.factory.life(1)
        first.load()
        await desk.until(ModelState.READY)
        desk.recognition.use(BASE)
        second = await desk.factory.life(2)
        await second.until_told(speech.Load("base", "/models/base"))
        assert first.closed
        assert desk.recognition.model.name == "base"


@pytest.mark.asyncio
async def test_another_model_waits_for_the_end_of_what_is_being_said() -> None:
    async with running(Desk()) as desk:
        first = await desk.factory.life(1)
        first.load()
        reader = await desk.finished()
        desk.recognition.use(BASE)
        await anyio.wait_all_tasks_blocked()
        assert not first.closed
        first.answer("s1", "hello")
        assert await reader.text() == "hello"
        await (await desk.factory.life(2)).until_told(speech.Load("base", "/models/base"))
        assert first.closed


@pytest.mark.asyncio
async def test_another_model_while_the_first_one_loads_ends_that() -> None:
    async with running(Desk()) as desk:
        first = await desk.factory.life(1)
        desk.recognition.use(BASE)
        await (await desk.factory.life(2)).until_told(speech.Load("base", "/models/base"))
        assert first.closed


@pytest.mark.asyncio
async def test_the_same_model_again_changes_nothing() -> None:
    async with running(Desk()) as desk:
        first = await desk.factory.life(1)
        desk.recognition.use(TINY)
        await anyio.wait_all_tasks_blocked()
        assert not first.closed
        assert len(desk.factory.lives) == 1


# Idleness


@pytest.mark.asyncio
async def test_with_no_idleness_allowed_a_recogniser_lives_for_one_dictation() -> None:
    async with running(Desk(unload_after_s=0)) as desk:
        await anyio.wait_all_tasks_blocked()
        assert desk.factory.lives == []
        for number in (1, 2):
            reader = await desk.finished(f"s{number}")
            puppet = await desk.factory.life(number)
            puppet.load()
            puppet.answer(f"s{number}", "hello")
            assert await reader.text() == "hello"
            await desk.until(ModelState.UNLOADED)
            assert puppet.closed


@pytest.mark.asyncio
async def test_a_dictation_given_up_while_the_model_loads_unloads_it_once_it_is_there() -> None:
    async with running(Desk(unload_after_s=0)) as desk:
        await desk.finished()
        puppet = await desk.factory.life(1)
        desk.recognition.discard("s1")
        await anyio.wait_all_tasks_blocked()
        assert not puppet.closed
        puppet.load()
        await puppet.until(lambda: puppet.closed)


@pytest.mark.parametrize("unload_after_s", [-1, 600])
@pytest.mark.asyncio
async def test_an_idle_recogniser_lives_on_while_it_may(unload_after_s: float) -> None:
    async with running(Desk(unload_after_s=unload_after_s)) as desk:
        reader = await desk.finished()
        puppet = await desk.factory.life(1)
        puppet.load()
        puppet.answer("s1", "hello")
        await reader.text()
        await anyio.wait_all_tasks_blocked()
        assert not puppet.closed
        desk.recognition.unload_after_s = 0
        await puppet.until(lambda: puppet.closed)


@pytest.mark.asyncio
async def test_what_is_said_while_a_recogniser_ends_is_heard_by_the_next() -> None:
    async with running(Desk(unload_after_s=0)) as desk:
        reader = await desk.finished()
        first = await desk.factory.life(1)
        first.load()
        first.answer("s1", "hello")
        await reader.text()
        await first.until(lambda: first.closed)
        later = await desk.finished("s2")
        second = await desk.factory.life(2)
        second.load()
        second.answer("s2", "again")
        assert await later.text() == "again"


@pytest.mark.asyncio
async def test_those_who_speak_go_before_files_in_a_fresh_recogniser() -> None:
    desk = Desk()
    await desk.dictate("file")
    await desk.dictate("speaker", urgent=True)
    async with running(desk):
        puppet = await desk.factory.life(1)
        await puppet.until(lambda: bool(puppet.audio("file")))
        opened = [one.utterance for one in puppet.commands if isinstance(one, speech.Open)]
        assert opened == ["speaker", "file"]
