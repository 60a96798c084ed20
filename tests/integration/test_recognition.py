from __future__ import annotations

import base64
from typing import Any

import anyio
import pytest

from parleqd.adapters.speech.scripted import At, Life, ScriptedFactory
from parleqd.core.speech import liveness
from parleqd.core.speech import messages as speech
from parleqd.engine.recognition import Limits
from tests.fakes.client import AnsweredError, Client
from tests.fakes.engine import SECOND
from tests.integration.daemon import running_daemon

TEXT = "one two three four"
PCM = base64.b64encode(SECOND).decode()


async def dictate(client: Client, seconds: int = 4) -> Any:
    """A stream of so many seconds, and its result."""
    session_id = (await client.call("session/start", source="stream"))["session_id"]
    for _ in range(seconds):
        await client.call("session/audio", session_id=session_id, pcm=PCM)
    await client.call("session/stop", session_id=session_id)
    return await client.call("session/result", session_id=session_id)


MOMENTS = [
    At(speech.Load),
    At(speech.Open),
    At(speech.Audio),
    At(speech.Audio, 3),
    At(speech.Finish),
]


@pytest.mark.parametrize("commit_s", [100.0, 1.0])
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda at: f"{at.command.__name__}{at.nth}")
@pytest.mark.asyncio
async def test_a_recogniser_that_dies_at_any_moment_costs_no_word(moment: At, commit_s: float) -> None:
    recognisers = ScriptedFactory([TEXT], [Life(dies=moment)], commit_s)
    async with running_daemon(recognisers=recognisers) as daemon, daemon.client("alice") as client:
        assert (await dictate(client))["raw"] == TEXT
        assert len(recognisers.started) == 2
        await client.call("session/acknowledge", session_id=client.notes[0]["params"]["session_id"])
        assert (await client.call("session/pending"))["sessions"] == []
        finals = [note for note in client.notes if note["method"] == "session/final"]
        assert len(finals) == 1


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda at: f"{at.command.__name__}{at.nth}")
@pytest.mark.asyncio
async def test_a_recogniser_that_hangs_is_killed_and_costs_no_word(moment: At) -> None:
    recognisers = ScriptedFactory([TEXT], [Life(hangs=moment)])
    quick = Limits(ping_interval_s=0.01)
    async with running_daemon(recognisers=recognisers, limits=quick) as daemon, daemon.client("alice") as client:
        assert (await dictate(client))["raw"] == TEXT
        assert "worker_hung" in daemon.engine.log.events()
        assert liveness.MISSED_PINGS == 3


@pytest.mark.asyncio
async def test_one_death_each_costs_no_text_in_a_long_run() -> None:
    count = 10
    texts = [f"text {number}" for number in range(count)]
    lives = [Life(dies=MOMENTS[number % len(MOMENTS)]) for number in range(2 * count)]
    async with running_daemon(recognisers=ScriptedFactory(texts, lives[::2])) as daemon:
        async with daemon.client("alice") as client:
            for text in texts:
                assert (await dictate(client, 2))["raw"] == text


@pytest.mark.asyncio
async def test_a_failure_after_death_upon_death_leaves_audio_that_can_be_recovered() -> None:
    deadly = Life(dies=At(speech.Finish))
    recognisers = ScriptedFactory([TEXT, TEXT], [deadly] * 3)
    limits = Limits(accidents=3)
    async with running_daemon(recognisers=recognisers, limits=limits) as daemon, daemon.client("alice") as client:
        with pytest.raises(AnsweredError) as raised:
            await dictate(client)
        assert raised.value.reason == "worker_failed"
        await client.call("session/recover")
        result = await client.call("session/result")
        assert (result["raw"], result["audio_seconds"]) == (TEXT, 4.0)


@pytest.mark.asyncio
async def test_a_model_that_cannot_be_loaded_is_said_and_tried_again() -> None:
    missing = Life(load_failed=speech.LoadFailed(missing=True, message="no model.bin"))
    async with running_daemon(recognisers=ScriptedFactory([TEXT], [missing])) as daemon:
        async with daemon.client("alice") as client:
            with anyio.fail_after(10):
                while (await client.call("status/get"))["model"]["state"] != "missing":
                    pass
            assert (await dictate(client))["raw"] == TEXT
            assert (await client.call("status/get"))["model"]["state"] == "ready"


@pytest.mark.asyncio
async def test_two_dictations_at_once_survive_the_death_that_one_of_them_causes() -> None:
    recognisers = ScriptedFactory(["one", "two"], [Life(dies=At(speech.Finish))])
    async with running_daemon(recognisers=recognisers) as daemon:
        async with daemon.client("alice") as alice, daemon.client("bob") as bob:
            results: dict[str, str] = {}

            async def run(name: str, client: Client) -> None:
                results[name] = (await dictate(client))["raw"]

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(run, "alice", alice)
                tasks.start_soon(run, "bob", bob)
            assert sorted(results.values()) == ["one", "two"]
