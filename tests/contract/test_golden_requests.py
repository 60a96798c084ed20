"""What is sent, held against what the official ``openai`` package sends when it is set up as its documentation says.

Both speak to the same recorder in the same test run, and the package is handed our own body. Where the two differ, the
table says so, and why.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import anyio
import msgspec
import pytest

from parleqd.core.settings import Auth, Family, Provider, Target
from tests.cleaning import POLISHED, cleaning
from tests.fakes.http_server import Seen, running_http_server, whole
from tests.openai_sdk import Asked, ask_the_sdk

pytestmark = pytest.mark.timeout(60)  # the package takes seconds to import

Differences = Mapping[str, tuple[object, object]]
"""By field: what we send and what the package sends, ``None`` for nothing."""

ASKING: Differences = {"accept": ("text/event-stream", "application/json")}
"""Everywhere: we ask for a stream and say so; the package says the same of every request."""
NAMED_ONCE: Differences = {"body.model": (None, "gpt-4o-mini")}
"""The classic URL names the deployment, and Azure reads nothing else; a gateway may read a second name otherwise."""
KEY_AS_KEY: Differences = {"api-key": ("k1", None), "authorization": (None, "Bearer k1")}
"""v1 takes a key in either header. In its own, nothing on the way takes it for a token; Portkey sends it so too."""
V1_IS_A_PATH: Differences = {
    "path": ("/apim/path/openai/v1/chat/completions", "/apim/path/openai/deployments/d1/chat/completions"),
    "query": ("", "api-version=v1"),
}
"""The package takes "v1" for a dated version, at a path where Azure serves none."""

DATED = "2024-10-21"
PREVIEW = "2025-04-01-preview"
AZURE, OPENAI = "AzureOpenAI", "OpenAI"


@dataclass(frozen=True)
class Row:
    """A target (its ``resource`` is a path here), the package's client for the same, and where the two differ.

    In ``options``, a value that begins with a slash is a path of the recorder; ``called`` are options to be called.
    """

    target: Target
    client: str
    options: Mapping[str, Any]
    called: Mapping[str, str] = field(default_factory=dict)
    differs: Differences = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


def azure(
    resource: str, deployment: str, version: str, auth: Auth = Auth.API_KEY, family: Family = Family.STANDARD,
    predict: bool = False,
) -> Target:  # fmt: skip
    return Target("t", Provider.AZURE_OPENAI, auth, resource, deployment, version, family, predict=predict)


ROWS = {
    "key": Row(
        azure("/", "gpt-4o-mini", PREVIEW),
        AZURE,
        {"azure_endpoint": "/", "api_key": "k1", "api_version": PREVIEW},
        differs=NAMED_ONCE,
    ),
    "a name to be encoded": Row(
        azure("/", "gpt-5 mini/α", DATED, Auth.WORKLOAD_IDENTITY),
        AZURE,
        {"azure_endpoint": "/", "api_version": DATED, "azure_ad_token": "k1"},
        differs={"body.model": (None, "gpt-5 mini/α")},
    ),
    "token, reasoning": Row(
        azure("/", "o4-mini", PREVIEW, Auth.CLIENT_SECRET, Family.REASONING),
        AZURE,
        {"azure_endpoint": "/", "api_version": PREVIEW},
        {"azure_ad_token_provider": "k1"},
        {"body.model": (None, "o4-mini")},
    ),
    "token, deployment fixed": Row(
        azure("/", "fixed-dep", DATED, Auth.TOKEN),
        AZURE,
        {"azure_endpoint": "/", "api_version": DATED, "azure_ad_token": "k1", "azure_deployment": "fixed-dep"},
        differs={"body.model": (None, "fixed-dep")},
    ),
    "v1, key": Row(
        azure("/openai/v1/", "gpt-4o-mini", "v1"),
        OPENAI,
        {"base_url": "/openai/v1/", "api_key": "k1"},
        differs=KEY_AS_KEY,
    ),
    "v1, token": Row(
        azure("/", "gpt-4o-mini", "v1", Auth.AZURE_CLI), OPENAI, {"base_url": "/openai/v1/"}, {"api_key": "k1"}
    ),
    "v1's preview, token": Row(
        azure("/", "gpt-4o-mini", "preview", Auth.MANAGED_IDENTITY),
        OPENAI,
        {"base_url": "/openai/v1/"},
        {"api_key": "k1"},
        query={"api-version": "preview"},
    ),
    "gateway, prediction": Row(
        azure("/apim/path/openai", "d1", DATED, predict=True),
        AZURE,
        {"base_url": "/apim/path/openai", "api_key": "k1", "api_version": DATED},
        differs={"body.model": (None, "d1")},
    ),
    "gateway, v1": Row(
        azure("/apim/path/", "d1", "v1"),
        AZURE,
        {"azure_endpoint": "/apim/path/", "api_key": "k1", "api_version": "v1"},
        differs=V1_IS_A_PATH,
    ),
    "OpenAI's like": Row(
        Target("t", Provider.OPENAI_COMPATIBLE, Auth.API_KEY, "/v1", "gpt-4o-mini"),
        OPENAI,
        {"base_url": "/v1", "api_key": "k1"},
    ),
}

_CHUNK = {"choices": [{"index": 0, "delta": {"content": POLISHED}, "finish_reason": "stop"}]}
ANSWER = whole(
    f"data: {json.dumps(_CHUNK)}\n\ndata: [DONE]\n\n".encode(), headers={"Content-Type": "text/event-stream"}
)


class Pair(NamedTuple):
    """The same request twice."""

    ours: Seen
    theirs: Seen


@pytest.fixture(scope="module")
def recorded() -> dict[str, Pair]:
    """Every row's two requests."""
    return anyio.run(record)


async def record() -> dict[str, Pair]:
    async with running_http_server([ANSWER]) as server:
        for row in ROWS.values():
            async with cleaning(at(server.address, row.target)) as cleaner:
                assert (await cleaner.clean()).text == POLISHED
        ours = [each for each in server.seen if each.method == "POST"]
        server.seen.clear()
        questions = [asked(server.address, row, seen) for row, seen in zip(ROWS.values(), ours, strict=True)]
        assert not any(await ask_the_sdk(questions))
        return {name: Pair(*both) for name, *both in zip(ROWS, ours, server.seen, strict=True)}


def at(address: str, target: Target) -> Target:
    return msgspec.structs.replace(target, resource=address + target.resource)


def asked(address: str, row: Row, ours: Seen) -> Asked:
    """The package must be given a model; it chooses its own place for it."""
    options = {name: address + value if value.startswith("/") else value for name, value in row.options.items()}
    body = {**json.loads(ours.body), "model": row.target.deployment}
    return Asked(row.client, options, row.called, body | ({"extra_query": row.query} if row.query else {}))


@pytest.mark.parametrize("row", ROWS)
def test_a_request_is_the_official_one_but_for_what_is_said(recorded: dict[str, Pair], row: str) -> None:
    ours, theirs = (told(seen) for seen in recorded[row])
    found = {name: (ours.get(name), theirs.get(name)) for name in ours | theirs if ours.get(name) != theirs.get(name)}
    assert found == {**ASKING, **ROWS[row].differs}


def test_the_bodies_hold_what_the_table_is_about(recorded: dict[str, Pair]) -> None:
    bodies = {name: json.loads(pair.ours.body) for name, pair in recorded.items()}
    assert all(body["stream"] and body["stream_options"] == {"include_usage": True} for body in bodies.values())
    assert "max_tokens" in bodies["key"]
    assert "max_completion_tokens" in bodies["token, reasoning"]
    assert bodies["token, reasoning"]["reasoning_effort"] == "low"
    assert bodies["gateway, prediction"]["prediction"]["type"] == "content"


def test_every_way_of_signing_in_has_a_row() -> None:
    assert {row.target.auth for row in ROWS.values()} == set(Auth)


def told(seen: Seen) -> dict[str, object]:
    """What a service looks at. The rest is who asks (``user-agent``, ``x-stainless-…``) and how it likes its bytes."""
    path, _, query = seen.target.partition("?")
    headers = {name: seen.headers.get(name) for name in ("api-key", "authorization", "content-type", "accept")}
    body = {f"body.{name}": value for name, value in json.loads(seen.body).items()}
    return {"method": seen.method, "path": path, "query": query, **headers, **body}
