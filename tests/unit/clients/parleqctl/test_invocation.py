from __future__ import annotations

from argparse import Namespace
from uuid import UUID

import pytest
from anyio.to_thread import run_sync

from parleq_client import ProtocolError
from parleqctl.console import Console
from parleqctl.invocation import Invocation, given
from tests.fakes.command_line import MemoryStream
from tests.fakes.daemon import STATUS, Object, Peer, never, running_daemon


def invocation(socket: str | None = None, *, json: bool = False, **environment: str) -> Invocation:
    arguments = Namespace(json=json, socket=socket) if socket else Namespace(json=json)
    return Invocation(arguments, Console(None, MemoryStream(), MemoryStream(), environment))


def test_the_socket_is_the_given_one_else_the_environment_s() -> None:
    assert invocation("/a.sock", PARLEQ_SOCKET="/b.sock").socket_path == "/a.sock"
    assert invocation(PARLEQ_SOCKET="/b.sock").socket_path == "/b.sock"


def test_what_is_none_is_left_out() -> None:
    assert given({"a": None, "b": 0, "c": ""}) == {"b": 0, "c": ""}


@pytest.mark.asyncio
async def test_a_question_takes_a_connection_of_its_own_and_no_handshake() -> None:
    async with running_daemon() as daemon:
        one = invocation(daemon.path)
        assert await run_sync(lambda: one.ask("status/get")) == STATUS
        answer = await run_sync(lambda: one.ask_patiently("text/clean", text="x", mode=None))
    assert answer["text"] == "Hello world."
    assert daemon.received == [("status/get", {}), ("text/clean", {"text": "x"})]


@pytest.mark.asyncio
async def test_a_handshake_names_a_process_by_a_uuid() -> None:
    async with running_daemon() as daemon:
        one = invocation(daemon.path)
        for _ in range(2):
            (await run_sync(lambda: one.shake_hands(partials=True))).close()
    first, second = daemon.asked("initialize")
    assert first["client"]["name"] == "parleqctl"
    assert first["capabilities"] == {"insert": False, "partials": True}
    assert UUID(first["client"]["instance"]) != UUID(second["client"]["instance"])


@pytest.mark.asyncio
async def test_a_failed_handshake_leaves_no_connection_open() -> None:
    async def other(peer: Peer, params: Object) -> Object:
        await peer.send_raw(b"hello\n")
        return await never(peer, params)

    async with running_daemon({"initialize": other}) as daemon:
        with pytest.raises(ProtocolError):
            await run_sync(invocation(daemon.path).shake_hands)


def test_a_result_is_printed_in_the_form_that_was_asked_for() -> None:
    for as_json, printed in ((True, '{"a": 1}\n'), (False, "one\n")):
        one = invocation(json=as_json)
        one.result({"a": 1}, "one")
        out = one.console._stdout
        assert isinstance(out, MemoryStream)
        assert out.written == printed
