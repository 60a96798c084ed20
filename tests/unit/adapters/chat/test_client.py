"""The client's own part: what it opens, when, and from where. The rest is ``tests/contract/test_chat.py``."""

from __future__ import annotations

import ssl
import subprocess
import sys
import threading

import pytest

from parleqd.adapters.chat.client import HttpChat
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import ChatRequest, TransportError
from tests.fakes.http_server import running_http_server, whole


class Trust:
    """Counts its calls, which come from a thread; fails at the first where asked to."""

    def __init__(self, fails: bool = False) -> None:
        self.calls = 0
        self.files: list[str | None] = []
        self._fails = fails

    def __call__(self, *, cafile: str | None = None) -> ssl.SSLContext:
        self.calls += 1
        self.files.append(cafile)
        assert threading.current_thread() is not threading.main_thread()
        if self._fails and self.calls == 1:
            raise TransportError(Breakage.CA_FILE, "no file")
        return ssl.create_default_context()


async def post(chat: HttpChat, url: str) -> int:
    async with chat.send(ChatRequest(url, {}, b"{}")) as answer:
        async for _ in answer.body():
            pass
        return answer.status


def test_importing_it_does_not_import_the_library() -> None:
    program = "import sys, parleqd.adapters.chat.client; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


@pytest.mark.asyncio
async def test_every_origin_has_a_pool_of_its_own_and_certificates_are_read_once() -> None:
    trust = Trust()
    chat = HttpChat(trust)
    async with running_http_server([whole()]) as one, running_http_server([whole()]) as two:
        for server in (one, two, one):
            assert await post(chat, server.address) == 200
        await chat.close()
        assert (one.connections, two.connections, trust.calls) == (1, 1, 1)


@pytest.mark.asyncio
async def test_another_file_of_certificates_counts_from_the_next_connection_on() -> None:
    trust = Trust()
    chat = HttpChat(trust)
    async with running_http_server([whole()]) as server:
        for file in ("", "ca.pem", "ca.pem"):
            chat.trust(file)
            assert await post(chat, server.address) == 200
        await chat.close()
        assert (trust.files, server.connections) == ([None, "ca.pem"], 2)


@pytest.mark.asyncio
async def test_certificates_that_cannot_be_read_are_an_error_until_they_can() -> None:
    chat = HttpChat(Trust(fails=True))
    async with running_http_server([whole()]) as server:
        with pytest.raises(TransportError) as raised:
            await post(chat, server.address)
        assert raised.value.breakage is Breakage.CA_FILE
        assert await post(chat, server.address) == 200
        await chat.close()


@pytest.mark.asyncio
async def test_after_a_failure_the_system_is_asked_for_its_proxy_again() -> None:
    asked: list[tuple[str, str, int]] = []

    def gone_at_second_sight(scheme: str, host: str, port: int) -> str:
        asked.append((scheme, host, port))
        return "http://127.0.0.1:1" if len(asked) == 1 else ""

    chat = HttpChat(ssl.create_default_context, gone_at_second_sight)
    async with running_http_server([whole()]) as server:
        with pytest.raises(TransportError) as raised:
            await post(chat, server.address)
        assert raised.value.breakage is Breakage.CONNECT
        assert raised.value.detail == "through the proxy: connect error (ECONNREFUSED)"
        assert [await post(chat, server.address) for _ in range(2)] == [200, 200]
        await chat.close()
        port = int(server.address.rpartition(":")[2])
        assert asked == [("http", "127.0.0.1", port)] * 2


@pytest.mark.asyncio
async def test_what_was_closed_opens_again() -> None:
    chat = HttpChat(ssl.create_default_context)
    async with running_http_server([whole()]) as server:
        await post(chat, server.address)
        await chat.close()
        await post(chat, server.address)
        await chat.close()
        assert server.connections == 2


@pytest.mark.asyncio
@pytest.mark.parametrize("url", ["", "no address", "https://", "https://host:port/", "https://[/", "ftp://127.0.0.1/"])
async def test_what_is_no_address_is_an_error(url: str) -> None:
    chat = HttpChat(ssl.create_default_context)
    with pytest.raises(TransportError) as raised:
        await post(chat, url)
    assert raised.value.breakage is Breakage.CONNECT
    await chat.close()
