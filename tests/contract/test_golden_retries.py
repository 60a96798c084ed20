"""Which refusals are worth a second request: held against the official ``openai`` package, told to retry once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import anyio
import pytest

from tests.cleaning import POLISHED, azure, cleaning
from tests.fakes.http_server import HttpServer, running_http_server, whole
from tests.openai_sdk import Asked, ask_the_sdk

pytestmark = pytest.mark.timeout(60)  # the package takes seconds to import

SOON = {"retry-after-ms": "1"}
JSON = {"Content-Type": "application/json"}
GOOD = {"choices": [{"index": 0, "message": {"role": "assistant", "content": POLISHED}, "finish_reason": "stop"}]}


@dataclass(frozen=True)
class Row:
    """A refusal, whether we ask again, and whether the package does (``None``: as we do)."""

    status: int
    again: bool
    headers: Mapping[str, str] = field(default_factory=lambda: SOON)
    code: str = ""
    theirs: bool | None = None


ROWS = {
    **{str(status): Row(status, again=False) for status in (400, 401, 403, 404, 422)},
    **{str(status): Row(status, again=True) for status in (408, 409, 429, 500, 502, 503, 504)},
    "429, a second": Row(429, again=True, headers={"retry-after": "1"}),
    "429, a day": Row(429, again=False, headers={"retry-after": "86400"}),
    "429, told not to": Row(429, again=False, headers=SOON | {"x-should-retry": "false"}),
    "400, told to": Row(400, again=True, headers=SOON | {"x-should-retry": "true"}),
    # A bill is not paid between two requests; the package goes by the status alone.
    "429, unpaid": Row(429, again=False, code="insufficient_quota", theirs=True),
}


@pytest.fixture(scope="module")
def counted() -> dict[str, tuple[int, int]]:
    """How many requests each row took: ours, theirs."""
    return anyio.run(count)


async def count() -> dict[str, tuple[int, int]]:
    async with refusing(warmed=True) as servers:
        for server in servers:
            async with cleaning(azure(server.address)) as cleaner:
                await cleaner.clean()
        ours = [posted(server) for server in servers]
    async with refusing(warmed=False) as servers:
        hello = {"model": "d", "messages": [{"role": "user", "content": "hello"}]}
        where = {"api_key": "k1", "max_retries": 1}
        await ask_the_sdk(
            [Asked("OpenAI", {"base_url": f"{server.address}/v1", **where}, {}, hello) for server in servers]
        )
        theirs = [posted(server) for server in servers]
    return dict(zip(ROWS, zip(ours, theirs, strict=True), strict=True))


@asynccontextmanager
async def refusing(*, warmed: bool) -> AsyncIterator[list[HttpServer]]:
    """A server a row, which refuses once. ``warmed``: it is asked for a sign of life first."""
    good = whole(json.dumps(GOOD).encode(), headers=JSON)
    async with AsyncExitStack() as stack:
        servers = []
        for row in ROWS.values():
            body = json.dumps({"error": {"code": row.code, "message": "no"}}).encode()
            refusal = whole(body, row.status, {**JSON, **row.headers})
            before = [[whole()]] if warmed else []
            servers.append(await stack.enter_async_context(running_http_server(*before, [refusal], [good])))
        yield servers


def posted(server: HttpServer) -> int:
    return sum(each.method == "POST" for each in server.seen)


@pytest.mark.parametrize("name", ROWS)
def test_what_is_asked_again_is_what_the_package_asks_again(counted: dict[str, tuple[int, int]], name: str) -> None:
    row = ROWS[name]
    theirs = row.again if row.theirs is None else row.theirs
    assert counted[name] == (1 + row.again, 1 + theirs)
