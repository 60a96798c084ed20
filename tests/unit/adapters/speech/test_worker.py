"""The worker's process, beyond the contract (``tests/contract/test_recogniser.py``): signals, noise, a bad start."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import psutil
import pytest

from parleqd.adapters.speech.worker import Worker, WorkerFactory, environment
from parleqd.core.errors import OutsideError
from parleqd.core.speech import messages as m
from parleqd.core.speech.transcript import join
from parleqd.protocol.names import Reason
from tests import clips
from tests.fakes.log import MemoryLog
from tests.parts import need


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog()


@pytest.fixture
def spoken() -> list[m.Command]:
    """A whole life: the embedded model, and the demo's recording."""
    model = str(need("embedded-model") / "model")
    return [m.Load("tiny.en", model), m.Open("u"), m.Audio("u", clips.demo()), m.Finish("u")]


def interpreter(folder: Path, code: str) -> str:
    """A program that is run in Python's place: Python, but with this code for the worker's."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{code}' \"$@\"\n")
    path.chmod(0o700)
    return str(path)


@asynccontextmanager
async def answering(log: MemoryLog, patience_s: float = 10.0) -> AsyncIterator[tuple[Worker, int]]:
    """A real worker that runs (it has answered a ping) and has no model, and its pid."""
    with anyio.fail_after(30):
        async with WorkerFactory(log, patience_s=patience_s).start() as worker:
            worker.send(m.Ping(1))
            assert await anext(worker.events()) == m.Pong(1, 0.0)
            yield worker, int(log.fields("worker_started")[-1]["pid"] or 0)


async def rest(worker: Worker) -> list[m.Event]:
    return [event async for event in worker.events()]


@pytest.mark.asyncio
async def test_it_ends_by_itself_when_the_block_is_left(log: MemoryLog) -> None:
    async with answering(log) as (_, pid):
        assert psutil.pid_exists(pid)
    assert log.fields("worker_ended") == [{"pid": pid, "status": 0}]
    assert not psutil.pid_exists(pid)


@pytest.mark.asyncio
async def test_killed_from_outside_its_events_end(log: MemoryLog) -> None:
    async with answering(log) as (worker, pid):
        os.kill(pid, signal.SIGKILL)
        assert await rest(worker) == []
        worker.send(m.Ping(2))
    assert log.fields("worker_ended") == [{"pid": pid, "status": -signal.SIGKILL}]


@pytest.mark.asyncio
async def test_stopped_it_answers_nothing_holds_nobody_up_and_can_be_killed(log: MemoryLog) -> None:
    async with answering(log) as (worker, pid):
        os.kill(pid, signal.SIGSTOP)
        for _ in range(100):
            worker.send(m.Audio("u", bytes(32_000)))  # more than any socket's buffer
        await anyio.wait_all_tasks_blocked()
        worker.kill()
        assert await rest(worker) == []
    assert log.fields("worker_ended") == [{"pid": pid, "status": -signal.SIGKILL}]


@pytest.mark.asyncio
async def test_stopped_it_is_ended_by_force_when_the_block_is_left(log: MemoryLog) -> None:
    async with answering(log, patience_s=0.2) as (_, pid):
        os.kill(pid, signal.SIGSTOP)
    assert log.fields("worker_ended") == [{"pid": pid, "status": -signal.SIGKILL}]


@pytest.mark.asyncio
async def test_ctrl_c_in_the_terminal_does_not_reach_it(log: MemoryLog) -> None:
    async with answering(log) as (_, pid):
        assert os.getsid(pid) == pid


async def text_of(worker: Worker, commands: list[m.Command], pid_to_signal: int, number: int) -> str:
    """What a worker makes of the commands when it gets a signal (0: none) as soon as it works on them."""
    for command in commands:
        worker.send(command)
    texts: list[str] = []
    async for event in worker.events():
        match event:
            case m.Working("u") if number:
                os.kill(pid_to_signal, number)
                worker.kill()  # which the engine does when pings go unanswered
            case m.Segment():
                texts.append(event.text)
            case m.Final():
                break
    return join(texts)


@pytest.mark.asyncio
@pytest.mark.timeout(120)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
async def test_lost_in_the_middle_of_its_work_another_one_gives_the_text(
    log: MemoryLog, spoken: list[m.Command], number: signal.Signals
) -> None:
    async with WorkerFactory(log).start() as worker:
        assert await text_of(worker, spoken, int(log.fields("worker_started")[0]["pid"] or 0), number) == ""
    async with WorkerFactory(log).start() as worker:
        assert "35 chairs and two long tables" in await text_of(worker, spoken, 0, 0)


@pytest.mark.asyncio
async def test_what_it_prints_goes_to_the_log_line_by_line_and_not_without_end(tmp_path: Path, log: MemoryLog) -> None:
    code = 'import sys\nfor n in range(150): print(f"warning {n} " + "x" * 1000, file=sys.stderr)'
    factory = await anyio.to_thread.run_sync(lambda: WorkerFactory(log, interpreter(tmp_path, code)))
    async with factory.start() as worker:
        assert await rest(worker) == []
    lines = log.fields("worker_stderr")
    assert len(lines) == 100
    assert lines[0] == {"line": ("warning 0 " + "x" * 1000)[:300]}
    assert log.fields("worker_stderr_cut") == [{"lines": 50}]


@pytest.mark.asyncio
async def test_one_that_writes_something_else_is_ended(tmp_path: Path, log: MemoryLog) -> None:
    code = 'import os, signal, sys; os.write(int(sys.argv[5]), b"Segmentation fault" * 9); signal.pause()'
    factory = await anyio.to_thread.run_sync(lambda: WorkerFactory(log, interpreter(tmp_path, code), patience_s=0.2))
    async with factory.start() as worker:
        assert await rest(worker) == []
    assert "worker_garbled" in log.events()
    assert log.fields("worker_ended")[0]["status"] == -signal.SIGKILL


@pytest.mark.asyncio
async def test_one_that_cannot_be_started(tmp_path: Path, log: MemoryLog) -> None:
    with pytest.raises(OutsideError, match="cannot be started: No such file") as error:
        async with WorkerFactory(log, python=str(tmp_path / "no-python")).start():
            pytest.fail("it started")
    assert error.value.reason is Reason.WORKER_FAILED


@pytest.mark.asyncio
async def test_one_that_no_descriptor_is_left_for(log: MemoryLog) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.socket(socket.AF_UNIX) as lowest_free:
        resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free.fileno() + 1, limits[1]))
        try:
            with pytest.raises(OutsideError, match="cannot be started: Too many open files"):
                async with WorkerFactory(log).start():
                    pytest.fail("it started")
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_the_allocator_is_told_to_keep_little_beside_what_the_user_tells_it() -> None:
    told = environment({"GLIBC_TUNABLES": "glibc.malloc.check=1", "PATH": "/bin"})
    assert told["PATH"] == "/bin"
    assert told["GLIBC_TUNABLES"].startswith("glibc.malloc.check=1:glibc.malloc.hugetlb=1:")
    assert environment({})["GLIBC_TUNABLES"].startswith("glibc.malloc.hugetlb=1:")


def test_the_worker_is_given_no_secret() -> None:
    assert environment({"AZURE_OPENAI_API_KEY": "canary"}).keys() == {"GLIBC_TUNABLES"}


@pytest.mark.asyncio
async def test_a_worker_ends_in_order_when_the_daemon_stops(log: MemoryLog) -> None:
    """The daemon's end cancels the block from outside, the task that writes with it."""
    with anyio.CancelScope() as stopping:
        async with answering(log):
            stopping.cancel()
            await anyio.sleep_forever()
    assert [ended["status"] for ended in log.fields("worker_ended")] == [0]
