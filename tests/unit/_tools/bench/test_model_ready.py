from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import pytest
from anyio import to_thread

from parleqd._tools.bench import model_ready
from parleqd._tools.bench.figures import Figure
from parleqd._tools.private_daemon import NoDaemonError, PrivateDaemon
from tests.fakes.daemon import STATUS, Object, Peer, running_daemon


@contextmanager
def process_of(socket_path: str) -> Iterator[PrivateDaemon]:
    """A process that lives until it is told to end, in place of the daemon's."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield PrivateDaemon(process, Path(socket_path), Path(socket_path).with_name("log"))
        process.kill()


def model(state: str, detail: str = "") -> Object:
    return {**STATUS["model"], "state": state, "detail": detail}


def measured(path: str) -> list[Figure]:
    with process_of(path) as daemon:
        return model_ready.measure(daemon, perf_counter())


@pytest.mark.asyncio
async def test_a_model_that_is_ready_is_not_waited_for() -> None:
    async with running_daemon({"status/get": {**STATUS, "model": model("ready")}}) as daemon:
        (figure,) = await to_thread.run_sync(measured, daemon.path)
    assert (figure.limit, figure.detail) == (None, "tiny.en, int8")


@pytest.mark.asyncio
async def test_the_daemon_tells_when_the_model_is_ready() -> None:
    async def subscribed(peer: Peer, params: Object) -> Object:
        for state in ("unloaded", "loading", "ready"):
            await peer.notify("daemon/state", {"model": model(state)})
        return {"topics": ["state"]}

    loading = {**STATUS, "model": model("loading")}
    async with running_daemon({"events/subscribe": subscribed, "status/get": loading}) as daemon:
        assert len(await to_thread.run_sync(measured, daemon.path)) == 1


@pytest.mark.asyncio
@pytest.mark.parametrize("state", ["missing", "failed"])
async def test_a_model_that_will_not_be_ready_is_told(state: str) -> None:
    status = {**STATUS, "model": model(state, "there is no model 'x'")}
    async with running_daemon({"status/get": status}) as daemon:
        with pytest.raises(NoDaemonError, match=f"the speech model is {state}: there is no model 'x'"):
            await to_thread.run_sync(measured, daemon.path)
