from __future__ import annotations

import base64
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.speech.scripted import Life, ScriptedFactory
from tests.fakes.client import AnsweredError, Client
from tests.fakes.engine import SECOND
from tests.integration.daemon import running_daemon

FILE = {"source": "file", "path": "/speech.flac", "pace": "fast"}
PCM = base64.b64encode(SECOND).decode()


async def dictated(client: Client) -> str:
    """A file session whose text is there."""
    session_id: str = (await client.call("session/start", **FILE))["session_id"]
    await client.note("session/final", session_id=session_id)
    return session_id


async def pending(client: Client, **params: Any) -> list[tuple[str, str]]:
    listed = (await client.call("session/pending", **params))["sessions"]
    return [(one["session_id"], one["state"]) for one in listed]


@pytest.mark.asyncio
async def test_a_window_that_comes_back_finds_its_text_waiting() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello"])) as daemon:
        async with daemon.client("alice") as client:
            session_id = await dictated(client)
        async with daemon.connect() as client:
            told = await client.initialize("alice")
            assert [one["session_id"] for one in told["pending"]] == [session_id]
            assert (await client.call("session/result", session_id=session_id))["raw"] == "hello"
            await client.call("session/acknowledge", session_id=session_id)
            assert await pending(client) == []


@pytest.mark.asyncio
async def test_a_text_is_only_its_owners() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello"])) as daemon:
        async with daemon.client("alice") as alice, daemon.client("bob", topics=["state", "partial"]) as bob:
            session_id = await dictated(alice)
            assert (await bob.refused("session/result", session_id=session_id)).reason == "not_owner"
            assert (await bob.refused("session/acknowledge", session_id=session_id)).reason == "not_owner"
            assert (await bob.refused("session/claim", session_id=session_id)).reason == "not_owner"
            assert (await bob.refused("session/cancel", session_id=session_id)).reason == "not_owner"
            assert await pending(bob) == []
            assert await pending(bob, all=True) == await pending(alice) == [(session_id, "ready")]


@pytest.mark.asyncio
async def test_a_result_is_handed_out_again_until_it_is_acknowledged() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello"])) as daemon, daemon.client("alice") as client:
        session_id = await dictated(client)
        first = await client.call("session/result", session_id=session_id)
        assert await pending(client) == [(session_id, "maybe_delivered")]
        assert await client.call("session/result", session_id=session_id) == first
        for _ in range(2):
            await client.call("session/acknowledge", session_id=session_id)
        assert (await client.refused("session/result", session_id=session_id)).reason == "unknown_session"


@pytest.mark.asyncio
async def test_of_many_that_claim_an_orphan_at_once_one_gets_it() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello"])) as daemon:
        async with daemon.client("alice") as client:
            session_id = await dictated(client)
        outcomes: list[str | None] = []

        async def claim(instance: str) -> None:
            async with daemon.client(instance) as client:
                try:
                    await client.call("session/claim", session_id=session_id)
                    assert (await client.call("session/result"))["raw"] == "hello"
                    outcomes.append("claimed")
                except AnsweredError as problem:
                    outcomes.append(problem.reason)
                await everybody_tried.wait()

        everybody_tried = anyio.Event()
        async with anyio.create_task_group() as tasks:
            for number in range(8):
                tasks.start_soon(claim, f"client-{number}")
            with anyio.fail_after(10):
                while len(outcomes) < 8:
                    await anyio.lowlevel.checkpoint()
            everybody_tried.set()
        assert sorted(map(str, outcomes)) == ["already_claimed"] * 7 + ["claimed"]


@pytest.mark.asyncio
async def test_the_loss_of_a_connection_acts_as_a_stop_and_the_text_waits() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello"])) as daemon:
        async with daemon.client("bob", topics=["state"]) as bob:
            async with daemon.client("alice") as alice:
                session_id = (await alice.call("session/start", source="stream"))["session_id"]
                await alice.call("session/audio", session_id=session_id, pcm=PCM)
            await bob.note("session/final", session_id=session_id)
            assert await pending(bob, all=True) == [(session_id, "ready")]
            await bob.call("session/claim", session_id=session_id)
            assert (await bob.call("session/result"))["raw"] == "hello"


@pytest.mark.asyncio
async def test_a_stream_that_is_to_go_on_goes_on_without_its_connection() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello"])) as daemon:
        async with daemon.client("alice") as alice:
            started = await alice.call("session/start", source="stream", on_disconnect="continue")
            await alice.call("session/audio", session_id=started["session_id"], pcm=PCM)
        async with daemon.client("alice") as alice:
            await alice.call("session/audio", session_id=started["session_id"], pcm=PCM)
            await alice.call("session/stop", session_id=started["session_id"])
            result = await alice.call("session/result", session_id=started["session_id"])
            assert (result["raw"], result["audio_seconds"]) == ("hello", 2.0)


@pytest.mark.asyncio
async def test_what_a_client_without_a_handshake_leaves_behind_can_be_read_and_claimed() -> None:
    async with running_daemon(recognisers=ScriptedFactory(["hello"])) as daemon:
        async with daemon.client("bob", topics=["state"]) as bob:
            async with daemon.connect() as client:
                session_id = (await client.call("session/start", **FILE))["session_id"]
            await bob.note("session/final", session_id=session_id)
            last = await bob.call("history/last")
            assert (last["delivery"], last["result"]["raw"]) == ("pending", "hello")
            await bob.call("session/claim", session_id=session_id)
            await bob.call("session/acknowledge", session_id=session_id)
            assert (await bob.call("history/last"))["delivery"] == "delivered"


@pytest.mark.asyncio
async def test_an_empty_text_waits_for_nobody() -> None:
    gate = anyio.Event()
    async with running_daemon(recognisers=ScriptedFactory([], [Life(gate=gate)])) as daemon:
        async with daemon.client("bob", topics=["state"]) as bob:
            async with daemon.client("alice") as alice:
                session_id = (await alice.call("session/start", **FILE))["session_id"]
            gate.set()
            ended = await bob.note("session/state", session_id=session_id, phase="ended")
            assert ended["end"] == "nothing_said"
