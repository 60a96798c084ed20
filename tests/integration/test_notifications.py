from __future__ import annotations

import anyio
import anyio.lowlevel
import pytest

from parleqd.protocol import messages as m
from parleqd.protocol.methods import SESSION_LEVEL, SESSION_PARTIAL
from parleqd.protocol.names import Topic
from parleqd.rpc.dispatch import HANDLERS, Handle
from parleqd.rpc.services import Call
from tests.fakes.engine import running_engine
from tests.fakes.line import a_line, connected, dictation
from tests.fakes.peers import Ear

STREAM = {"source": "stream"}


@pytest.mark.asyncio
async def test_nothing_is_told_before_initialized() -> None:
    async with a_line() as (_, line):
        await line.client.call("initialize", client={"name": "x", "instance": "alice"}, protocol=1)
        await line.client.call("session/start", **STREAM)
        await line.client.notify("initialized")
        await line.client.call("session/start", **STREAM)
        await line.client.note("session/state")
        assert [note["method"] for note in line.client.notes] == []


@pytest.mark.parametrize(
    ("topics", "own", "others"),
    [
        ([], {"state", "partial"}, set()),
        (["state"], {"state", "partial"}, {"state"}),
        (["partial"], {"state", "partial"}, {"partial"}),
        (["level"], {"state", "partial", "level"}, {"level"}),
        (["notice"], {"state", "partial"}, {"notice"}),
        (["state", "level", "notice"], {"state", "partial", "level"}, {"state", "level", "notice"}),
    ],
)
@pytest.mark.asyncio
async def test_a_client_hears_of_its_own_sessions_and_of_what_it_subscribed_to(
    topics: list[str], own: set[str], others: set[str]
) -> None:
    async with a_line("alice") as (engine, line):
        assert await line.client.call("events/subscribe", topics=topics) == {"topics": sorted(topics)}
        bus = engine.services.bus
        for owner in ("alice", "bob"):
            for topic in (Topic.STATE, Topic.PARTIAL, Topic.LEVEL):
                name = m.SessionLevelNote(session_id=f"{owner} {topic}", dbfs=0.0)
                bus.publish(topic, owner, SESSION_LEVEL, name)
        bus.publish(Topic.NOTICE, "", SESSION_LEVEL, m.SessionLevelNote(session_id="bob notice", dbfs=0.0))
        expected = {f"alice {topic}" for topic in own} | {f"bob {topic}" for topic in others}
        heard = {(await line.client.note("session/level"))["session_id"] for _ in expected}
        assert heard == expected
        await line.client.call("status/get")
        assert line.client.notes == []


@pytest.mark.asyncio
async def test_a_subscription_replaces_the_one_before() -> None:
    async with a_line("alice") as (_, line):
        await line.client.call("events/subscribe", topics=["level", "partial"])
        assert line.connection.wants(Topic.PARTIAL)
        await line.client.call("events/subscribe", topics=[])
        assert not line.connection.wants(Topic.PARTIAL)


@pytest.mark.asyncio
async def test_a_slow_reader_loses_partials_is_told_how_many_and_slows_nobody() -> None:
    async with a_line("alice") as (engine, line):
        ear = Ear()
        engine.services.bus.join(ear)
        for revision in range(5000):
            note = m.SessionPartialNote(session_id="s1", revision=revision, stable="x" * 1000, provisional="")
            engine.services.bus.publish(Topic.PARTIAL, "alice", SESSION_PARTIAL, note)
            if revision % 10 == 0:
                await anyio.lowlevel.checkpoint()
        assert len(ear.notes) == 5000
        revisions, dropped = list[int](), 0
        while not revisions or revisions[-1] < 4999:
            message = await line.client.receive()
            if message["method"] == "events/dropped":
                dropped += message["params"]["partials"]
            else:
                revisions.append(message["params"]["revision"])
        assert revisions == sorted(revisions)
        assert dropped > 0
        assert len(revisions) + dropped == 5000


@pytest.mark.asyncio
async def test_what_happened_before_an_answer_is_told_before_it() -> None:
    async with a_line("alice") as (engine, line):
        session_id = await dictation(engine, line.client, "hello")
        await line.client.call("session/result")
        told = [note["params"].get("phase", note["method"]) for note in line.client.notes]
        assert told == ["recording", "transcribing", "cleaning", "delivering", "session/final"]
        assert all(note["params"]["session_id"] == session_id for note in line.client.notes)


@pytest.mark.asyncio
async def test_what_happened_just_before_an_answer_is_told_before_it() -> None:
    async def tell(call: Call) -> m.Message:
        note = m.SessionLevelNote(session_id="s1", dbfs=0.0)
        call.services.bus.publish(Topic.STATE, "alice", SESSION_LEVEL, note)
        return m.Nothing()

    handlers: dict[str, Handle] = {**HANDLERS, "models/remove": lambda call, params: tell(call)}
    async with running_engine() as engine, connected(engine, handlers=handlers) as line:
        await line.client.initialize("alice", topics=[])
        await line.client.request("models/remove", name="base")
        assert [(await line.client.receive()).get("method") for _ in range(2)] == ["session/level", None]
