from __future__ import annotations

import pytest
from anyio import to_thread

from parleq_client import Connection
from parleqd._tools.bench.speech.ours import Dictated, dictate
from tests.fakes.daemon import RESULT, running_daemon


def dictated(path: str) -> Dictated:
    """A fifth of a second, and a bit."""
    with Connection.open(path) as connection:
        connection.initialize("test", instance="i")
        return dictate(connection, bytes(6_500), "raw")


@pytest.mark.asyncio
async def test_a_clip_is_pushed_as_spoken_released_and_its_text_acknowledged() -> None:
    async with running_daemon() as daemon:
        run = await to_thread.run_sync(dictated, daemon.path)
    assert run.result == RESULT
    assert run.at_client > 0
    times = [len(daemon.asked(f"session/{step}")) for step in ("start", "audio", "stop", "acknowledge")]
    assert times == [1, 11, 1, 1]
    (started,) = daemon.asked("session/start")
    assert (started["source"], started["mode"]) == ("stream", "raw")
