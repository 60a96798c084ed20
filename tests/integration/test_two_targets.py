"""Two targets share the work by weight; one that dies costs no dictation, and is left alone until a probe succeeds."""

from __future__ import annotations

import asyncio

import pytest

from parleqd.core.settings import Strategy
from tests.fakes.client import Client
from tests.fakes.failing_server import polished, way
from tests.integration.polishing import Polishing, running_polishing, said
from tests.parts import scale

CALLS = scale(200, 2000)
CALLS_WITHOUT = scale(40, 400)
CALLS_AGAIN = scale(40, 200)
DEATHS = ["key", "never begun", "broken, words", "silence"][: scale(1, 4)]
WITHIN = 0.03
BUDGET_S = 2.0
GOOD = way("good")


async def clean(client: Client, calls: int) -> None:
    """So many texts, each polished."""
    for number in range(calls):
        cleaned = await client.call("text/clean", text=said(number))
        assert cleaned["text"] == polished(said(number)), cleaned["fallback"]


def shares(polishing: Polishing, since: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """How many requests of dictations each target has had since then."""
    east, west = (len(server.transcripts) for server in polishing.servers)
    return east - since[0], west - since[1]


def assert_three_to_one(shared: tuple[int, int]) -> None:
    calls = sum(shared)
    assert abs(shared[0] - calls * 3 / 4) <= max(2.0, WITHIN * calls * 3 / 4), shared
    assert abs(shared[1] - calls / 4) <= max(2.0, WITHIN * calls / 4), shared


@pytest.mark.timeout(600)
@pytest.mark.parametrize("death", DEATHS)
@pytest.mark.asyncio
async def test_weights_are_kept_and_a_dead_target_costs_one_request_until_a_probe_brings_it_back(death: str) -> None:
    asyncio.get_running_loop().set_debug(False)  # a traceback for every callback would take most of the time
    running = running_polishing(BUDGET_S, weights=(3, 1), strategy=Strategy.LOADBALANCE)
    async with running as polishing, polishing.daemon.client("alice") as client:
        east, west = polishing.servers
        east.only = west.only = GOOD
        await clean(client, CALLS)
        assert_three_to_one(shares(polishing))
        before = shares(polishing)
        east.only = way(death)
        await clean(client, CALLS_WITHOUT)
        assert shares(polishing, before) == (1, CALLS_WITHOUT)
        east.only = GOOD
        before, probes = shares(polishing), east.probes
        if death == "key":  # which somebody has to mend: probes are rare
            polishing.clock.leap(3600)
            session_id = (await client.call("session/start", source="stream"))["session_id"]
            await client.call("session/cancel", session_id=session_id)
        await polishing.until(client, "healthy")
        assert east.probes > probes
        assert shares(polishing, before) == (0, 0)
        await clean(client, CALLS_AGAIN)
        assert_three_to_one(shares(polishing, before))


@pytest.mark.asyncio
async def test_a_target_that_rests_for_long_keeps_no_other_from_being_probed() -> None:
    running = running_polishing(BUDGET_S, weights=(1, 1), strategy=Strategy.FALLBACK)
    async with running as polishing, polishing.daemon.client("alice") as client:
        east, west = polishing.servers
        east.only, west.only = way("key"), GOOD
        await clean(client, 1)
        west.only = way("never begun")
        assert (await client.call("text/clean", text=said(1)))["fallback"]["reason"] in ("network_error", "timeout")
        assert (await client.call("text/clean", text=said(1)))["fallback"]["reason"] == "cooling_down"
        west.only = GOOD
        await polishing.until(client, "healthy", "west")
        assert east.probes == 0
        await clean(client, 1)


@pytest.mark.asyncio
async def test_where_one_target_is_to_be_used_the_others_are_sent_nothing() -> None:
    running = running_polishing(BUDGET_S, weights=(1, 1), strategy=Strategy.SINGLE)
    async with running as polishing, polishing.daemon.client("alice") as client:
        east, west = polishing.servers
        east.only = GOOD
        await clean(client, 3)
        assert len(east.transcripts) == 3
        assert west.seen == []
