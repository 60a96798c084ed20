from __future__ import annotations

import base64
from typing import Any

import pytest

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.text import instant
from tests.fakes.client import Client
from tests.fakes.engine import SECOND
from tests.integration.daemon import Daemon, running_daemon

PCM = base64.b64encode(SECOND).decode()
INSERT = {"source": "file", "path": "/speech.flac", "pace": "fast", "deliver": "insert"}
CLEANED = instant.clean("hello there")
TEXT = CLEANED.text
EDITS = [{"stage": one.stage, "before": one.before, "after": one.after} for one in CLEANED.edits]


def daemon_that_hears(*texts: str) -> Any:
    return running_daemon(recognisers=ScriptedFactory(texts or ["hello there"]))


def hotkey(daemon: Daemon) -> Any:
    return daemon.client("hotkey", topics=["notice", "state"], insert=True)


async def prepare(client: Client, target: str = "window") -> None:
    await client.answer_with(await client.asked("insert/prepare"), {"target": target, "context": {}})


def sent(session_id: str, target: str) -> dict[str, Any]:
    return {"session_id": session_id, "text": TEXT, "target": target, "raw": "hello there", "edits": EDITS}


async def pending(client: Client) -> list[tuple[str, str]]:
    listed = (await client.call("session/pending", all=True))["sessions"]
    return [(one["state"], one["deliver"]) for one in listed]


@pytest.mark.parametrize("status", ["verified", "read", "sent"])
@pytest.mark.asyncio
async def test_a_text_is_inserted_once_where_it_was_meant_to_go(status: str) -> None:
    async with daemon_that_hears() as daemon, hotkey(daemon) as client:
        session_id = (await client.call("session/start", **INSERT))["session_id"]
        await prepare(client, "window 7")
        request = await client.asked("text/insert")
        assert request["params"] == sent(session_id, target="window 7")
        assert await pending(client) == [("maybe_delivered", "insert")]
        await client.answer_with(request, {"status": status})
        ended = await client.note("session/state", phase="ended")
        assert ended["end"] == "delivered"
        assert await pending(client) == []
        assert client.requests == []


@pytest.mark.asyncio
async def test_the_starter_inserts_if_it_can_else_the_latest_that_can() -> None:
    async with daemon_that_hears("one", "two") as daemon, daemon.client("plain") as plain:
        async with daemon.client("first", insert=True) as first, daemon.client("second", insert=True) as second:
            await plain.call("session/start", **INSERT)
            await second.asked("insert/prepare")
            await first.call("session/start", **INSERT)
            await first.asked("insert/prepare")
            assert second.requests == []


@pytest.mark.asyncio
async def test_without_a_client_that_inserts_the_text_waits_and_people_are_told() -> None:
    async with daemon_that_hears() as daemon, daemon.client("alice", topics=["notice"]) as client:
        session_id = (await client.call("session/start", **INSERT))["session_id"]
        notice = await client.note("daemon/notice", reason="no_insert_client")
        assert notice["session_id"] == session_id
        assert await pending(client) == [("ready", "insert")]
        assert (await client.refused("session/result", session_id=session_id)).reason == "wrong_phase"
        assert await client.call("session/claim", session_id=session_id)
        assert (await client.call("session/result"))["text"] == TEXT


@pytest.mark.asyncio
async def test_a_text_that_waits_is_never_inserted_by_itself() -> None:
    async with daemon_that_hears("one", "two") as daemon, daemon.client("alice", topics=["notice"]) as alice:
        await alice.call("session/start", **INSERT)
        await alice.note("daemon/notice", reason="no_insert_client")
        async with hotkey(daemon) as client:
            await client.call("session/start", **INSERT)
            await prepare(client)
            request = await client.asked("text/insert")
            assert request["params"]["text"] == instant.clean("two").text
            await client.answer_with(request, {"status": "sent"})
            await client.note("session/state", phase="ended")
            assert client.requests == []


@pytest.mark.asyncio
async def test_a_failed_insertion_leaves_the_text_to_be_claimed() -> None:
    async with daemon_that_hears() as daemon, hotkey(daemon) as client:
        session_id = (await client.call("session/start", **INSERT))["session_id"]
        await prepare(client)
        await client.answer_with(await client.asked("text/insert"), {"status": "failed", "detail": "no focus"})
        await client.note("daemon/notice", reason="no_insert_client")
        assert await pending(client) == [("ready", "insert")]
        await client.call("session/claim", session_id=session_id)
        assert (await client.call("session/result"))["text"] == TEXT


@pytest.mark.asyncio
async def test_a_text_held_for_review_is_pending_until_its_outcome_is_reported() -> None:
    async with daemon_that_hears() as daemon, hotkey(daemon) as client, daemon.client("alice") as alice:
        session_id = (await client.call("session/start", **INSERT))["session_id"]
        await prepare(client)
        await client.answer_with(await client.asked("text/insert"), {"status": "held"})
        assert await pending(client) == [("maybe_delivered", "insert")]
        assert (await alice.refused("session/claim", session_id=session_id)).reason == "not_owner"
        await client.call("session/acknowledge", session_id=session_id, receipt={"status": "verified"})
        assert await pending(client) == []


@pytest.mark.parametrize("answer", [None, {}, {"status": "perhaps"}])
@pytest.mark.asyncio
async def test_without_an_answer_that_says_anything_nobody_knows(answer: object) -> None:
    async with daemon_that_hears() as daemon, hotkey(daemon) as client:
        await client.call("session/start", **INSERT)
        await prepare(client)
        if answer is None:
            daemon.engine.sessions.insertion.answer_within_s = 0.05
        request = await client.asked("text/insert")
        if answer is not None:
            await client.answer_with(request, answer, garbage=True)
        await client.note("daemon/notice", reason="timeout")
        assert await pending(client) == [("maybe_delivered", "insert")]


@pytest.mark.asyncio
async def test_an_inserting_client_that_leaves_in_mid_insertion_leaves_a_text_to_be_claimed() -> None:
    async with daemon_that_hears() as daemon, daemon.client("alice", topics=["notice"]) as alice:
        async with hotkey(daemon) as client:
            session_id = (await client.call("session/start", **INSERT))["session_id"]
            await prepare(client)
            await client.asked("text/insert")
        await alice.note("daemon/notice", reason="timeout")
        assert await pending(alice) == [("maybe_delivered", "insert")]
        await alice.call("session/claim", session_id=session_id)
        assert (await alice.call("session/result"))["text"] == TEXT


@pytest.mark.asyncio
async def test_a_client_that_leaves_before_the_text_is_there_is_replaced() -> None:
    async with daemon_that_hears() as daemon, daemon.client("alice") as alice:
        async with hotkey(daemon) as client:
            session_id = (await alice.call("session/start", source="stream", deliver="insert"))["session_id"]
            await client.asked("insert/prepare")
        async with daemon.client("other", insert=True) as other:
            await alice.call("session/audio", session_id=session_id, pcm=PCM)
            await alice.call("session/stop", session_id=session_id)
            request = await other.asked("text/insert")
            assert request["params"] == sent(session_id, target="")
            await other.answer_with(request, {"status": "sent"})
            await alice.note("session/state", phase="ended")


@pytest.mark.asyncio
async def test_insertions_come_one_after_the_other_in_start_order() -> None:
    texts = ["one", "two", "three"]
    async with daemon_that_hears(*texts) as daemon, hotkey(daemon) as client:
        for _ in texts:
            await client.call("session/start", **INSERT)
            await prepare(client)
        for text in texts:
            request = await client.asked("text/insert")
            assert request["params"]["text"] == instant.clean(text).text
            await client.call("status/get")
            assert client.requests == []
            await client.answer_with(request, {"status": "sent"})


@pytest.mark.asyncio
async def test_nothing_is_inserted_where_nothing_was_said() -> None:
    async with running_daemon() as daemon, hotkey(daemon) as client:
        await client.call("session/start", **INSERT)
        await prepare(client)
        assert (await client.note("session/state", phase="ended"))["end"] == "nothing_said"
        assert client.requests == []


@pytest.mark.asyncio
async def test_a_stop_that_prints_takes_the_text_from_the_inserting_client() -> None:
    async with daemon_that_hears() as daemon, hotkey(daemon) as client:
        session_id = (await client.call("session/start", source="stream", deliver="insert"))["session_id"]
        await prepare(client)
        await client.call("session/audio", session_id=session_id, pcm=PCM)
        await client.call("session/stop", session_id=session_id, deliver="return")
        assert (await client.call("session/result"))["text"] == TEXT
        assert client.requests == []
