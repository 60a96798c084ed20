from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from parleq_client import ClientError, LocalError, ProtocolError, RefusedError, UnreachableError
from parleq_client.asynchronous import AsyncConnection
from parleqd.protocol.names import MAX_MESSAGE_BYTES, ErrorCode
from tests.fakes.daemon import DEADLINE, STATUS, USUAL, FakeDaemon, Object, Peer, Refusal, Reply, never, running_daemon


@asynccontextmanager
async def connected(**replies: Reply) -> AsyncIterator[tuple[FakeDaemon, AsyncConnection]]:
    named = {name.replace("_", "/"): reply for name, reply in replies.items()}
    async with running_daemon(named) as daemon, AsyncConnection.open(daemon.path) as connection:
        with anyio.fail_after(DEADLINE):
            yield daemon, connection


@pytest.mark.asyncio
async def test_the_handshake_and_a_call() -> None:
    async with connected() as (daemon, connection):
        answer = await connection.initialize("tool", instance="i-1", version="2", insert=True, partials=False)
        assert answer == USUAL["initialize"]
        assert await connection.call("status/get") == STATUS
    assert daemon.received[0][1]["capabilities"] == {"insert": True, "partials": False}
    assert [method for method, _ in daemon.received] == ["initialize", "initialized", "status/get"]


@pytest.mark.asyncio
async def test_a_daemon_of_another_protocol_is_refused() -> None:
    usual = USUAL["initialize"]
    assert isinstance(usual, dict)
    async with connected(initialize={**usual, "protocol": 2}) as (_, connection):
        with pytest.raises(ProtocolError, match="speaks protocol 2"):
            await connection.initialize("tool", instance="i")


@pytest.mark.asyncio
async def test_calls_overlap_and_each_gets_its_own_answer() -> None:
    released = anyio.Event()

    async def slow(_: Peer, __: Object) -> Object:
        await released.wait()
        return {**STATUS, "pid": 1}

    found: list[object] = []

    async with connected(status_get=slow) as (daemon, connection), anyio.create_task_group() as tasks:

        async def ask() -> None:
            found.append((await connection.call("status/get"))["pid"])

        tasks.start_soon(ask)
        await daemon.until_asked("status/get")
        found.append(len((await connection.call("history/list", {"limit": 1}))["entries"]))
        released.set()
    assert found == [1, 1]


@pytest.mark.asyncio
async def test_a_refusal_is_raised() -> None:
    async with connected(status_get=Refusal("queue_full", "too many", "wait")) as (_, connection):
        with pytest.raises(RefusedError, match="too many") as error:
            await connection.call("status/get")
    assert (error.value.reason, error.value.hint) == ("queue_full", "wait")


@pytest.mark.asyncio
async def test_notifications_come_in_order_before_the_answer_that_follows_them() -> None:
    async def chatty(peer: Peer, _: Object) -> Object:
        for level in (-20.0, -10.0):
            await peer.notify("session/level", {"session_id": "s", "dbfs": level})
        return STATUS

    heard: list[float] = []
    async with connected(status_get=chatty) as (_, connection):
        connection.on_notification = lambda method, params: heard.append(params["dbfs"])
        await connection.call("status/get")
    assert heard == [-20.0, -10.0]


@pytest.mark.asyncio
async def test_the_daemon_s_requests_are_answered_even_while_another_is() -> None:
    async def asking(peer: Peer, _: Object) -> Object:
        await peer.request(1, "text/insert", {"text": "slow"})
        await peer.request(2, "text/insert", {"text": "bad"})
        await daemon.until_answered(2)
        return STATUS

    answered = anyio.Event()

    async def insert(method: str, params: Object) -> Object:
        if params["text"] == "bad":
            answered.set()
            raise LocalError("device_lost", "the window is gone", "open it")
        await answered.wait()
        return {"status": "sent", "detail": method}

    async with connected(status_get=asking) as (daemon, connection):
        connection.on_request = insert
        await connection.call("status/get")
    assert daemon.answers[0]["error"]["data"] == {"reason": "device_lost", "hint": "open it"}
    assert daemon.answers[1]["result"] == {"status": "sent", "detail": "text/insert"}


@pytest.mark.asyncio
async def test_a_request_that_nobody_handles_is_no_method_of_this_client() -> None:
    async def asking(peer: Peer, _: Object) -> Object:
        await peer.request(1, "insert/prepare", {"session_id": "s"})
        await daemon.until_answered()
        return STATUS

    async with connected(status_get=asking) as (daemon, connection):
        await connection.call("status/get")
    assert daemon.answers[0]["error"]["code"] == ErrorCode.METHOD_NOT_FOUND


@pytest.mark.asyncio
async def test_a_daemon_that_dies_fails_every_call_that_waits_and_every_later_one() -> None:
    async def die(peer: Peer, _: Object) -> Object:
        await peer.send_raw(b'{"jsonrpc":')
        await peer.hang_up()
        return {"devices": []}

    failures: list[ClientError] = []

    async with connected(status_get=never, devices_list=die) as (daemon, connection):

        async def ask(method: str) -> None:
            with pytest.raises(UnreachableError, match="closed the connection") as error:
                await connection.call(method)
            failures.append(error.value)

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, "status/get")
            await daemon.until_asked("status/get")
            tasks.start_soon(ask, "devices/list")
        await ask("status/get")
        assert connection.failure is await connection.until_closed()
    assert len(failures) == 3


@pytest.mark.asyncio
async def test_a_daemon_that_says_nothing_is_given_up() -> None:
    async with connected(status_get=never) as (_, connection):
        with pytest.raises(UnreachableError, match="did not answer in time"):
            await connection.call("status/get", timeout=0.05)
        assert await connection.call("history/list", {"limit": 1})


@pytest.mark.asyncio
async def test_a_cancelled_call_is_given_up_at_the_daemon() -> None:
    async with connected(status_get=never) as (daemon, connection), anyio.create_task_group() as tasks:
        tasks.start_soon(connection.call, "status/get")
        await daemon.until_asked("status/get")
        tasks.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            await daemon.until_asked("$/cancelRequest")
    assert daemon.asked("$/cancelRequest") == [{"id": 1}]


@pytest.mark.asyncio
async def test_a_call_of_another_task_fails_when_the_connection_is_left() -> None:
    failures: list[ClientError] = []

    async def ask(connection: AsyncConnection) -> None:
        with pytest.raises(UnreachableError) as error:
            await connection.call("status/get")
        failures.append(error.value)

    async with anyio.create_task_group() as tasks:
        async with connected(status_get=never) as (daemon, connection):
            tasks.start_soon(ask, connection)
            await daemon.until_asked("status/get")
    assert len(failures) == 1


@pytest.mark.parametrize(
    ("garbage", "reason"),
    [
        (b"SSH-2.0-OpenSSH\n", "protocol_unsupported"),
        (b'{"method": 3}\n', "protocol_unsupported"),
        (b'{"id": 1}\n', "protocol_unsupported"),
        (b'{"id": null, "error": {"code": -32700, "message": "not JSON"}}\n', "bad_request"),
        (b"x" * (MAX_MESSAGE_BYTES + 1), "too_large"),
    ],
)
@pytest.mark.asyncio
async def test_another_program_s_socket_is_told_apart(garbage: bytes, reason: str) -> None:
    async def babble(peer: Peer, params: Object) -> Object:
        await peer.send_raw(garbage)
        return await never(peer, params)

    async with connected(status_get=babble) as (_, connection):
        with pytest.raises(ClientError) as error:
            await connection.call("status/get")
    assert error.value.reason == reason


@pytest.mark.asyncio
async def test_no_daemon_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="there is no such socket") as error:
        async with AsyncConnection.open(str(tmp_path / "none.sock")):
            pass
    assert "start it with `parleqd" in error.value.hint


@pytest.mark.asyncio
async def test_what_fails_in_the_block_leaves_it_as_it_is() -> None:
    async with running_daemon() as daemon:
        with pytest.raises(LocalError):
            async with AsyncConnection.open(daemon.path):
                raise LocalError("internal", "no")


@pytest.mark.asyncio
async def test_a_bug_in_one_answer_is_told_and_the_connection_lives(caplog: pytest.LogCaptureFixture) -> None:
    async def ask(peer: Peer, _: Object) -> Object:
        await peer.request(1, "text/insert", {"session_id": "s1", "text": "dictated"})
        await daemon.until_answered(1)
        return STATUS

    async def broken(method: str, params: Object) -> Object:
        raise LookupError(params["text"])

    async with running_daemon({"status/get": ask}) as daemon, AsyncConnection.open(daemon.path) as connection:
        connection.on_request = broken
        assert await connection.call("status/get") == STATUS
        assert await connection.call("status/get") == STATUS
    assert daemon.answers[0]["error"]["data"]["reason"] == "internal"
    assert "LookupError" in caplog.text
    assert "dictated" not in caplog.text + str(daemon.answers)
