"""The pool against a server on loopback: connections, TLS, proxies."""

from __future__ import annotations

import logging
import ssl
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest

from parleqd.adapters.chat.limits import LIMITS, Limits
from parleqd.adapters.chat.pool import Pool, open_pool
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import TransportError
from tests.fakes.http_server import Do, HttpServer, Step, head, running_http_server, running_proxy, whole
from tests.peers.certificates import issue

CANARY = "canary-5up3r"


class Contexts(NamedTuple):
    """What servers prove their names with, and what a client trusts."""

    good: ssl.SSLContext
    expired: ssl.SSLContext
    misnamed: ssl.SSLContext
    client: ssl.SSLContext


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Contexts:
    good = issue(tmp_path_factory.mktemp("good"))
    expired = issue(tmp_path_factory.mktemp("expired"), expired=True)
    misnamed = issue(tmp_path_factory.mktemp("misnamed"), name="example.org")
    client = ssl.create_default_context()
    for each in (good, expired, misnamed):
        client.load_verify_locations(each.authority)
    return Contexts(good.server_context(), expired.server_context(), misnamed.server_context(), client)


@asynccontextmanager
async def pool_of(
    context: ssl.SSLContext | None = None, proxy: str = "", limits: Limits = LIMITS
) -> AsyncIterator[Pool]:
    pool = open_pool(context or ssl.create_default_context(), proxy, limits)
    try:
        yield pool
    finally:
        await pool.close()


async def post(pool: Pool, server: HttpServer, path: str = "/") -> tuple[int, bytes]:
    """Status and body."""
    async with pool.exchange("POST", server.address + path, {"api-key": CANARY}, b"{}") as answer:
        return answer.status, b"".join([each async for each in answer.body()])


async def failing(pool: Pool, server: HttpServer) -> tuple[Breakage, str]:
    with pytest.raises(TransportError) as raised:
        await post(pool, server)
    assert pool.idle
    return raised.value.breakage, raised.value.detail


# Connections


@pytest.mark.asyncio
async def test_a_connection_is_used_again() -> None:
    async with running_http_server([whole(b"yes")]) as server, pool_of() as pool:
        assert [await post(pool, server) for _ in range(3)] == [(200, b"yes")] * 3
        assert server.connections == 1


@pytest.mark.asyncio
async def test_one_that_the_server_closed_is_found_out_before_anything_is_sent() -> None:
    async with running_http_server([whole(), Do.CLOSE], [whole()]) as server, pool_of() as pool:
        await post(pool, server)
        await server.closed.wait()
        await post(pool, server)
        assert [each.connection for each in server.seen] == [0, 1]


@pytest.mark.asyncio
@pytest.mark.parametrize("end", [Do.CLOSE, Do.RESET])
async def test_one_that_dies_with_a_request_is_told_and_nothing_is_sent_twice(end: Do) -> None:
    async with running_http_server([whole()], [end], [whole()]) as server, pool_of() as pool:
        await post(pool, server)
        assert (await failing(pool, server))[0] is Breakage.RESET
        assert len(server.seen) == 2


@pytest.mark.asyncio
async def test_an_answer_left_early_costs_its_connection_alone() -> None:
    async with running_http_server([head(200, {"content-length": "9"}), b"word", Do.HANG], [whole()]) as server:
        async with pool_of() as pool:
            async with pool.exchange("POST", server.address, {}, b"{}") as answer:
                assert await anext(answer.body()) == b"word"
                assert not pool.idle
            await server.left.wait()
            assert await post(pool, server) == (200, b"")


# Warming


@pytest.mark.asyncio
async def test_warming_opens_the_connection_of_the_next_request_and_tells_nothing() -> None:
    async with running_http_server([whole(b"what?", 404)]) as server, pool_of() as pool:
        await pool.warm(f"{server.address}/openai/{CANARY}?{CANARY}")
        await post(pool, server)
        asked, posted = server.seen
        assert (asked.method, asked.target, asked.body, asked.connection) == ("OPTIONS", "/", b"", 0)
        assert asked.headers.keys() == {"host", "user-agent", "accept-encoding"}
        assert (posted.method, posted.connection) == ("POST", 0)


@pytest.mark.asyncio
async def test_what_worked_a_moment_ago_is_not_asked_again() -> None:
    async with running_http_server([whole()]) as server, pool_of() as pool:
        await post(pool, server)
        for _ in range(3):
            await pool.warm(server.address)
        assert [each.method for each in server.seen] == ["POST"]


@pytest.mark.asyncio
async def test_where_the_server_closes_after_each_answer_warming_opens_another() -> None:
    script: list[Step] = [whole(headers={"Connection": "close"}), Do.CLOSE]
    async with running_http_server(script, [whole()]) as server, pool_of() as pool:
        await post(pool, server)
        await pool.warm(server.address)
        await post(pool, server)
        assert [(each.method, each.connection) for each in server.seen] == [("POST", 0), ("OPTIONS", 1), ("POST", 1)]


@pytest.mark.asyncio
async def test_a_connection_that_is_silently_dead_is_given_up_by_warming() -> None:
    limits = Limits(warm_s=0.05, proved_s=0)
    async with running_http_server([whole()], [Do.HANG], [whole()]) as server, pool_of(limits=limits) as pool:
        await post(pool, server)
        await pool.warm(server.address)
        await server.left.wait()
        await post(pool, server)
        assert [(each.method, each.connection) for each in server.seen] == [("POST", 0), ("OPTIONS", 0), ("POST", 1)]


# What is sent and what is taken


@pytest.mark.asyncio
async def test_paths_are_sent_byte_for_byte() -> None:
    path = "/apim/openai/deployments/gpt-5%20mini%2F%CE%B1/chat/completions?api-version=2025-04-01-preview"
    async with running_http_server([whole()]) as server, pool_of() as pool:
        await post(pool, server, path)
        assert server.seen[0].target == path
        assert server.seen[0].headers["api-key"] == CANARY


@pytest.mark.asyncio
async def test_cookies_are_not_kept() -> None:
    async with running_http_server([whole(headers={"Set-Cookie": "a=b"})]) as server, pool_of() as pool:
        await post(pool, server)
        await post(pool, server)
        assert "cookie" not in server.seen[1].headers


@pytest.mark.asyncio
async def test_a_head_without_end_is_given_up() -> None:
    script = [head(200, {"x": "y" * 200_000})]
    async with running_http_server(script) as server, pool_of() as pool:
        assert await failing(pool, server) == (Breakage.RESET, "remote protocol error")


@pytest.mark.asyncio
async def test_nothing_secret_is_logged_or_told(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with running_http_server([whole(CANARY.encode(), headers={"x": CANARY})]) as server, pool_of() as pool:
        await post(pool, server, f"/{CANARY}")
        for header in (f"{CANARY}\n", f"{CANARY}é"):
            with pytest.raises(TransportError) as raised:
                async with pool.exchange("POST", server.address, {"api-key": header}, b""):
                    pytest.fail("it was sent")
            assert raised.value.breakage is Breakage.CONNECT
            assert CANARY not in "".join(traceback.format_exception(raised.value))
    assert [each.name for each in caplog.records if each.name.startswith(("http", "h11"))] == []
    assert CANARY not in caplog.text


# TLS


@pytest.mark.asyncio
async def test_a_server_that_can_prove_its_name_is_spoken_to(contexts: Contexts) -> None:
    async with running_http_server([whole(b"yes")], tls=contexts.good) as server:
        async with pool_of(contexts.client) as pool:
            assert [await post(pool, server) for _ in range(2)] == [(200, b"yes")] * 2
            assert server.connections == 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "server_has, known, detail",
    [
        ("expired", True, "certificate expired"),
        ("misnamed", True, "certificate for another name"),
        ("good", False, "certificate of an unknown authority"),
    ],
)
async def test_one_that_cannot_gets_nothing(contexts: Contexts, server_has: str, known: bool, detail: str) -> None:
    tls: ssl.SSLContext = getattr(contexts, server_has)
    async with running_http_server([whole()], tls=tls) as server:
        async with pool_of(contexts.client if known else None) as pool:
            assert await failing(pool, server) == (Breakage.TLS, detail)
            assert server.seen == []


@pytest.mark.asyncio
async def test_a_body_that_breaks_off_under_tls_breaks_off(contexts: Contexts) -> None:
    script: list[Step] = [head(200, {"content-length": "9"}), b"word", Do.CLOSE]
    async with running_http_server(script, tls=contexts.good) as server:
        async with pool_of(contexts.client) as pool:
            assert (await failing(pool, server))[0] is Breakage.RESET


@pytest.mark.asyncio
async def test_a_handshake_that_does_not_come_about_is_given_up() -> None:
    async with running_http_server([whole()]) as server, pool_of(limits=Limits(connect_s=0.05)) as pool:
        server.address = server.address.replace("http:", "https:")  # what it waits for, no hello of TLS has
        assert await failing(pool, server) == (Breakage.TIMEOUT, "connect timeout")


# Proxies


@pytest.mark.asyncio
async def test_a_proxy_hears_the_name_of_the_server_and_no_more(contexts: Contexts) -> None:
    async with running_http_server([whole(b"yes")], tls=contexts.good) as server:
        async with running_proxy() as proxy, pool_of(contexts.client, proxy.address) as pool:
            assert [await post(pool, server) for _ in range(2)] == [(200, b"yes")] * 2
            assert len(proxy.seen) == 1
            assert proxy.seen[0].startswith(f"CONNECT {server.address.removeprefix('https://')} ")
            assert CANARY not in proxy.seen[0]


@pytest.mark.asyncio
async def test_a_password_goes_to_the_proxy_alone(contexts: Contexts) -> None:
    async with running_http_server([whole()], tls=contexts.good) as server, running_proxy() as proxy:
        with_password = proxy.address.replace("//", "//user:word@")
        async with pool_of(contexts.client, with_password) as pool:
            await post(pool, server)
        assert "proxy-authorization: basic dxnlcjp3b3jk" in proxy.seen[0].lower()
        assert "proxy-authorization" not in server.seen[0].headers


@pytest.mark.asyncio
async def test_a_proxy_that_wants_a_password_says_so_by_its_status(contexts: Contexts) -> None:
    async with running_http_server([whole()], tls=contexts.good) as server:
        async with running_proxy(whole(b"", 407)) as proxy, pool_of(contexts.client, proxy.address) as pool:
            assert await post(pool, server) == (407, b"")


@pytest.mark.asyncio
async def test_what_else_a_proxy_answers_is_not_taken_for_the_servers_answer(contexts: Contexts) -> None:
    async with running_http_server([whole()], tls=contexts.good) as server:
        async with running_proxy(whole(b"", 403)) as proxy, pool_of(contexts.client, proxy.address) as pool:
            assert await failing(pool, server) == (Breakage.CONNECT, "through the proxy: the proxy answered 403")


@pytest.mark.parametrize("proxy", ["socks5://proxy:1080", "ftp://proxy:21", "http://", "http://proxy:port"])
def test_a_proxy_that_cannot_be_used_is_told(proxy: str) -> None:
    with pytest.raises(TransportError) as raised:
        open_pool(ssl.create_default_context(), proxy, LIMITS)
    assert raised.value.breakage is Breakage.PROXY
    assert "proxy:" not in raised.value.detail
