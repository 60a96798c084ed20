"""The whole polished cleanup through LiteLLM's proxy, at the classic URL: what a gateway of others' making does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from parleqd._tools.local_model import DEPLOYMENT, local_model
from parleqd.core.settings import Auth, Strategy, Target
from parleqd.engine.asking import Polished
from parleqd.protocol.names import Mode, Reason
from tests.cleaning import POLISHED, RAW, Cleaner, azure, cleaning
from tests.litellm import Gateway, running_litellm
from tests.parts import need

pytestmark = pytest.mark.timeout(120)  # a web framework and a model start

SPOKEN = "So, um, the garden party is on Friday, sorry, I mean Saturday, and um, we need 35 chairs and two long tables."
BUDGET_S = 60.0
"""The gateway's first answer, and the local model's, take seconds."""


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    need("local-model")
    with local_model() as model, running_litellm(tmp_path_factory.mktemp("litellm"), model.resource) as running:
        yield running


def classic(gateway: Gateway, deployment: str, auth: Auth = Auth.API_KEY) -> Target:
    return azure(gateway.resource, "2025-04-01-preview", auth, deployment)


async def polished(cleaner: Cleaner, raw: str) -> Polished:
    found = await cleaner.polisher.polish(await cleaner.instant(raw), raw=raw)
    assert isinstance(found, Polished), found
    return found


@pytest.mark.asyncio
@pytest.mark.parametrize("auth", [Auth.API_KEY, Auth.TOKEN])
async def test_a_streamed_answer_and_its_cost_come_through(gateway: Gateway, auth: Auth) -> None:
    """The counts come in a chunk with a choice and an empty delta, where Azure has no choice at all."""
    target = classic(gateway, "gpt-4o-mini", auth)
    async with cleaning(target, budget_s=BUDGET_S, secret=gateway.key) as cleaner:
        found = await polished(cleaner, RAW)
    assert (found.text, found.target) == (POLISHED, "gpt-4o-mini")
    assert found.usage is not None
    assert found.usage.prompt > 0
    assert found.usage.completion > 0


@pytest.mark.asyncio
@pytest.mark.parametrize(
    ("deployment", "reason", "told"),
    [
        ("an-answer", Reason.GUARD_REJECTED, "not a cleanup"),
        ("rate-limited", Reason.RATE_LIMITED, "rate limit"),
        ("broken", Reason.SERVICE_UNAVAILABLE, "500"),
        ("unreachable", Reason.SERVICE_UNAVAILABLE, "500"),
        ("too-long", Reason.BAD_REQUEST, "more text than its model takes"),
        ("nobody-knows", Reason.BAD_REQUEST, "knows the key and the deployment"),
    ],
)
async def test_what_fails_behind_the_gateway_leaves_the_devices_text_with_its_reason(
    gateway: Gateway, deployment: str, reason: Reason, told: str
) -> None:
    await the_device_takes_over(classic(gateway, deployment), gateway.key, reason, told)


@pytest.mark.asyncio
async def test_another_deployment_takes_over_from_one_that_is_limited(gateway: Gateway) -> None:
    targets = classic(gateway, "rate-limited"), classic(gateway, "gpt-4o-mini")
    async with cleaning(*targets, strategy=Strategy.FALLBACK, budget_s=BUDGET_S, secret=gateway.key) as cleaner:
        found = await polished(cleaner, RAW)
    assert (found.text, found.target) == (POLISHED, "gpt-4o-mini")


@pytest.mark.asyncio
async def test_a_key_that_the_gateway_does_not_know_is_refused_in_its_own_way(gateway: Gateway) -> None:
    """It answers 400, and tells of a database."""
    target = classic(gateway, "gpt-4o-mini")
    await the_device_takes_over(target, "sk-of-nobody", Reason.BAD_REQUEST, "knows the key and the deployment")


@pytest.mark.asyncio
async def test_it_is_a_bridge_from_the_classic_url_to_a_real_model(gateway: Gateway) -> None:
    async with cleaning(classic(gateway, DEPLOYMENT), budget_s=BUDGET_S, secret=gateway.key) as cleaner:
        found = await polished(cleaner, SPOKEN)
    assert "35 chairs and two long tables" in found.text
    assert found.usage is not None
    assert found.usage.prompt > 500
    assert found.usage.completion > 10


async def the_device_takes_over(target: Target, key: str, reason: Reason, told: str) -> None:
    async with cleaning(target, budget_s=BUDGET_S, secret=key) as cleaner:
        cleaned = await cleaner.clean()
        assert (cleaned.text, cleaned.used) == (await cleaner.instant(), Mode.INSTANT)
    assert cleaned.fallback is not None
    assert (cleaned.fallback.reason, cleaned.fallback.target) == (reason, target.name)
    assert told in f"{cleaned.fallback.message}; {cleaned.fallback.hint}"
    assert key not in f"{cleaned.fallback} {cleaner.log.records}"
