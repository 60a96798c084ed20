"""The client that audio is given to: whom it reaches, how long it waits, what it makes of every bad answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import anyio
import pytest
from anyio import to_thread
from anyio.abc import SocketAttribute

from parleqd.core.speech.server import SpeechServer, server_of
from parleqd.speech_worker.served.client import ANSWER_BYTES, ServerError, check_here, post
from parleqd.speech_worker.served.form import Form
from tests.fakes.http_server import Do, HttpServer, Proxy, Script, chunk, whole

SENT = Form(b"sound" * 1000, "multipart/form-data; boundary=x")
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
GOOD: Script = [whole(b'{"text": "hello"}')]


@asynccontextmanager
async def serving(scripts: Sequence[Script], host: str = "127.0.0.1") -> AsyncIterator[HttpServer]:
    """A server on a port of its own."""
    listener = await anyio.create_tcp_listener(local_host=host)
    at = f"[{host}]" if ":" in host else host
    server = HttpServer(scripts, f"http://{at}:{listener.extra(SocketAttribute.local_port)}")
    async with listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, server.serve)
        yield server
        tasks.cancel_scope.cancel()


async def posted(url: str, patience_s: float = 10.0) -> bytes:
    return await to_thread.run_sync(post, server_of(url), SENT, patience_s)


async def failure(script: Script, patience_s: float = 10.0) -> str:
    """What is said of a server that answers so; it must not be asked twice."""
    async with serving([script]) as server:
        with pytest.raises(ServerError) as raised:
            await posted(server.address, patience_s)
        assert len(server.seen) == 1
    message = str(raised.value)
    assert message.startswith(f"the speech server at {server.address.removeprefix('http://')} ")
    assert "dictated" not in message
    return message


@pytest.mark.parametrize(
    "script",
    [
        GOOD,
        [CHUNKED, chunk(b'{"text": '), 0.01, chunk(b'"hello"}'), chunk(b"")],
        [b'HTTP/1.0 200 OK\r\n\r\n{"text": "hello"}', Do.CLOSE],
        [b"HTTP/1.1 100 Continue\r\n\r\n", whole(b'{"text": "hello"}')],
    ],
)  # fmt: skip
@pytest.mark.asyncio
async def test_an_answer_in_every_form_that_http_has(script: Script) -> None:
    async with serving([script]) as server:
        assert await posted(f"{server.address}/v1") == b'{"text": "hello"}'
    (seen,) = server.seen
    assert (seen.method, seen.target, seen.body) == ("POST", "/v1/audio/transcriptions", SENT.body)
    assert seen.headers["content-type"] == SENT.content_type
    assert seen.headers["host"] == server.address.removeprefix("http://")


@pytest.mark.asyncio
async def test_localhost_is_both_addresses_and_is_not_looked_up() -> None:
    async with serving([GOOD], host="::1") as server:
        assert await posted(server.address.replace("[::1]", "localhost")) == b'{"text": "hello"}'


@pytest.mark.asyncio
async def test_the_environment_names_no_proxy_for_audio(monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = Proxy(b"HTTP/1.1 200 OK\r\n\r\n", "")
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{listener.extra(SocketAttribute.local_port)}")
    async with serving([GOOD]) as server, listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, proxy.serve)
        assert await posted(server.address) == b'{"text": "hello"}'
        tasks.cancel_scope.cancel()
    assert proxy.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.asyncio
async def test_no_redirect_is_followed_not_even_to_this_machine(status: int) -> None:
    async with serving([GOOD]) as other:
        moved = whole(b"dictated", status, {"Location": f"{other.address}/v1/audio/transcriptions"})
        assert "elsewhere" in await failure([moved])
        assert other.connections == 0


@pytest.mark.parametrize(
    ("status", "said"),
    [(400, "status 400"), (401, "wants a key"), (403, "let this daemon in"), (404, "no such model"), (413, "length"),
     (429, "too much"), (500, "status 500"), (503, "status 503"), (204, "status 204")],
)  # fmt: skip
@pytest.mark.asyncio
async def test_any_other_status_is_a_failure(status: int, said: str) -> None:
    assert said in await failure([whole(b"dictated words", status)])


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ([b"dictated words\r\n\r\n", Do.CLOSE], "does not speak HTTP"),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ndictated", Do.CLOSE], "in the middle"),
        ([b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 1000 + b"\r\n", Do.CLOSE], "does not speak HTTP"),
        ([CHUNKED, chunk(b"dictated"), Do.CLOSE], "does not speak HTTP"),
        ([Do.CLOSE], "cannot be reached"),
        ([Do.RESET], "cannot be reached"),
        ([whole(b" " * (ANSWER_BYTES + 1))], "no transcript"),
    ],
)
@pytest.mark.asyncio
async def test_garbage(script: Script, said: str) -> None:
    assert said in await failure(script)


@pytest.mark.parametrize(
    "script",
    [
        [Do.HANG],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", Do.HANG],
        [b"HTTP/1.1 200 OK\r\n", *[b"x: y\r\n", 0.05] * 50],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", *[b" ", 0.05] * 50],
    ],
)
@pytest.mark.asyncio
async def test_one_deadline_however_slowly_it_drips(script: Script) -> None:
    assert "did not answer within" in await failure(script, patience_s=0.4)


@pytest.mark.asyncio
async def test_nobody_listens() -> None:
    async with serving([GOOD]) as server:
        pass
    with pytest.raises(ServerError, match="cannot be reached"):
        await posted(server.address)


@pytest.mark.parametrize("address", ["10.0.0.7", "0.0.0.0", "fe80::1", "2001:db8::1", "::ffff:10.0.0.7"])
def test_before_a_byte_is_sent_the_kernel_says_who_is_reached(address: str) -> None:
    with pytest.raises(ServerError, match="nothing was sent"):
        check_here(address)


def test_a_name_in_place_of_an_address_is_never_looked_up() -> None:
    with pytest.raises(ServerError):
        post(SpeechServer(("speech.example.com",), 80, "/v1"), SENT, 1.0)
