from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from anyio import to_thread

from parleqd._tools.bench import model_ready
from parleqd._tools.private_daemon import NoDaemonError, PrivateDaemon
from tests.fakes.daemon import STATUS, Peer, running_daemon


@contextmanager
def process_of(socket_path: str) -> Iterator[PrivateDaemon]:
    """A process that lives until it is told to end, in place of the daemon's."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield PrivateDaemon(process, Path(socket_path), Path(socket_path).with_name("log"))
        process.kill()


def with_model(state: str, detail: str = "") -> dict[str, Any]:
    return {**STATUS, "model": {**STATUS["model"], "state": state, "detail": detail}}


@pytest.mark.asyncio
async def test_the_status_is_asked_until_the_model_is_ready() -> None:
    states = iter(["unloaded", "loading", "loading", "ready"])

    async def status(peer: Peer, params: dict[str, Any]) -> dict[str, Any]:
        return with_model(next(states))

    async with running_daemon({"status/get": status}) as fake:
        (figure,) = await to_thread.run_sync(measured, fake.path)
    assert (figure.limit, figure.detail) == (None, "tiny.en, int8")
    assert len(fake.asked("status/get")) == 4


@pytest.mark.asyncio
async def test_a_model_that_is_missing_is_told() -> None:
    async with running_daemon({"status/get": with_model("missing", "there is no model 'x'")}) as fake:
        with pytest.raises(NoDaemonError, match="the speech model is missing: there is no model 'x'"):
            await to_thread.run_sync(measured, fake.path)


def measured(path: str) -> list[Any]:
    with process_of(path) as daemon:
        return [*model_ready.measure(daemon, perf_counter())]
