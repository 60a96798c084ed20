from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from parleqd.app.lifecycle import kept_up, run, running
from parleqd.app.logging import DeferredLog, Record, Sink
from parleqd.app.supervisor import Supervisor
from parleqd.rpc.listener import claim
from tests.fakes.client import DEADLINE, Client
from tests.fakes.engine import Engine, wired_engine


class Records:
    """A sink that remembers."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self._changed = anyio.Event()

    def __call__(self, record: Record) -> None:
        self.events.append(record.event)
        self._changed.set()
        self._changed = anyio.Event()

    async def until(self, event: str, times: int = 1) -> None:
        with anyio.fail_after(DEADLINE):
            while self.events.count(event) < times:
                await self._changed.wait()


@asynccontextmanager
async def connected(path: Path) -> AsyncIterator[Client]:
    async with await anyio.connect_unix(str(path)) as stream:
        yield Client(stream)


@asynccontextmanager
async def program(
    config: str = "", supervisor: Supervisor | None = None
) -> AsyncIterator[tuple[Engine, Path, Records, anyio.Event]]:
    """The daemon as the program runs it, in this process; the event: it has come to its end."""
    records, over = Records(), anyio.Event()
    make_sink: Callable[[], Sink] = lambda: records  # noqa: E731
    async with anyio.TemporaryDirectory(prefix="parleq-") as folder, wired_engine(config) as engine:
        claimed = await to_thread.run_sync(claim, Path(folder) / "d.sock")

        async def live() -> None:
            await run(engine.services, claimed, DeferredLog(), make_sink, supervisor)
            await to_thread.run_sync(claimed.release)
            over.set()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(live)
            yield engine, claimed.path, records, over
            with anyio.fail_after(DEADLINE):
                await over.wait()


@pytest.mark.asyncio
async def test_the_socket_answers_before_the_model_is_there() -> None:
    async with anyio.TemporaryDirectory(prefix="parleq-") as folder, wired_engine() as engine:
        claimed = await to_thread.run_sync(claim, Path(folder) / "d.sock")
        async with running(engine.services, claimed), connected(claimed.path) as client:
            assert (await client.call("status/get"))["model"]["state"] in ("unloaded", "loading")
            await engine.puppets.life(1)
            assert (await client.call("status/get"))["model"]["state"] == "loading"
        assert engine.puppets.lives[0].gone
        await to_thread.run_sync(claimed.release)


@pytest.mark.asyncio
async def test_a_daemon_stops_while_clients_wait() -> None:
    async with anyio.TemporaryDirectory(prefix="parleq-") as folder, wired_engine() as engine:
        claimed = await to_thread.run_sync(claim, Path(folder) / "d.sock")
        async with connected(claimed.path) as client:
            async with running(engine.services, claimed):
                await client.initialize("alice")
                await client.call("session/start", source="stream")
                await client.request("session/result")
                await client.call("status/get")
            await client.end()
        await to_thread.run_sync(claimed.release)


@pytest.mark.parametrize("received", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.asyncio
async def test_a_signal_ends_the_daemon_in_order(received: signal.Signals) -> None:
    async with program() as (engine, path, records, over):
        await records.until("listening")
        async with connected(path) as client:
            await client.call("status/get")
            os.kill(os.getpid(), received)
            await client.end()
        await over.wait()
        assert records.events[-1] == "stopping"
        assert not await anyio.Path(path).exists()
        assert all(puppet.gone for puppet in engine.puppets.lives)


@pytest.mark.asyncio
async def test_a_hang_up_reads_the_settings_again() -> None:
    async with program() as (engine, path, records, _):
        await records.until("listening")
        await engine.write_config("[audio]\ndevice = 'desk'\n")
        os.kill(os.getpid(), signal.SIGHUP)
        async with connected(path) as client:
            with anyio.fail_after(DEADLINE):
                while (await client.call("status/get"))["device"] != "desk":
                    pass
        os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.asyncio
async def test_the_service_manager_is_told_at_each_turn(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        told: list[str] = []

        async def until(line: str, times: int = 1) -> None:
            with anyio.fail_after(DEADLINE):
                while told.count(line) < times:
                    await anyio.wait_readable(manager)
                    told.extend(manager.recv(4096).decode().split("\n"))

        async with program(supervisor=Supervisor(str(tmp_path / "notify"), watchdog_s=0.1)) as (_, path, _, _):
            await until("READY=1")
            async with connected(path) as client:
                await client.call("status/get")
            await until("WATCHDOG=1", times=2)
            os.kill(os.getpid(), signal.SIGHUP)
            await until("RELOADING=1")
            await until("READY=1", times=2)
            os.kill(os.getpid(), signal.SIGTERM)
        await until("STOPPING=1")


class Failing(Supervisor):
    """Its watchdog cannot be fed: there is no thread to be had."""

    async def give_signs_of_life(self) -> None:
        raise RuntimeError("can't start new thread")


@pytest.mark.asyncio
async def test_what_fails_for_the_service_manager_does_not_end_the_daemon() -> None:
    async with program(supervisor=Failing()) as (engine, path, records, _):
        await records.until("listening")
        async with connected(path) as client:
            await client.call("status/get")
        assert [one["task"] for one in engine.log.fields("task_failed")] == ["watchdog"]
        os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.asyncio
async def test_a_callback_that_fails_is_told_without_its_message(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ValueError("secret words")

    async with program() as (_, _, records, _):
        await records.until("listening")
        asyncio.get_running_loop().call_soon(fail)
        await records.until("callback_failed")
        os.kill(os.getpid(), signal.SIGTERM)
    assert "secret" not in caplog.text


@pytest.mark.asyncio
async def test_work_that_fails_is_told_and_begun_again() -> None:
    outcomes: list[Exception | None] = [OSError("secret words"), ExceptionGroup("", [ValueError("secret words")]), None]

    async def work() -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    async with wired_engine() as engine:
        with anyio.fail_after(DEADLINE):
            await kept_up(engine.services, "work", work, pause_s=0.0)
        assert outcomes == []
        told = engine.log.fields("task_failed")
        assert [(one["task"], one["error"]) for one in told] == [("work", "OSError"), ("work", "ValueError")]
        assert "secret" not in str(told)
