from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event

import anyio
import pytest
from anyio import to_thread

from parleqd.app.supervisor import Changes, Supervisor, status_line
from parleqd.engine.bus import Note
from parleqd.protocol.messages import DaemonNotice, DaemonStateNote, ModelStatus
from parleqd.protocol.methods import DAEMON_NOTICE, DAEMON_STATE
from parleqd.protocol.names import ModelState, Reason, Topic
from tests.fakes.client import DEADLINE
from tests.fakes.engine import wired_engine


class NotifySocket:
    """A service manager's ear."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening

    async def hear(self) -> list[str]:
        """The lines of the next message."""
        with anyio.fail_after(DEADLINE):
            await anyio.wait_readable(self._listening)
        return self._listening.recv(4096).decode().split("\n")


@contextmanager
def notify_socket(name: str) -> Iterator[NotifySocket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{name[1:]}" if name.startswith("@") else name)
        listening.setblocking(False)
        yield NotifySocket(listening)


@pytest.fixture(params=["/{}/notify", "@parleq{}"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """In the file system, and in Linux's abstract namespace."""
    return str(request.param).format(str(tmp_path).lstrip("/"))


@pytest.mark.asyncio
async def test_the_service_manager_is_told_what_happens(place: str) -> None:
    with notify_socket(place) as manager:
        async with wired_engine() as engine:
            supervisor = Supervisor(place)
            await supervisor.ready(engine.services)
            ready, status = await manager.hear()
            assert ready == "READY=1"
            assert status == f"STATUS={status_line(engine.services)}"
            await supervisor.reloading()
            reloading, when, _ = await manager.hear()
            assert reloading == "RELOADING=1"
            assert when.removeprefix("MONOTONIC_USEC=").isdecimal()
            await supervisor.stopping()
            assert (await manager.hear())[0] == "STOPPING=1"


@pytest.mark.asyncio
async def test_what_the_daemon_does_is_told_when_it_changes(tmp_path: Path) -> None:
    place = str(tmp_path / "notify")
    with notify_socket(place) as manager:
        async with wired_engine() as engine, anyio.create_task_group() as tasks:
            services = engine.services
            tasks.start_soon(Supervisor(place).keep_posted, services)
            await anyio.wait_all_tasks_blocked()
            model = ModelStatus(name="tiny.en", compute_type="int8", state=ModelState.READY)
            services.recognition.model.state = ModelState.READY
            services.bus.publish(Topic.STATE, "", DAEMON_STATE, DaemonStateNote(model=model))
            (line,) = await manager.hear()
            assert line == f"STATUS={status_line(services)}"
            assert line.endswith("is ready")
            tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_signs_of_life_come_again_and_again(tmp_path: Path) -> None:
    place = str(tmp_path / "notify")
    with notify_socket(place) as manager:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(Supervisor(place, 0.03).give_signs_of_life)
            for _ in range(3):
                assert await manager.hear() == ["WATCHDOG=1"]
            tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_a_daemon_whose_threads_are_stuck_gives_no_sign_of_life(tmp_path: Path) -> None:
    place, stuck = str(tmp_path / "notify"), Event()
    limiter = to_thread.current_default_thread_limiter()
    with notify_socket(place) as manager:
        async with anyio.create_task_group() as tasks:
            for _ in range(int(limiter.total_tokens)):
                tasks.start_soon(partial(to_thread.run_sync, partial(stuck.wait, DEADLINE)))
            await anyio.wait_all_tasks_blocked()
            tasks.start_soon(Supervisor(place, 0.003).give_signs_of_life)
            with anyio.move_on_after(0.1) as waited:  # more than thirty signs' time
                await manager.hear()
            stuck.set()
            assert waited.cancelled_caught, "it gave a sign of life"
            assert await manager.hear() == ["WATCHDOG=1"]
            tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_a_slow_service_manager_is_waited_for(tmp_path: Path) -> None:
    place = str(tmp_path / "notify")
    with notify_socket(place) as manager, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as others:
        others.setblocking(False)
        queued = 0
        with suppress(BlockingIOError):  # its queue is full: net.unix.max_dgram_qlen
            while True:
                others.sendto(b"other", place)
                queued += 1
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(Supervisor(place).stopping)
            await anyio.wait_all_tasks_blocked()
            for _ in range(queued):
                assert await manager.hear() == ["other"]
            assert (await manager.hear())[0] == "STOPPING=1"


@pytest.mark.parametrize("address", ["", "relative", "vsock:2:1", "/nowhere/notify"])
@pytest.mark.asyncio
async def test_without_a_service_manager_nothing_is_told_and_nothing_fails(address: str) -> None:
    async with wired_engine() as engine:
        await Supervisor(address).ready(engine.services)
    await Supervisor().give_signs_of_life()  # it ends: none is wanted
    async with wired_engine() as engine:
        await Supervisor().keep_posted(engine.services)


@pytest.mark.asyncio
async def test_without_a_descriptor_left_nothing_is_told_and_nothing_fails(tmp_path: Path) -> None:
    place = str(tmp_path / "notify")
    with notify_socket(place) as manager:
        free = os.dup(0)
        os.close(free)
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
        try:
            await Supervisor(place).stopping()
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, before)
        await Supervisor(place).reloading()
        assert (await manager.hear())[0] == "RELOADING=1"


def test_what_tells_of_the_service_manager_is_not_for_children() -> None:
    environment = {"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "5", "WATCHDOG_PID": str(os.getpid()), "HOME": "/"}
    Supervisor.of_environment(environment)
    assert environment == {"HOME": "/"}


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({"WATCHDOG_USEC": "30000"}, True),
        ({"WATCHDOG_USEC": "30000", "WATCHDOG_PID": str(os.getpid())}, True),
        ({"WATCHDOG_USEC": "30000", "WATCHDOG_PID": "1"}, False),
        ({"WATCHDOG_USEC": "soon"}, False),
        ({}, False),
    ],
)
@pytest.mark.asyncio
async def test_the_watchdog_is_fed_where_there_is_one(
    tmp_path: Path, environment: dict[str, str], wanted: bool
) -> None:
    place = str(tmp_path / "notify")
    with notify_socket(place) as manager:
        supervisor = Supervisor.of_environment({**environment, "NOTIFY_SOCKET": place})
        async with anyio.create_task_group() as tasks:
            over = anyio.Event()

            async def live() -> None:
                await supervisor.give_signs_of_life()
                over.set()

            tasks.start_soon(live)
            if wanted:
                assert await manager.hear() == ["WATCHDOG=1"]
                tasks.cancel_scope.cancel()
            else:
                with anyio.fail_after(DEADLINE):
                    await over.wait()


@pytest.mark.asyncio
async def test_only_what_the_daemon_does_counts_as_a_change() -> None:
    changes = Changes()
    notice = DaemonNotice(reason=Reason.RESUMED, message="m", hint="", session_id=None)
    changes.take(Note(Topic.NOTICE, "", DAEMON_NOTICE, notice))
    assert not any(changes.wants(topic) for topic in Topic)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(changes.next))
        await anyio.wait_all_tasks_blocked()
        model = ModelStatus(name="m", compute_type="int8", state=ModelState.READY)
        changes.take(Note(Topic.STATE, "", DAEMON_STATE, DaemonStateNote(model=model)))


@pytest.mark.asyncio
async def test_the_status_line_counts() -> None:
    async with wired_engine() as engine:
        assert status_line(engine.services).startswith("idle; ")
