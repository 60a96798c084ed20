"""The HTTP client, and the whole cleanup over it, against WireMock: others' code matches what is sent to the letter,
and breaks connections in every way.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import quote

import anyio
import anyio.to_thread
import pytest

from parleqd.adapters.chat.client import HttpChat
from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import ChatRequest, TransportError
from parleqd.core.settings import Auth, Family, Provider, Target
from parleqd.core.text import instant
from parleqd.protocol.names import Mode, Reason
from tests.cleaning import POLISHED, RAW, azure, cleaning
from tests.wiremock import ANSWER, FAULTS, SLOW, WireMock, running_wiremock

pytestmark = pytest.mark.timeout(60)  # a Java program starts

CLASSIC = "/openai/deployments/gpt-4o-mini/chat/completions?api-version=2025-04-01-preview"
V1 = "/openai/v1/chat/completions"
JSON = {"content-type": "application/json"}
KEY = JSON | {"api-key": "k1"}
TOKEN = JSON | {"authorization": "Bearer t1"}


@pytest.fixture(scope="module")
def wiremock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WireMock]:
    with running_wiremock(tmp_path_factory.mktemp("wiremock")) as running:
        yield running


@pytest.fixture(autouse=True)
def as_at_the_start(wiremock: WireMock) -> None:
    wiremock.reset()


@asynccontextmanager
async def open_chat() -> AsyncIterator[HttpChat]:
    chat = HttpChat(ssl.create_default_context)
    try:
        yield chat
    finally:
        await chat.close()


@pytest.mark.asyncio
async def test_a_stream_in_drops_arrives_whole(wiremock: WireMock) -> None:
    async with open_chat() as chat:
        async with chat.send(ChatRequest(wiremock.url + CLASSIC, KEY, b'{"stream":true}')) as answer:
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
    wiremock: WireMock, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    async with open_chat() as chat, chat.send(ChatRequest(wiremock.url + path, headers, body)) as answer:
        assert answer.status == status


@pytest.mark.asyncio
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
async def test_every_way_to_break_a_connection_is_a_reset(wiremock: WireMock, fault: str, warm: bool) -> None:
    async with open_chat() as chat:
        if warm:
            await chat.warm(wiremock.url)
        with pytest.raises(TransportError) as raised:
            await ask(chat, f"{wiremock.url}/faults/{fault}{V1}")
        assert raised.value.breakage is Breakage.RESET
        # and it costs nothing but itself
        assert await ask(chat, wiremock.url + CLASSIC) == 404


@pytest.mark.asyncio
async def test_a_server_that_is_silent_is_left_when_the_caller_has_enough(wiremock: WireMock) -> None:
    async with open_chat() as chat:
        with anyio.move_on_after(0.05) as patience:
            await ask(chat, f"{wiremock.url}/slow")
        assert patience.cancelled_caught
        assert await ask(chat, wiremock.url + CLASSIC) == 404


async def ask(chat: HttpChat, url: str) -> int:
    async with chat.send(ChatRequest(url, KEY, b"{}")) as answer:
        async for _ in answer.body():
            pass
        return answer.status


# ── the whole cleanup ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "fault, budget_s, reason, requests",
    [*((fault, 4.0, Reason.NETWORK_ERROR, 3) for fault in FAULTS), *((slow, 1.0, Reason.TIMEOUT, 1) for slow in SLOW)],
)
async def test_a_fault_ends_in_the_devices_text_and_is_forgotten_after_a_probe(
    wiremock: WireMock, fault: str, budget_s: float, reason: Reason, requests: int
) -> None:
    async with cleaning(azure(f"{wiremock.url}/faults/{fault}"), budget_s=budget_s) as cleaner:
        cleaned = await cleaner.clean()
        assert (cleaned.text, cleaned.used) == (await cleaner.instant(), Mode.INSTANT)
        assert cleaned.fallback is not None
        assert cleaned.fallback.reason is reason
        resting = (await cleaner.clean()).fallback
        assert resting is not None
        assert resting.reason is Reason.COOLING_DOWN
        assert len(cleaner.chat.requests) == requests
        await anyio.to_thread.run_sync(wiremock.mend)
        await cleaner.until_probed()
        assert (await cleaner.clean()).text == POLISHED


class Row(NamedTuple):
    """What a user has (behind the server's URL), and the one request that must come of it.

    ``query``: of ``api-version``, ``None`` where there is none.
    """

    has: str
    path: str
    query: str | None
    deployment: str = "gpt-4o-mini"
    api_version: str = "2025-04-01-preview"
    auth: Auth = Auth.API_KEY
    family: Family = Family.STANDARD
    provider: Provider = Provider.AZURE_OPENAI


OF_DEPLOYMENT = "/openai/deployments/{deployment}/chat/completions"
DATED = "2024-10-21"
PREVIEW = "2025-04-01-preview"

ROWS = {
    "host": Row("", OF_DEPLOYMENT, PREVIEW),
    "slash": Row("/", OF_DEPLOYMENT, PREVIEW),
    "another version": Row("", OF_DEPLOYMENT, DATED, api_version=DATED),
    "no version": Row("", OF_DEPLOYMENT, PREVIEW, api_version=" "),
    "gateway": Row("/gw/x/", f"/gw/x{OF_DEPLOYMENT}", PREVIEW),
    "gateway with the service's path": Row("/apim/path/openai", f"/apim/path{OF_DEPLOYMENT}", DATED, api_version=DATED),
    "deployment to be encoded": Row("", OF_DEPLOYMENT, PREVIEW, "gpt-5 mini/α"),
    "pasted base": Row("/openai", OF_DEPLOYMENT, PREVIEW),
    "pasted v1": Row("/openai/v1/", OF_DEPLOYMENT, PREVIEW),
    "pasted whole": Row("/openai/deployments/x/chat/completions?api-version=y", OF_DEPLOYMENT, PREVIEW),
    "pasted alone": Row("/openai/deployments/gpt-4o-mini/chat/completions?api-version=y", OF_DEPLOYMENT, PREVIEW, ""),
    "token": Row("", OF_DEPLOYMENT, PREVIEW, auth=Auth.TOKEN),
    "v1": Row("", V1, None, api_version="v1"),
    "v1, loosely": Row("", V1, None, api_version=" V1 "),
    "latest": Row("", V1, None, api_version="latest"),
    "v1's preview": Row("", V1, "preview", api_version="preview"),
    "v1 behind a gateway": Row("/gw/x/", f"/gw/x{V1}", None, api_version="v1"),
    "v1 of a project": Row("/api/projects/p/openai/v1", f"/api/projects/p{V1}", None, api_version="v1"),
    "v1 with a token": Row("", V1, None, api_version="v1", auth=Auth.AZURE_CLI),
    "v1, reasoning": Row("", V1, None, "o4-mini", api_version="v1", family=Family.REASONING),
    "OpenAI's like": Row("", "/v1/chat/completions", None, provider=Provider.OPENAI_COMPATIBLE),
    "OpenAI's like, its base": Row("/a/v1", "/a/v1/chat/completions", None, provider=Provider.OPENAI_COMPATIBLE),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
async def test_what_a_user_has_becomes_exactly_this_request(wiremock: WireMock, row: Row) -> None:
    await anyio.to_thread.run_sync(wiremock.expect, exactly(row), {"status": 200, "bodyFileName": ANSWER})
    target = Target("t", row.provider, row.auth, wiremock.url + row.has, row.deployment, row.api_version, row.family)
    async with cleaning(target) as cleaner:
        cleaned = await cleaner.clean()
    assert cleaned.fallback is None  # anything else is a 404
    assert cleaned.text == POLISHED


def exactly(row: Row) -> dict[str, Any]:
    """The request, in WireMock's words: nothing more, nothing less, but for the messages' wording."""
    with_key = row.auth is Auth.API_KEY and row.provider is Provider.AZURE_OPENAI
    in_path = "{deployment}" in row.path
    name = row.deployment or "gpt-4o-mini"
    body: dict[str, Any] = {
        "messages": "${json-unit.ignore}",
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if not in_path:
        body["model"] = name
    if row.family is Family.REASONING:
        body |= {"max_completion_tokens": "${json-unit.any-number}", "reasoning_effort": "low"}
    else:
        body |= {"max_tokens": "${json-unit.any-number}", "temperature": 0}
    asked = {
        "expression": "$.messages[-1].content",
        "contains": f"<transcript>\n{instant.clean(RAW).text}\n</transcript>",
    }
    request = {
        "method": "POST",
        "urlPathTemplate": row.path,
        "queryParameters": {"api-version": {"absent": True} if row.query is None else {"equalTo": row.query}},
        "headers": {
            "api-key": {"equalTo": "k1"} if with_key else {"absent": True},
            "authorization": {"absent": True} if with_key else {"equalTo": "Bearer k1"},
            "content-type": {"equalTo": "application/json"},
        },
        "bodyPatterns": [{"equalToJson": body}, {"matchesJsonPath": asked}],
    }
    return request | ({"pathParameters": {"deployment": {"equalTo": quote(name, safe="")}}} if in_path else {})
