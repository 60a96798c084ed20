from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from parleqd.core.ports import Model
from parleqd.core.speech import messages as speech
from parleqd.engine.utterance import UNCOMMITTED_LIMIT_S
from parleqd.protocol.names import ModelState, Reason, Source
from tests.fakes.recogniser import DEADLINE, Puppet, final
from tests.fakes.recognition import SECOND, TINY, Desk, running

BASE = Model("base", "/models/base", installed=True)
MISSING = Model("large", "", installed=False)
LOAD = speech.Load("tiny.en", "/models/tiny.en")


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
async def test_a_bug_behind_an_event_costs_a_recogniser_and_no_word() -> None:
    async with running(Desk()) as desk:
        first = await desk.factory.life(1)
        reader = await desk.finished()
        desk.recognition.on_advance = lambda: 1 // 0  # type: ignore[assignment]
        first.say(speech.Working("s1"))
        second = await desk.factory.life(2)
        assert desk.log.fields("worker_supervision_failed")[0]["error"] == "ZeroDivisionError"
        second.answer("s1", "hello")
        assert await reader.text() == "hello"


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
        await desk.dictate(seconds=int(UNCOMMITTED_LIMIT_S) + 10, source=Source.MICROPHONE)


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
    [(True, ModelState.MISSING, Reason.MODEL_MISSING), (False, ModelState.FAILED, Reason.MODEL_DAMAGED)],
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
    await desk.dictate("speaker", source=Source.MICROPHONE)
    async with running(desk):
        puppet = await desk.factory.life(1)
        await puppet.until(lambda: bool(puppet.audio("file")))
        opened = [one.utterance for one in puppet.commands if isinstance(one, speech.Open)]
        assert opened == ["speaker", "file"]


ON_GPU = speech.Loaded("tiny.en", "float16", 12.0, device="cuda")


def loads(puppet: Puppet) -> list[str]:
    """On which device the model was to be loaded."""
    return [command.device for command in puppet.commands if isinstance(command, speech.Load)]


@pytest.mark.parametrize("by", ["dying", "saying so"])
@pytest.mark.asyncio
async def test_a_gpu_that_fails_in_the_middle_costs_no_dictation(by: str) -> None:
    async with running(Desk()) as desk:
        first = await desk.factory.life(1)
        first.say(ON_GPU)
        await desk.until(ModelState.READY)
        reader = await desk.finished("s1")
        first.say(speech.Working("s1"))
        if by == "dying":
            first.die()
        else:
            first.say(speech.Failed("s1", "out of memory"))
        second = await desk.factory.life(2)
        second.load()
        second.answer("s1", "hello")
        assert await reader.text() == "hello"
        assert (loads(first), loads(second)) == (["auto"], ["cpu"])
        assert desk.notices() == [Reason.GPU_FAILED]


@pytest.mark.asyncio
async def test_a_worker_that_dies_while_it_loads_is_not_asked_to_try_a_gpu_again() -> None:
    async with running(Desk()) as desk:
        (await desk.factory.life(1)).die()
        second = await desk.factory.life(2)
        second.load()
        await desk.until(ModelState.READY)
        assert loads(second) == ["cpu"]
        assert desk.notices() == []


@pytest.mark.asyncio
async def test_a_gpu_that_is_not_there_is_told() -> None:
    async with running(Desk()) as desk:
        (await desk.factory.life(1)).say(speech.Loaded("tiny.en", "int8", 12.0, "no GPU"))
        await desk.until(ModelState.READY)
        assert desk.notices() == [Reason.GPU_FAILED]
