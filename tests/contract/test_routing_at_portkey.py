"""Where requests go, held against Portkey's gateway with the same configuration, at the same recorder.

Three deliberate differences, each with its test: beside a classic URL's deployment the gateway names the caller's
model; it hands a text that a filter refused to the next target; it lets a request fail whose target, chosen by weight,
is down.
"""

from __future__ import annotations

import json
import ssl
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import pytest

from parleqd.adapters.chat.client import HttpChat
from parleqd.core.ports import ChatRequest
from parleqd.core.settings import Auth, Provider, Strategy, Target
from parleqd.protocol.names import Reason
from tests.cleaning import POLISHED, cleaning
from tests.fakes.http_server import Seen, running_http_server, whole
from tests.parts import scale
from tests.portkey import running_portkey

pytestmark = pytest.mark.timeout(60)  # a gateway starts

DATED = "2024-10-21"


def answering(status: int, body: object) -> bytes:
    return whole(json.dumps(body).encode(), status, {"Content-Type": "application/json"})


def refusing(status: int, code: str = "") -> bytes:
    return answering(status, {"error": {"code": code, "message": "no"}})


# In one piece: the gateway fails at streams under some versions of Node.
GOOD = answering(200, {"choices": [{"index": 0, "message": {"content": POLISHED}, "finish_reason": "stop"}]})
DOWN, MISSING, FILTERED = refusing(503), refusing(404, "DeploymentNotFound"), refusing(400, "content_filter")


class Sent(NamedTuple):
    """One request, as far as a router decides on it."""

    url: str
    api_key: str | None
    authorization: str | None
    model: str | None


class Routed(NamedTuple):
    """What came of one configuration: the requests, and how each dictation ended (``None``: with its text)."""

    sent: list[Sent]
    ends: list[object]


@pytest.fixture(scope="module")
def portkey() -> Iterator[str]:
    with running_portkey() as url:
        yield url


def azure(name: str, version: str = DATED, auth: Auth = Auth.API_KEY, weight: float = 1.0) -> Target:
    """``resource`` is a path of the recorder here."""
    return Target(name, Provider.AZURE_OPENAI, auth, "", name, version, weight=weight)


def openai(model: str) -> Target:
    return Target("other", Provider.OPENAI_COMPATIBLE, Auth.API_KEY, "/v1", model)


def in_portkeys_words(strategy: Strategy, targets: Sequence[Target], address: str) -> dict[str, Any]:
    """The same configuration for the gateway."""

    def option(target: Target) -> Mapping[str, object]:
        if target.provider is not Provider.AZURE_OPENAI:
            model = {"model": target.deployment}
            return {"provider": "openai", "api_key": "k1", "custom_host": f"{address}/v1", "override_params": model}
        secret = {"api_key": "k1"}  # its checks want one, used or not
        if target.auth is not Auth.API_KEY:
            secret = {"api_key": "unused", "azure_ad_token": "Bearer k1"}
        where = {"resource_name": "r", "custom_host": f"{address}/openai", "deployment_id": target.deployment}
        version = {"api_version": target.api_version, "weight": target.weight}
        return {"provider": "azure-openai", **where, **version, **secret}

    return {"strategy": {"mode": str(strategy)}, "targets": [option(target) for target in targets]}


async def by_us(strategy: Strategy, targets: Sequence[Target], *answers: bytes, times: int = 1) -> Routed:
    """So many dictations, one after the other."""
    warmed = [whole()]
    async with running_http_server(warmed, *([answer] for answer in answers)) as server:
        there = [msgspec.structs.replace(target, resource=server.address + target.resource) for target in targets]
        async with cleaning(*there, strategy=strategy) as cleaner:
            ended = [(await cleaner.clean()).fallback for _ in range(times)]
        requests = [sent(each) for each in server.seen if each.method == "POST"]
        return Routed(requests, [problem and problem.reason for problem in ended])


async def by_portkey(
    portkey: str, strategy: Strategy, targets: Sequence[Target], *answers: bytes, times: int = 1
) -> Routed:
    """So many requests, one after the other."""
    chat = HttpChat(ssl.create_default_context)
    async with running_http_server(*([answer] for answer in answers)) as server:
        configured = json.dumps(in_portkeys_words(strategy, targets, server.address))
        headers = {"content-type": "application/json", "x-portkey-config": configured}
        body = b'{"model": "the caller\'s", "messages": [{"role": "user", "content": "hello"}]}'
        statuses = []
        for _ in range(times):
            async with chat.send(ChatRequest(f"{portkey}/v1/chat/completions", headers, body)) as answer:
                async for _data in answer.body():
                    pass
                statuses.append(None if answer.status == 200 else answer.status)
        await chat.close()
        return Routed([sent(each) for each in server.seen], list(statuses))


def sent(seen: Seen) -> Sent:
    model = json.loads(seen.body).get("model")
    return Sent(seen.target, seen.headers.get("api-key"), seen.headers.get("authorization"), model)


ALIKE: dict[str, tuple[Strategy, list[Target], list[bytes]]] = {
    "single, v1": (Strategy.SINGLE, [azure("a", "v1")], [GOOD]),
    "single, v1, token": (Strategy.SINGLE, [azure("a", "v1", Auth.TOKEN)], [GOOD]),
    "single of several": (Strategy.SINGLE, [azure("a", "v1"), azure("b", "v1")], [GOOD]),
    "fallback, not needed": (Strategy.FALLBACK, [azure("a", "v1"), azure("b", "v1")], [GOOD]),
    "fallback from one that is down": (Strategy.FALLBACK, [azure("a", "v1"), azure("b", "v1")], [DOWN, GOOD]),
    "fallback from one that is not there": (Strategy.FALLBACK, [azure("a", "v1"), azure("b", "v1")], [MISSING, GOOD]),
    "a model of its own": (Strategy.FALLBACK, [azure("a", "v1"), openai("gpt-4.1-mini")], [DOWN, GOOD]),
    "OpenAI's like": (Strategy.SINGLE, [openai("gpt-4.1-mini")], [GOOD]),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("case", ALIKE.values(), ids=ALIKE)
async def test_the_same_requests_in_the_same_order(
    portkey: str, case: tuple[Strategy, list[Target], list[bytes]]
) -> None:
    strategy, targets, answers = case
    ours = await by_us(strategy, targets, *answers)
    assert ours == await by_portkey(portkey, strategy, targets, *answers)
    assert len(ours.sent) == len(answers)


@pytest.mark.asyncio
@pytest.mark.parametrize("auth", [Auth.API_KEY, Auth.AZURE_CLI])
async def test_at_the_classic_url_the_gateway_names_a_model_too(portkey: str, auth: Auth) -> None:
    targets = [azure("a", auth=auth), azure("b", auth=auth)]
    ours = await by_us(Strategy.FALLBACK, targets, DOWN, GOOD)
    theirs = await by_portkey(portkey, Strategy.FALLBACK, targets, DOWN, GOOD)
    assert [each.model for each in ours.sent] == [None, None]
    assert ours.sent == [each._replace(model=None) for each in theirs.sent]


@pytest.mark.asyncio
async def test_a_filtered_text_is_not_carried_on_by_us(portkey: str) -> None:
    targets = [azure("a", "v1"), azure("b", "v1")]
    ours = await by_us(Strategy.FALLBACK, targets, FILTERED, GOOD)
    theirs = await by_portkey(portkey, Strategy.FALLBACK, targets, FILTERED, GOOD)
    assert ours == (theirs.sent[:1], [Reason.CONTENT_FILTERED])
    assert (len(theirs.sent), theirs.ends) == (2, [None])


@pytest.mark.asyncio
async def test_weights_share_alike_and_ours_evenly(portkey: str) -> None:
    targets, times = [azure("a", "v1", weight=3.0), azure("b", "v1")], scale(60, 400)
    ours = await by_us(Strategy.LOADBALANCE, targets, GOOD, times=times)
    theirs = await by_portkey(portkey, Strategy.LOADBALANCE, targets, GOOD, times=times)
    assert set(ours.sent) == set(theirs.sent)
    shares = [Counter(each.model for each in routed.sent)["a"] / times for routed in (ours, theirs)]
    assert shares[0] == pytest.approx(0.75, abs=0.03)
    assert shares[1] == pytest.approx(0.75, abs=6 * (0.75 * 0.25 / times) ** 0.5)  # six sigma: theirs is chance


@pytest.mark.asyncio
async def test_the_one_that_weight_chose_is_down_and_only_we_ask_the_other(portkey: str) -> None:
    targets = [azure("a", "v1", weight=3.0), azure("b", "v1", weight=0.0)]
    ours = await by_us(Strategy.LOADBALANCE, targets, DOWN, GOOD)
    theirs = await by_portkey(portkey, Strategy.LOADBALANCE, targets, DOWN, GOOD)
    assert [each.model for each in ours.sent] == ["a", "b"]
    assert ours.ends == [None]
    assert theirs == (ours.sent[:1], [503])
