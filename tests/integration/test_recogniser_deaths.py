from __future__ import annotations

from collections.abc import Callable

import pytest

from parleqd.core.errors import OutsideError
from parleqd.core.speech import liveness
from parleqd.core.speech import messages as speech
from parleqd.engine.recognition import LIMITS, Limits
from parleqd.protocol.names import ModelState, Reason
from tests.fakes.recogniser import Puppet, final
from tests.fakes.recognition import SECOND, Desk, running

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
async def test_accidents_with_nothing_finished_in_between_are_none() -> None:
    async with running(Desk(limits=Limits(accidents=2))) as desk:
        reader = await desk.finished()
        for number in (1, 2):
            before_any_work(await desk.factory.life(number))
        assert (await reader.failure()).reason is Reason.WORKER_FAILED
        assert desk.recognition.model.state is ModelState.FAILED


@pytest.mark.asyncio
async def test_a_finished_utterance_forgives_earlier_accidents() -> None:
    async with running(Desk(limits=Limits(accidents=2))) as desk:
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
async def test_a_recogniser_that_cannot_be_started_is_tried_again_with_pauses_and_then_fails_everybody() -> None:
    desk = Desk(limits=Limits(first_pause_s=0.0))
    desk.factory.failure = OutsideError(Reason.WORKER_FAILED, "no such program")
    reader = await desk.finished()
    async with running(desk):
        assert (await reader.failure()).reason is Reason.WORKER_FAILED
        assert desk.factory.attempts == LIMITS.accidents
        assert desk.log.events().count("worker_start_failed") == LIMITS.accidents
        desk.factory.failure = None
        later = await desk.finished("s2")
        (await desk.factory.life(1)).answer("s2", "hello")
        assert await later.text() == "hello"


# Hanging


@pytest.mark.asyncio
async def test_a_recogniser_that_answers_no_ping_is_killed_and_replaced() -> None:
    async with running(Desk(deaf=True, limits=Limits(ping_interval_s=0.0))) as desk:
        reader = await desk.finished()
        first = await desk.factory.life(1)
        await first.until(lambda: first.killed)
        second = await desk.factory.life(2)
        second.deaf = False
        second.answer("s1", "hello")
        assert await reader.text() == "hello"
        assert "worker_hung" in desk.log.events()


@pytest.mark.asyncio
async def test_a_step_that_never_ends_is_ended() -> None:
    async with running(Desk(limits=Limits(ping_interval_s=0.0))) as desk:
        reader = await desk.finished()
        first = await desk.factory.life(1)
        first.say(speech.Working("s1"))
        first.step_seconds = liveness.STEP_LIMIT_S + 1
        second = await desk.factory.life(2)
        assert first.killed
        second.answer("s1", "hello")
        assert await reader.text() == "hello"


@pytest.mark.asyncio
async def test_what_a_spent_recogniser_cannot_decode_a_fresh_one_can() -> None:
    async with running(Desk()) as desk:
        first = await desk.factory.life(1)
        first.load()
        reader = await desk.finished("s1", seconds=2)
        first.say(speech.Working("s1"), speech.Failed("s1", "no memory", spent=True), speech.Working("s2"))
        second = await desk.factory.life(2)
        second.load()
        await second.until_told(speech.Finish("s1"))
        assert second.audio("s1") == SECOND * 2
        second.answer("s1", "hello", seconds=2.0)
        assert await reader.text() == "hello"


@pytest.mark.asyncio
async def test_what_spends_one_recogniser_after_the_other_fails_alone() -> None:
    async with running(Desk()) as desk:
        bad, good = await desk.finished("s1"), await desk.finished("s2")
        for number in (1, 2, 3):
            puppet = await desk.factory.life(number)
            puppet.load()
            puppet.say(speech.Working("s1"), speech.Failed("s1", "no memory", spent=True), speech.Working("s2"))
        assert (await bad.failure()).message == "no memory"
        (await desk.factory.life(3)).answer("s2", "hello")
        assert await good.text() == "hello"
        assert len(desk.factory.lives) == 3
