from __future__ import annotations

import pytest

from parleqd.core.session.machine import Session
from parleqd.core.session.states import Delivering, Offer
from parleqd.engine.live import LiveSession
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.messages import ClientCapabilities
from parleqd.protocol.methods import EVENTS_SUBSCRIBE, INITIALIZE
from parleqd.protocol.names import ErrorCode, Reason, Topic
from tests.fakes.dictations import outcome, spec
from tests.fakes.engine import Engine, FakeClient, ask, running_engine

ALICE = {"name": "test", "version": "1", "instance": "alice"}


def leave_text(engine: Engine, session_id: str, owner: str) -> None:
    """A finished session that waits."""
    machine = Session(spec(id=session_id, owner=owner))
    machine.state = Delivering(outcome(), Offer.READY)
    engine.sessions.driver.add(LiveSession(machine, engine.sessions._journal.open(session_id)))


@pytest.mark.asyncio
async def test_a_client_is_told_what_the_daemon_can_do_and_what_waits_for_it() -> None:
    async with running_engine() as engine:
        leave_text(engine, "hers", "alice")
        leave_text(engine, "his", "bob")
        client = FakeClient("connection-1")
        told = await ask(engine, INITIALIZE, client, client=ALICE, protocol=1, capabilities={"insert": True})
        assert (client.owner, client.capabilities) == ("alice", ClientCapabilities(insert=True))
        assert told["protocol"] == 1
        assert told["server"]["name"] == "parleqd"
        assert told["capabilities"] == {
            "sources": ["stream", "file"],
            "modes": ["raw", "instant", "polished"],
            "topics": ["state", "partial", "level", "notice"],
        }
        assert [waiting["session_id"] for waiting in told["pending"]] == ["hers"]


@pytest.mark.parametrize("version", [0, 2, -1])
@pytest.mark.asyncio
async def test_another_protocol_is_refused(version: int) -> None:
    async with running_engine() as engine:
        client = FakeClient("connection-1")
        with pytest.raises(RpcError) as raised:
            await ask(engine, INITIALIZE, client, client=ALICE, protocol=version)
        assert raised.value.reason is Reason.PROTOCOL_UNSUPPORTED
        assert client.owner == "connection-1"


@pytest.mark.parametrize("instance", ["", "x" * 65, 5, None])
@pytest.mark.asyncio
async def test_an_instance_is_a_string_of_1_to_64_characters(instance: object) -> None:
    async with running_engine() as engine:
        with pytest.raises(RpcError) as raised:
            await ask(engine, INITIALIZE, client={**ALICE, "instance": instance}, protocol=1)
        assert raised.value.code == ErrorCode.INVALID_PARAMS
        assert "$.client.instance" in raised.value.message
        await ask(engine, INITIALIZE, client={**ALICE, "instance": "é" * 64}, protocol=1)


@pytest.mark.asyncio
async def test_topics_are_subscribed_to() -> None:
    async with running_engine() as engine:
        client = FakeClient("alice")
        told = await ask(engine, EVENTS_SUBSCRIBE, client, topics=["state", "level", "state"])
        assert told == {"topics": ["level", "state"]}
        assert client.topics == frozenset([Topic.STATE, Topic.LEVEL])
        with pytest.raises(RpcError) as raised:
            await ask(engine, EVENTS_SUBSCRIBE, client, topics=["gossip"])
        assert raised.value.code == ErrorCode.INVALID_PARAMS
