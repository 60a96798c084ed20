from __future__ import annotations

import pytest

from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import RESULT, Object, Peer, Refusal, Reply, running_daemon

SILENT = Refusal("unknown_session", "the microphone is not recording")


def state(phase: str, **more: str) -> Object:
    return {"session_id": "s1", "phase": phase, "source": "microphone", "deliver": "insert", **more}


async def start(peer: Peer, params: Object) -> Object:
    await peer.notify("session/state", state("recording"))
    return {"session_id": "s1"}


async def stop(peer: Peer, params: Object) -> Object:
    await peer.notify("session/state", state("ended", end="delivered"))
    return {"session_id": "s1"}


@pytest.mark.parametrize("printing", [[], ["--print"]])
@pytest.mark.asyncio
async def test_it_begins_when_nothing_records(printing: list[str]) -> None:
    async with running_daemon({"session/stop": SILENT, "session/start": start}) as daemon:
        outcome = await parleqctl_at(daemon, "toggle", "--mode", "raw", "--json", *printing)
    assert (outcome.code, outcome.json) == (0, [{"session_id": "s1"}])
    assert [params["mode"] for params in daemon.asked("session/start")] == ["raw"]


@pytest.mark.asyncio
async def test_it_ends_what_records() -> None:
    async with running_daemon({"session/stop": stop}) as daemon:
        outcome = await parleqctl_at(daemon, "toggle", "--json")
        printed = await parleqctl_at(daemon, "toggle", "--json", "--print")
    assert (outcome.code, outcome.json) == (0, [{"session_id": "s1", "end": "delivered"}])
    assert (printed.code, printed.json) == (0, [RESULT])
    assert daemon.asked("session/start") == []


@pytest.mark.asyncio
async def test_of_two_that_begin_the_later_one_says_that_the_microphone_is_taken() -> None:
    busy = Refusal("microphone_busy", "it records for another", "stop that")
    async with running_daemon({"session/stop": SILENT, "session/start": busy}) as daemon:
        outcome = await parleqctl_at(daemon, "toggle", "--json")
    assert (outcome.code, outcome.reason) == (4, "microphone_busy")


@pytest.mark.parametrize("printing", [[], ["--print"]])
@pytest.mark.asyncio
async def test_a_session_that_is_lost_on_the_way_begins_no_new_one(printing: list[str]) -> None:
    async def lost(peer: Peer, params: Object) -> Object:
        await peer.notify("session/state", state("ended", end="failed", reason="unknown_session"))
        return {"session_id": "s1"}

    replies: dict[str, Reply] = {
        "session/stop": lost,
        "session/result": Refusal("unknown_session", "it was acknowledged"),
    }
    async with running_daemon(replies) as daemon:
        outcome = await parleqctl_at(daemon, "toggle", "--json", *printing)
    assert (outcome.code, outcome.reason) == (4, "unknown_session")
    assert daemon.asked("session/start") == []
