from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from parleq_client import UnreachableError
from parleq_hotkey.link import Link
from parleq_hotkey.ports import Receipt
from parleqd.protocol.names import ReceiptStatus
from tests.fakes.daemon import DEADLINE, STATUS, Object, Peer, Refusal, never, running_daemon
from tests.fakes.hotkey import PAUSES, FakeUser, linked


@pytest.mark.asyncio
async def test_it_introduces_a_client_that_inserts_and_carries_calls() -> None:
    async with linked() as (daemon, link):
        assert link.up
        assert await link.call("status/get") == STATUS
        (introduced,) = daemon.asked("initialize")
    assert introduced["capabilities"] == {"insert": True, "partials": False}
    assert introduced["client"]["instance"] == link.instance


@pytest.mark.asyncio
async def test_a_lost_connection_is_told_once_and_made_again_as_the_same_instance() -> None:
    async def die(peer: Peer, _: Object) -> Object:
        await peer.hang_up()
        return STATUS

    async with running_daemon({"status/get": die}) as daemon, anyio.create_task_group() as tasks:
        link = Link(daemon.path, pauses=PAUSES)
        user = FakeUser(link)
        tasks.start_soon(link.run, user)
        await link.reach(DEADLINE)
        with pytest.raises(UnreachableError):
            await link.call("status/get")
        await daemon.until_asked("initialize", 2)
        assert len(user.failures) == 1
        assert len({one["client"]["instance"] for one in daemon.asked("initialize")}) == 1
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_a_receipt_that_no_daemon_took_is_told_to_the_next_and_only_once() -> None:
    async def die(peer: Peer, _: Object) -> Object:
        await peer.hang_up()
        daemon.replies["session/acknowledge"] = {}
        return {}

    async with running_daemon({"session/acknowledge": die}) as daemon, anyio.create_task_group() as tasks:
        link = Link(daemon.path, pauses=PAUSES)
        tasks.start_soon(link.run, FakeUser(link))
        await link.reach(DEADLINE)
        await link.acknowledge("s1", Receipt(ReceiptStatus.READ))
        await daemon.until_asked("session/acknowledge", 2)
        daemon.replies["session/acknowledge"] = Refusal("unknown_session")
        await link.acknowledge("s2", Receipt(ReceiptStatus.FAILED, "no focus"))
        assert [one["session_id"] for one in daemon.asked("session/acknowledge")] == ["s1", "s1", "s2"]
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_without_a_daemon_calls_fail_at_once_and_it_is_told_once(tmp_path: Path) -> None:
    link = Link(str(tmp_path / "none.sock"), pauses=(0.001, 0.001))
    user = FakeUser(link)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(link.run, user)
        with anyio.fail_after(DEADLINE):
            await user.changed.wait()
        await link.reach(0.02)
        assert not link.up
        with pytest.raises(UnreachableError, match="there is no such socket"):
            await link.call("status/get")
        tasks.cancel_scope.cancel()
    assert len(user.failures) == 1


@pytest.mark.asyncio
async def test_a_daemon_that_wants_something_gets_an_answer_and_what_it_tells_is_passed_on() -> None:
    async def chatty(peer: Peer, _: Object) -> Object:
        await peer.notify("session/level", {"session_id": "s", "dbfs": -20.0})
        await peer.request(1, "text/insert", {"session_id": "s", "text": "hello"})
        await daemon.until_answered()
        return STATUS

    async with running_daemon({"status/get": chatty, "devices/list": never}) as daemon:
        async with anyio.create_task_group() as tasks:
            link = Link(daemon.path, pauses=PAUSES)
            user = FakeUser(link)
            tasks.start_soon(link.run, user)
            await link.reach(DEADLINE)
            await link.call("status/get")
            tasks.cancel_scope.cancel()
    assert user.notes == ["session/level"]
    assert daemon.answers[0]["result"] == {"status": "sent", "detail": "text/insert"}
