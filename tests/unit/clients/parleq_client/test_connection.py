from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.to_thread import run_sync

from parleq_client import Connection, LocalError, ProtocolError, RefusedError, UnreachableError
from parleqd.protocol.names import MAX_MESSAGE_BYTES, ErrorCode
from tests.fakes.daemon import STATUS, USUAL, Object, Peer, Refusal, Reply, never, running_daemon


def ask(path: str, method: str = "status/get", params: Object | None = None) -> Object:
    with Connection.open(path) as connection:
        return connection.call(method, params)


@pytest.mark.asyncio
async def test_a_call_gives_the_result() -> None:
    async with running_daemon() as daemon:
        assert await run_sync(ask, daemon.path) == STATUS
    assert daemon.received == [("status/get", {})]


@pytest.mark.asyncio
async def test_the_handshake_names_the_client_and_gives_what_waits() -> None:
    def shake(path: str) -> Object:
        with Connection.open(path) as connection:
            answer = connection.initialize("tool", instance="i-1", version="2", insert=True, partials=False)
            connection.call("status/get")
            return answer

    async with running_daemon() as daemon:
        assert await run_sync(shake, daemon.path) == USUAL["initialize"]
    assert daemon.received[0] == (
        "initialize",
        {
            "client": {"name": "tool", "version": "2", "instance": "i-1"},
            "protocol": 1,
            "capabilities": {"insert": True, "partials": False},
        },
    )
    assert daemon.received[1] == ("initialized", {})


@pytest.mark.asyncio
async def test_a_daemon_of_another_protocol_is_refused() -> None:
    usual = USUAL["initialize"]
    assert isinstance(usual, dict)

    def shake(path: str) -> None:
        with Connection.open(path) as connection:
            connection.initialize("tool", instance="i")

    async with running_daemon({"initialize": {**usual, "protocol": 2}}) as daemon:
        with pytest.raises(ProtocolError, match="speaks protocol 2") as error:
            await run_sync(shake, daemon.path)
    assert error.value.reason == "protocol_unsupported"
    assert "same release" in error.value.hint


@pytest.mark.asyncio
async def test_a_refusal_keeps_its_reason_message_and_hint() -> None:
    async with running_daemon({"status/get": Refusal("queue_full", "too many", "wait")}) as daemon:
        with pytest.raises(RefusedError) as error:
            await run_sync(ask, daemon.path)
    assert (error.value.reason, error.value.message, error.value.hint) == ("queue_full", "too many", "wait")
    assert error.value.code == ErrorCode.REFUSED


@pytest.mark.asyncio
async def test_notifications_are_kept_until_asked_for_or_handed_to_the_handler() -> None:
    async def chatty(peer: Peer, params: Object) -> Object:
        await peer.notify("session/level", {"session_id": "s", "dbfs": -20.0})
        await peer.notify("session/level", {"session_id": "s", "dbfs": -10.0})
        return STATUS

    heard: list[tuple[str, Object]] = []

    def talk(path: str) -> list[Any]:
        with Connection.open(path) as connection:
            connection.call("status/get")
            kept = [connection.next_notification()[1]["dbfs"] for _ in range(2)]
            connection.on_notification = lambda method, params: heard.append((method, params))
            connection.call("status/get")
            return kept

    async with running_daemon({"status/get": chatty}) as daemon:
        assert await run_sync(talk, daemon.path) == [-20.0, -10.0]
    assert [params["dbfs"] for _, params in heard] == [-20.0, -10.0]


@pytest.mark.asyncio
async def test_one_notification_after_the_other_is_waited_for_and_handed_on() -> None:
    heard: list[float] = []

    def talk(path: str) -> None:
        with Connection.open(path) as connection:
            connection.on_notification = lambda method, params: heard.append(params["dbfs"])
            connection.call("status/get")
            connection.notify("initialized")
            connection.wait()

    async def chatty(peer: Peer, params: Object) -> Object:
        async def late() -> None:
            await daemon.until_asked("initialized")
            await peer.notify("session/level", {"session_id": "s", "dbfs": -10.0})

        tasks.start_soon(late)
        await peer.notify("session/level", {"session_id": "s", "dbfs": -20.0})
        return STATUS

    async with anyio.create_task_group() as tasks, running_daemon({"status/get": chatty}) as daemon:
        await run_sync(talk, daemon.path)
    assert heard == [-20.0, -10.0]


@pytest.mark.asyncio
async def test_the_daemon_s_requests_are_answered_while_a_call_waits() -> None:
    async def asking(peer: Peer, params: Object) -> Object:
        await peer.request(1, "text/insert", {"session_id": "s", "text": "hello"})
        await peer.request(2, "text/insert", {"session_id": "s", "text": "bad"})
        await daemon.until_answered(2)
        return STATUS

    def insert(method: str, params: Object) -> Object:
        if params["text"] == "bad":
            raise LocalError("device_lost", "the window is gone", "open it")
        return {"status": "sent", "detail": method}

    def talk(path: str) -> None:
        with Connection.open(path) as connection:
            connection.on_request = insert
            connection.call("status/get")

    async with running_daemon({"status/get": asking}) as daemon:
        await run_sync(talk, daemon.path)
    assert daemon.answers[0]["result"] == {"status": "sent", "detail": "text/insert"}
    assert daemon.answers[1]["error"] == {
        "code": -32000,
        "message": "the window is gone",
        "data": {"reason": "device_lost", "hint": "open it"},
    }


@pytest.mark.asyncio
async def test_a_request_that_nobody_handles_is_no_method_of_this_client() -> None:
    async def asking(peer: Peer, params: Object) -> Object:
        await peer.request(1, "insert/prepare", {"session_id": "s"})
        await daemon.until_answered()
        return STATUS

    async with running_daemon({"status/get": asking}) as daemon:
        await run_sync(ask, daemon.path)
    assert daemon.answers[0]["error"]["code"] == ErrorCode.METHOD_NOT_FOUND


@pytest.mark.asyncio
async def test_a_daemon_that_dies_in_a_call_is_unreachable() -> None:
    async def die(peer: Peer, params: Object) -> Object:
        await peer.send_raw(b'{"jsonrpc":')
        await peer.hang_up()
        return STATUS

    async with running_daemon({"status/get": die}) as daemon:
        with pytest.raises(UnreachableError, match="closed the connection") as error:
            await run_sync(ask, daemon.path)
    assert f"parleqd --socket {daemon.path}" in error.value.hint


@pytest.mark.asyncio
async def test_a_daemon_that_says_nothing_is_given_up() -> None:
    def impatient(path: str) -> None:
        with Connection.open(path) as connection:
            connection.call("status/get", timeout=0.05)

    async with running_daemon({"status/get": never}) as daemon:
        with pytest.raises(UnreachableError, match="did not answer in time"):
            await run_sync(impatient, daemon.path)


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH\n",
        b"\xff\xfe\n",
        b"[1]\n",
        b'{"id": 1}\n',
        b'{"method": 3}\n',
        b"[" * 100_000 + b"\n",
    ],
)
async def test_another_program_s_socket_is_told_apart(garbage: bytes) -> None:
    async def babble(peer: Peer, params: Object) -> Object:
        await peer.send_raw(garbage)
        return STATUS

    async with running_daemon({"status/get": babble}) as daemon:
        with pytest.raises(ProtocolError):
            await run_sync(ask, daemon.path)


@pytest.mark.asyncio
async def test_an_answer_without_end_is_cut_off() -> None:
    async def flood(peer: Peer, params: Object) -> Object:
        await peer.send_raw(b"x" * (MAX_MESSAGE_BYTES + 1))
        return await never(peer, params)

    async with running_daemon({"status/get": flood}) as daemon:
        with pytest.raises(ProtocolError) as error:
            await run_sync(ask, daemon.path)
    assert error.value.reason == "too_large"


@pytest.mark.asyncio
async def test_an_error_without_an_id_is_the_answer_to_what_could_not_be_read() -> None:
    async def unreadable(peer: Peer, params: Object) -> Object:
        await peer.send({"jsonrpc": "2.0", "id": None, "error": {"code": -32700, "message": "not JSON"}})
        return STATUS

    async with running_daemon({"status/get": unreadable}) as daemon:
        with pytest.raises(RefusedError, match="not JSON") as error:
            await run_sync(ask, daemon.path)
    assert error.value.reason == "bad_request"


@pytest.mark.asyncio
async def test_an_interrupt_gives_the_request_up_and_the_late_answer_is_passed_over() -> None:
    async def interrupted(peer: Peer, params: Object) -> Object:
        await peer.notify("session/level", {})
        await daemon.until_asked("$/cancelRequest")
        return {**STATUS, "pid": 1}

    def interrupt(method: str, params: Object) -> None:
        raise KeyboardInterrupt

    def talk(path: str) -> Object:
        with Connection.open(path) as connection:
            connection.on_notification = interrupt
            try:
                connection.call("status/get")
            except KeyboardInterrupt:
                connection.on_notification = None
                return connection.call("history/list", {"limit": 1})
            return {}

    replies: dict[str, Reply] = {"status/get": interrupted}
    async with running_daemon(replies) as daemon:
        assert await run_sync(talk, daemon.path) == USUAL["history/list"]
    assert daemon.asked("$/cancelRequest") == [{"id": 1}]


def test_no_daemon_says_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="there is no such socket") as error:
        ask(str(tmp_path / "none.sock"))
    assert "start it with `parleqd" in error.value.hint


def test_a_socket_that_its_daemon_left_is_unreachable(tmp_path: Path) -> None:
    path = str(tmp_path / "dead.sock")
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(path)
    with pytest.raises(UnreachableError, match="no process listens"):
        ask(path)


def test_a_file_that_is_no_socket_is_unreachable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnreachableError, match="no parleqd at"):
        ask(str(tmp_path / "file"))


def test_a_path_too_long_for_a_socket_is_unreachable() -> None:
    with pytest.raises(UnreachableError, match="closing NUL"):
        ask("/tmp/" + "x" * 120)


def test_a_file_that_is_no_socket_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnreachableError, match="that is no socket") as error:
        Connection.open(str(tmp_path / "file"))
    assert "socket" in error.value.hint
