from __future__ import annotations

import pytest

from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import RESULT, Refusal, running_daemon


@pytest.mark.asyncio
async def test_the_last_capture_is_redone_and_delivered() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "recover", "--json")
    assert (outcome.code, outcome.json) == (0, [RESULT])
    assert [method for method, _ in daemon.received] == [
        "initialize",
        "initialized",
        "session/recover",
        "session/result",
        "session/acknowledge",
    ]


@pytest.mark.asyncio
async def test_nothing_to_recover_is_told() -> None:
    async with running_daemon({"session/recover": Refusal("no_capture", "no audio is kept", "")}) as daemon:
        outcome = await parleqctl_at(daemon, "recover", "--json")
    assert (outcome.code, outcome.reason) == (4, "no_capture")
