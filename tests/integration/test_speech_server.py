"""What the engine makes of a speech server that decodes, fails, and comes back."""

from __future__ import annotations

import msgspec
import pytest

from parleqd.core.speech import messages as speech
from parleqd.protocol.names import ModelState, Reason
from tests.fakes.recognition import TINY, Desk, running

SERVED = msgspec.structs.replace(TINY, server="http://127.0.0.1:8000/v1", server_model="whisper-1")
DOWN = "the speech server at 127.0.0.1:8000 cannot be reached"


@pytest.mark.asyncio
async def test_a_speech_server_decodes_and_the_model_may_be_missing() -> None:
    model = msgspec.structs.replace(SERVED, path="", installed=False)
    async with running(Desk(model)) as desk:
        puppet = await desk.factory.life(1)
        await puppet.until_told(speech.Load("tiny.en", "", "http://127.0.0.1:8000/v1", "whisper-1"))
        assert (desk.recognition.model.name, desk.recognition.model.compute_type) == ("whisper-1", "server")
        puppet.say(speech.Loaded("whisper-1", "server", 12.0))
        await desk.until(ModelState.READY)
        assert desk.notices() == []


@pytest.mark.asyncio
async def test_who_helps_out_is_told_once_and_whoever_decodes_is_named() -> None:
    async with running(Desk(SERVED)) as desk:
        puppet = await desk.factory.life(1)
        puppet.say(speech.Loaded("whisper-1", "server", 12.0))
        first = await desk.finished("s1")
        puppet.say(speech.Loaded("tiny.en", "int8", 0.0, DOWN))
        puppet.answer("s1", "hello")
        assert await first.text() == "hello"
        (heard,) = first.heard
        assert heard is not None
        assert (heard.model, heard.compute_type) == ("tiny.en", "int8")
        assert (desk.recognition.model.state, desk.recognition.model.detail) == (ModelState.READY, DOWN)
        second = await desk.finished("s2")
        puppet.say(speech.Loaded("whisper-1", "server", 0.0))
        puppet.answer("s2", "again")
        assert await second.text() == "again"
        assert (desk.recognition.model.name, desk.recognition.model.detail) == ("whisper-1", "")
        assert desk.notices() == [Reason.SPEECH_SERVER_FAILED]


@pytest.mark.asyncio
async def test_a_server_that_fails_with_nobody_to_help_out_fails_the_dictation_and_its_audio_is_kept() -> None:
    async with running(Desk(msgspec.structs.replace(SERVED, path="", installed=False))) as desk:
        puppet = await desk.factory.life(1)
        puppet.say(speech.Loaded("whisper-1", "server", 12.0, DOWN))
        reader = await desk.finished("s1")
        puppet.say(speech.Failed("s1", DOWN))
        problem = await reader.failure()
        assert (problem.reason, problem.message) == (Reason.WORKER_FAILED, DOWN)
        assert "parleqctl recover" in problem.hint
        assert desk.notices() == [Reason.SPEECH_SERVER_FAILED]
