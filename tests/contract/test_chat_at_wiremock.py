"""The HTTP client against WireMock: what it sends is matched by others' code, and connections break in every way."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleqd.adapters.chat.client import HttpChat
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import ChatRequest, TransportError
from tests.wiremock import FAULTS, running_wiremock

pytestmark = pytest.mark.timeout(60)  # a Java program starts

CLASSIC = "/openai/deployments/gpt-4o-mini/chat/completions?api-version=2025-04-01-preview"
V1 = "/openai/v1/chat/completions"
JSON = {"content-type": "application/json"}
KEY = JSON | {"api-key": "k1"}
TOKEN = JSON | {"authorization": "Bearer t1"}


@pytest.fixture(scope="module")
def wiremock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_wiremock(tmp_path_factory.mktemp("wiremock")) as url:
        yield url


@asynccontextmanager
async def open_chat() -> AsyncIterator[HttpChat]:
    chat = HttpChat(ssl.create_default_context)
    try:
        yield chat
    finally:
        await chat.close()


@pytest.mark.asyncio
async def test_a_stream_in_drops_arrives_whole(wiremock: str) -> None:
    async with open_chat() as chat:
        async with chat.send(ChatRequest(wiremock + CLASSIC, KEY, b'{"stream":true}')) as answer:
            pieces = [each async for each in answer.body()]
    assert (answer.status, answer.headers["apim-request-id"]) == (200, "r-1")
    assert b"".join(pieces) == b'data: {"n": 1}\n\ndata: {"n": 2}\n\ndata: [DONE]\n\n'
    assert len(pieces) > 1


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "path, headers, body, status",
    [
        (CLASSIC, KEY, b'{"stream":true}', 200),
        (CLASSIC, KEY, b'{"stream":false}', 404),
        (CLASSIC, TOKEN, b'{"stream":true}', 404),
        (CLASSIC.replace("mini", "maxi"), KEY, b'{"stream":true}', 404),
        (CLASSIC.replace("2025", "2024"), KEY, b'{"stream":true}', 404),
        (V1, TOKEN, b'{"model":"gpt-4o-mini"}', 200),
        (V1, KEY, b'{"model":"gpt-4o-mini"}', 404),
    ],
)
async def test_a_request_arrives_as_it_was_given(
    wiremock: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    async with open_chat() as chat, chat.send(ChatRequest(wiremock + path, headers, body)) as answer:
        assert answer.status == status


@pytest.mark.asyncio
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
async def test_every_way_to_break_a_connection_is_a_reset(wiremock: str, fault: str, warm: bool) -> None:
    async with open_chat() as chat:
        if warm:
            await chat.warm(wiremock)
        with pytest.raises(TransportError) as raised:
            await ask(chat, f"{wiremock}/faults/{fault}")
        assert raised.value.breakage is Breakage.RESET
        # and it costs nothing but itself
        assert await ask(chat, wiremock + CLASSIC) == 404


@pytest.mark.asyncio
async def test_a_server_that_is_silent_is_left_when_the_caller_has_enough(wiremock: str) -> None:
    async with open_chat() as chat:
        with anyio.move_on_after(0.05) as patience:
            await ask(chat, f"{wiremock}/slow")
        assert patience.cancelled_caught
        assert await ask(chat, wiremock + CLASSIC) == 404


async def ask(chat: HttpChat, url: str) -> int:
    async with chat.send(ChatRequest(url, KEY, b"{}")) as answer:
        async for _ in answer.body():
            pass
        return answer.status
