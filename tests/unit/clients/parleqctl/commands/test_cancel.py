from __future__ import annotations

import pytest

from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import Refusal, running_daemon


@pytest.mark.asyncio
async def test_the_microphone_session_is_given_up() -> None:
    async with running_daemon() as daemon:
        text = await parleqctl_at(daemon, "cancel")
        json = await parleqctl_at(daemon, "cancel", "--json")
    assert (text.code, text.out, text.err) == (0, "", "cancelled\n")
    assert (json.code, json.json, json.err) == (0, [{"session_id": "s1"}], "")
    assert daemon.received == [("session/cancel", {})] * 2


@pytest.mark.asyncio
async def test_without_one_it_fails() -> None:
    async with running_daemon({"session/cancel": Refusal("unknown_session", "no microphone session")}) as daemon:
        assert (await parleqctl_at(daemon, "cancel")).code == 4
