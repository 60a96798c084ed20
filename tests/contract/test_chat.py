"""What every way to a cleanup model must do: the real one against a server on loopback, and the scripted one."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import anyio
import pytest

from parleqd.adapters.chat.client import HttpChat
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import Chat, ChatRequest, TransportError
from tests.fakes import http_server
from tests.fakes.chat import NEVER, FakeChat, Reply, Step, broken
from tests.fakes.http_server import Do, chunk, running_http_server

Request = tuple[str, bytes]


@dataclass
class Bench:
    """A way to a model, and what the model saw: paths and bodies of requests."""

    chat: Chat
    url: str
    seen: Callable[[], list[Request]]
    left: Callable[[], bool]


@asynccontextmanager
async def scripted(*replies: Reply) -> AsyncIterator[Bench]:
    chat = FakeChat(*replies)
    url = "http://127.0.0.1/chat?v=1"
    yield Bench(chat, url, lambda: [("/chat?v=1", each.body) for each in chat.requests], lambda: chat.left_early > 0)


@asynccontextmanager
async def http(*replies: Reply) -> AsyncIterator[Bench]:
    chat = HttpChat(ssl.create_default_context)
    async with running_http_server(*(list(_on_the_wire(reply)) for reply in replies)) as server:

        def seen() -> list[Request]:
            return [(each.target, each.body) for each in server.seen if each.method == "POST"]

        try:
            yield Bench(chat, f"{server.address}/chat?v=1", seen, server.left.is_set)
        finally:
            await chat.close()


def _on_the_wire(reply: Reply) -> Sequence[http_server.Step]:
    head = http_server.head(reply.status, {**reply.headers, "Transfer-Encoding": "chunked"})
    return [*map(_step, reply.first), head, *map(_step, reply.body), chunk(b"")]


def _step(step: Step) -> http_server.Step:
    if isinstance(step, bytes):
        return chunk(step)
    if isinstance(step, Breakage):
        return Do.CLOSE
    return Do.HANG if step == NEVER else step


Benches = Callable[..., AbstractAsyncContextManager[Bench]]


@pytest.fixture(params=[scripted, http], ids=lambda make: make.__name__)
def bench_of(request: pytest.FixtureRequest) -> Benches:
    make: Benches = request.param
    return make


def asking(bench: Bench, body: bytes = b"{}") -> ChatRequest:
    return ChatRequest(bench.url, {"api-key": "k"}, body)


@pytest.mark.asyncio
async def test_status_and_headers_come_before_the_body(bench_of: Benches) -> None:
    go_on = anyio.Event()
    async with bench_of(Reply(429, {"Retry-After": "7"}, [go_on, b"slow ", b"down"])) as bench:
        async with bench.chat.send(asking(bench)) as answer:
            assert (answer.status, answer.headers["retry-after"]) == (429, "7")
            go_on.set()
            assert b"".join([each async for each in answer.body()]) == b"slow down"


@pytest.mark.asyncio
async def test_requests_arrive_as_they_were_given_each_once(bench_of: Benches) -> None:
    async with bench_of(Reply(), Reply(201), Reply()) as bench:
        for body in (b"first", "zweitens, käse".encode(), b""):
            async with bench.chat.send(asking(bench, body)) as answer:
                assert [each async for each in answer.body()] == []
        bodies = [b"first", "zweitens, käse".encode(), b""]
        assert bench.seen() == [("/chat?v=1", body) for body in bodies]


@pytest.mark.asyncio
async def test_a_redirect_is_an_answer_and_is_not_followed(bench_of: Benches) -> None:
    async with bench_of(Reply(307, {"Location": "/elsewhere"})) as bench:
        async with bench.chat.send(asking(bench)) as answer:
            assert answer.status == 307
        assert bench.seen() == [("/chat?v=1", b"{}")]


@pytest.mark.asyncio
async def test_no_answer_is_an_error_on_entering_and_the_request_is_not_sent_again(bench_of: Benches) -> None:
    async with bench_of(broken(Breakage.RESET), Reply()) as bench:
        with pytest.raises(TransportError) as raised:
            async with bench.chat.send(asking(bench)):
                pytest.fail("there is no answer")
        assert raised.value.breakage is Breakage.RESET
        assert len(bench.seen()) == 1


@pytest.mark.asyncio
async def test_a_body_that_breaks_off_is_an_error_after_what_came(bench_of: Benches) -> None:
    async with bench_of(Reply(body=[b"half", Breakage.RESET])) as bench:
        async with bench.chat.send(asking(bench)) as answer:
            body = answer.body()
            assert await anext(body) == b"half"
            with pytest.raises(TransportError) as raised:
                await anext(body)
        assert raised.value.breakage is Breakage.RESET


@pytest.mark.asyncio
async def test_leaving_before_the_end_ends_the_request(bench_of: Benches) -> None:
    async with bench_of(Reply(body=[b"word", NEVER])) as bench:
        async with bench.chat.send(asking(bench)) as answer:
            async for _ in answer.body():
                break
        await _left(bench)


@pytest.mark.asyncio
@pytest.mark.parametrize("reply", [Reply(body=[b"word", NEVER]), Reply(first=[NEVER])], ids=["in the body", "before"])
async def test_a_cancelled_request_is_over(bench_of: Benches, reply: Reply) -> None:
    async def ask(bench: Bench) -> None:
        async with bench.chat.send(asking(bench)) as answer:
            async for _ in answer.body():
                pass

    async with bench_of(reply) as bench:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, bench)
            with anyio.fail_after(5):
                while not bench.seen():
                    await anyio.lowlevel.checkpoint()
            tasks.cancel_scope.cancel()
        await _left(bench)


@pytest.mark.asyncio
async def test_warming_raises_nothing_and_asks_no_model(bench_of: Benches) -> None:
    async with bench_of(Reply()) as bench:
        await bench.chat.warm(bench.url)
        await bench.chat.warm("http://127.0.0.1:1/nobody-listens")
        await bench.chat.warm("no address")
        assert bench.seen() == []


async def _left(bench: Bench) -> None:
    """The other side sees that the client is gone."""
    with anyio.fail_after(5):
        while not bench.left():
            await anyio.lowlevel.checkpoint()
