from __future__ import annotations

import json
from typing import Any

import anyio
import anyio.lowlevel
import pytest

from parleqd.protocol import messages as m
from parleqd.protocol.framing import Framing
from parleqd.protocol.names import MAX_MESSAGE_BYTES, ErrorCode
from parleqd.rpc.dispatch import HANDLERS
from parleqd.rpc.services import Call
from tests.fakes.client import AnsweredError
from tests.fakes.engine import running_engine
from tests.fakes.line import a_line, connected, dictation

STREAM = {"source": "stream"}


# Requests


@pytest.mark.parametrize("framing", list(Framing))
@pytest.mark.asyncio
async def test_a_request_is_answered_in_the_framing_in_which_it_came(framing: Framing) -> None:
    async with running_engine() as engine, connected(engine, framing=framing) as line:
        await line.client.request("status/get")
        data = await line.client.stream.receive()
        assert data.startswith(b"Content-Length: " if framing is Framing.HEADERS else b"{")
        assert json.loads(data.split(b"\r\n\r\n")[-1])["result"]["state"] == "idle"


@pytest.mark.asyncio
async def test_requests_that_come_at_once_are_answered_in_order() -> None:
    async with a_line() as (_, line):
        request = b'{"jsonrpc":"2.0","id":%d,"method":"status/get"}\n'
        await line.client.send_raw(b"".join(request % number for number in range(50)))
        assert [(await line.client.receive())["id"] for _ in range(50)] == list(range(50))


@pytest.mark.asyncio
async def test_a_request_that_waits_holds_up_nothing() -> None:
    async with a_line("alice") as (engine, line):
        await line.client.call("session/start", **STREAM)
        waiting = await line.client.request("session/result")
        assert (await line.client.call("status/get"))["sessions"] == 1
        await line.client.call("session/stop", session_id=engine.sessions.busy()[0].id)
        (await engine.puppets.life(1)).answer(engine.sessions.busy()[0].id, "hello")
        assert (await line.client.answer(waiting))["raw"] == "hello"


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("no/such", {}, ErrorCode.METHOD_NOT_FOUND),
        ("session/stop", {"session_id": 5}, ErrorCode.INVALID_PARAMS),
        ("session/result", {"session_id": 5}, ErrorCode.INVALID_PARAMS),
        ("session/stop", {"session_id": "absent"}, ErrorCode.REFUSED),
        ("session/result", {"session_id": "absent"}, ErrorCode.REFUSED),
    ],
)
@pytest.mark.asyncio
async def test_a_refused_request_is_answered_and_the_next_one_is_served(
    method: str, params: dict[str, Any], code: ErrorCode
) -> None:
    async with a_line() as (_, line):
        assert (await line.client.refused(method, **params)).code == code
        assert (await line.client.call("status/get"))["state"] == "idle"


@pytest.mark.asyncio
async def test_what_is_no_message_is_answered_and_the_next_one_is_served() -> None:
    async with a_line() as (_, line):
        for data, code, id_ in (
            (b"garbage\n", ErrorCode.PARSE_ERROR, None),
            (b'{"id":7}\n', ErrorCode.INVALID_REQUEST, 7),
            (b'[{"jsonrpc":"2.0","id":1,"method":"status/get"}]\n', ErrorCode.INVALID_REQUEST, None),
            (b"[" * 100_000 + b"\n", ErrorCode.PARSE_ERROR, None),
        ):
            await line.client.send_raw(data)
            answer = await line.client.receive()
            assert (answer["error"]["code"], answer["id"]) == (code, id_)
        assert (await line.client.call("status/get"))["state"] == "idle"


@pytest.mark.asyncio
async def test_an_oversize_message_is_answered_and_the_next_one_is_served() -> None:
    async with running_engine() as engine, connected(engine, framing=Framing.HEADERS) as line:
        await line.client.send_raw(b"Content-Length: %d\r\n\r\n" % (MAX_MESSAGE_BYTES + 1))
        error = (await line.client.receive())["error"]
        assert (error["code"], error["data"]["reason"]) == (ErrorCode.REFUSED, "too_large")
        await line.client.send_raw(b"x" * (MAX_MESSAGE_BYTES + 1))
        assert (await line.client.call("status/get"))["state"] == "idle"


@pytest.mark.asyncio
async def test_malformed_headers_are_answered() -> None:
    async with running_engine() as engine, connected(engine, framing=Framing.HEADERS) as line:
        await line.client.send_raw(b"Content-Length: many\r\n\r\n")
        assert (await line.client.receive())["error"]["code"] == ErrorCode.PARSE_ERROR
        assert (await line.client.call("status/get"))["state"] == "idle"


@pytest.mark.parametrize(
    "note",
    [
        {"method": "no/such"},
        {"method": "status/get"},
        {"method": "initialized"},
        {"method": "$/cancelRequest"},
        {"method": "$/cancelRequest", "params": {"id": [1]}},
        {"method": "$/cancelRequest", "params": {"id": 99}},
        {"id": "parleqd-1", "result": {}},
        {"id": 5, "error": {"code": 1, "message": "no"}},
        {"result": {}},
    ],
)
@pytest.mark.asyncio
async def test_notifications_and_stray_answers_are_never_answered(note: dict[str, Any]) -> None:
    async with a_line() as (_, line):
        await line.client.send({"jsonrpc": "2.0", **note}, garbage=True)
        assert (await line.client.call("status/get"))["state"] == "idle"
        assert line.client.answers == {}


@pytest.mark.parametrize("method", ["status/get", "session/result"])
@pytest.mark.asyncio
async def test_a_bug_in_a_handler_is_an_answer(method: str) -> None:
    async def awaited() -> m.Message:
        raise ZeroDivisionError

    def broken(call: Call, params: Any) -> Any:
        return awaited() if method == "session/result" else 1 // 0

    handlers = {**HANDLERS, method: broken}
    async with running_engine() as engine, connected(engine, handlers=handlers) as line:
        assert (await line.client.refused(method)).code == ErrorCode.INTERNAL_ERROR
        assert engine.log.fields("handler_failed")[0]["method"] == method
        assert await line.client.call("session/pending") == {"sessions": []}


@pytest.mark.asyncio
async def test_a_result_that_cannot_be_written_as_json_is_an_error() -> None:
    def unwritable(call: Call, params: Any) -> m.Message:
        return m.SessionStarted(session_id="\ud800")

    handlers = {**HANDLERS, "status/get": unwritable}
    async with running_engine() as engine, connected(engine, handlers=handlers) as line:
        assert (await line.client.refused("status/get")).code == ErrorCode.INTERNAL_ERROR
        assert await line.client.call("session/pending") == {"sessions": []}


# Waiting requests


@pytest.mark.asyncio
async def test_a_waiting_request_can_be_given_up() -> None:
    async with a_line("alice") as (engine, line):
        await line.client.call("session/start", **STREAM)
        waiting = await line.client.request("session/result")
        await line.client.notify("$/cancelRequest", id=waiting)
        with pytest.raises(AnsweredError) as raised:
            await line.client.answer(waiting)
        assert (raised.value.code, raised.value.reason) == (ErrorCode.CANCELLED, "cancelled")
        assert len(engine.sessions.busy()) == 1


@pytest.mark.asyncio
async def test_an_id_cannot_wait_twice_and_can_be_used_again() -> None:
    async with a_line("alice") as (engine, line):
        session_id = (await line.client.call("session/start", **STREAM))["session_id"]
        waiting = {"jsonrpc": "2.0", "id": "mine", "method": "session/result"}
        await line.client.send(waiting)
        await line.client.send({**waiting, "method": "status/get"})
        with pytest.raises(AnsweredError) as raised:
            await line.client.answer("mine")
        assert raised.value.code == ErrorCode.INVALID_REQUEST
        await line.client.call("session/stop", session_id=session_id)
        (await engine.puppets.life(1)).answer(session_id, "hello")
        for _ in range(3):
            assert (await line.client.answer("mine"))["raw"] == "hello"
            await line.client.send(waiting)


@pytest.mark.asyncio
async def test_the_waiting_requests_of_one_connection_are_bounded() -> None:
    async with running_engine() as engine, connected(engine, waiting_at_once=2) as line:
        await line.client.initialize("alice", topics=[])
        await line.client.call("session/start", **STREAM)
        first, _ = await line.client.request("session/result"), await line.client.request("session/result")
        assert (await line.client.refused("session/result")).reason == "queue_full"
        await line.client.notify("$/cancelRequest", id=first)
        with pytest.raises(AnsweredError):
            await line.client.answer(first)
        await line.client.request("session/result")
        assert (await line.client.call("status/get"))["sessions"] == 1


# Hanging up


@pytest.mark.asyncio
async def test_a_client_that_sends_no_more_gets_the_answers_it_waits_for() -> None:
    async with a_line("alice") as (engine, line):
        session_id = (await line.client.call("session/start", **STREAM))["session_id"]
        await line.client.call("session/stop", session_id=session_id)
        waiting = await line.client.request("session/result")
        await line.client.say_no_more()
        await anyio.wait_all_tasks_blocked()
        (await engine.puppets.life(1)).answer(session_id, "hello")
        assert (await line.client.answer(waiting))["raw"] == "hello"
        await line.until_over()


@pytest.mark.asyncio
async def test_a_last_line_without_its_newline_is_answered() -> None:
    async with a_line() as (_, line):
        await line.client.send_raw(b'{"jsonrpc":"2.0","id":1,"method":"status/get"}')
        await line.client.say_no_more()
        assert (await line.client.answer(1))["state"] == "idle"


@pytest.mark.asyncio
async def test_half_a_headed_message_at_the_end_is_answered() -> None:
    async with running_engine() as engine, connected(engine, framing=Framing.HEADERS) as line:
        await line.client.send_raw(b"Content-Length: 100\r\n\r\n{")
        await line.client.say_no_more()
        assert (await line.client.receive())["error"]["code"] == ErrorCode.PARSE_ERROR


@pytest.mark.asyncio
async def test_a_large_last_answer_arrives_whole_however_slowly_it_is_read() -> None:
    text = "word " * 400_000
    async with running_engine() as engine, connected(engine, hang_up_poll_s=0.0) as line:
        waiting = await line.client.request("text/clean", text=text, mode="raw")
        await line.client.say_no_more()
        for _ in range(200):
            await anyio.lowlevel.checkpoint()
        assert (await line.client.answer(waiting))["text"] == text


@pytest.mark.asyncio
async def test_a_client_that_hangs_up_altogether_is_let_go_though_it_waits() -> None:
    async with a_line("alice") as (engine, line):
        session_id = (await line.client.call("session/start", **STREAM))["session_id"]
        await line.client.request("session/result")
        await anyio.wait_all_tasks_blocked()
        await line.client.stream.aclose()
        await line.until_over()
        assert not engine.services.peers.connected("alice")
        assert engine.live(session_id).state.phase == "transcribing"


@pytest.mark.asyncio
async def test_a_client_that_hangs_up_in_the_middle_of_its_answer_disturbs_nobody() -> None:
    async with a_line() as (_, line):
        await line.client.request("text/clean", text="word " * 400_000, mode="raw")
        await line.client.stream.receive(100)
        await line.client.stream.aclose()
        await line.until_over()


# Who is who


@pytest.mark.asyncio
async def test_without_a_handshake_the_connection_is_the_owner_and_hears_nothing() -> None:
    async with a_line() as (engine, line):
        await line.client.notify("initialized")
        session_id = await dictation(engine, line.client, "hello")
        assert (await line.client.call("session/result"))["raw"] == "hello"
        assert engine.live(session_id).spec.owner == line.connection.owner
        assert (await line.client.refused("events/subscribe", topics=["state"])).code == ErrorCode.INVALID_REQUEST
        assert line.client.notes == []


@pytest.mark.asyncio
async def test_the_sessions_of_a_connection_that_ends_become_orphans() -> None:
    async with running_engine() as engine:
        async with connected(engine) as line:
            session_id = await dictation(engine, line.client, "hello")
            await line.client.call("session/result")
            await line.client.stream.aclose()
            await line.until_over()
        assert [live.id for live in engine.sessions.pending()] == [session_id]
        async with connected(engine, 2) as other:
            await other.client.call("session/claim", session_id=session_id)
            assert (await other.client.call("session/result"))["raw"] == "hello"


@pytest.mark.asyncio
async def test_an_instance_is_there_while_one_of_its_connections_is() -> None:
    async with running_engine() as engine, connected(engine, 1) as first:
        await first.client.initialize("alice")
        session_id = (await first.client.call("session/start", **STREAM))["session_id"]
        async with connected(engine, 2) as second:
            await second.client.initialize("alice")
            await first.client.stream.aclose()
            await first.until_over()
            assert engine.live(session_id).state.phase == "recording"
            await second.client.call("session/stop", session_id=session_id)
            (await engine.puppets.life(1)).answer(session_id, "hello")
            assert (await second.client.call("session/result", session_id=session_id))["raw"] == "hello"


@pytest.mark.asyncio
async def test_a_connection_introduces_itself_once() -> None:
    async with a_line("alice") as (_, line):
        with pytest.raises(AnsweredError) as raised:
            await line.client.initialize("bob")
        assert raised.value.code == ErrorCode.INVALID_REQUEST
        assert line.connection.owner == "alice"


@pytest.mark.asyncio
async def test_what_was_begun_before_the_introduction_is_left_behind() -> None:
    async with a_line() as (engine, line):
        session_id = (await line.client.call("session/start", **STREAM))["session_id"]
        await line.client.initialize("alice")
        assert engine.live(session_id).state.phase == "transcribing"
        assert (await line.client.refused("session/result", session_id=session_id)).reason == "not_owner"


@pytest.mark.asyncio
async def test_a_connection_of_a_pair_came_by_no_socket() -> None:
    async with a_line() as (_, line):
        assert line.connection.socket == ""
