from __future__ import annotations

import asyncio
import os
import resource
import socket
from contextlib import AsyncExitStack

import anyio
import anyio.lowlevel
import pytest
from anyio import to_thread
from anyio.abc import UNIXSocketStream

from parleqd.adapters.speech.scripted import ScriptedFactory
from parleqd.core.text import instant
from tests.fakes.client import Client
from tests.integration.daemon import Daemon, running_daemon

BUSY, IDLE, EACH = 20, 200, 3
FILE = {"source": "file", "path": "/speech.flac", "pace": "fast"}


async def descriptors() -> int:
    return len(await to_thread.run_sync(os.listdir, "/dev/fd"))


async def settle(daemon: Daemon) -> None:
    """Wait until the daemon has let go of everybody."""
    with anyio.fail_after(10):
        while daemon.engine.services.peers._peers:
            await anyio.lowlevel.checkpoint()
    await anyio.wait_all_tasks_blocked()


async def dictate(daemon: Daemon, name: str, texts: list[str]) -> None:
    async with daemon.client(name) as client:
        for _ in range(EACH):
            await client.call("session/start", **FILE)
            result = await client.call("session/result")
            texts.append(result["text"])
            await client.call("session/acknowledge", session_id=result["session_id"])


@pytest.mark.asyncio
async def test_twenty_busy_and_two_hundred_idle_clients_are_served_and_leave_nothing_behind() -> None:
    asyncio.get_running_loop().set_debug(False)  # a traceback for every callback would take most of the time
    said = [f"text number {number}" for number in range(BUSY * EACH)]
    async with running_daemon(recognisers=ScriptedFactory(said)) as daemon:
        await dictate(daemon, "warm up", [])
        await settle(daemon)
        tasks_before, descriptors_before = len(asyncio.all_tasks()), await descriptors()
        texts: list[str] = []
        async with AsyncExitStack() as idle:
            for number in range(IDLE):
                await idle.enter_async_context(daemon.client(f"idle-{number}", topics=["notice"]))
            async with anyio.create_task_group() as tasks:
                for number in range(BUSY):
                    tasks.start_soon(dictate, daemon, f"busy-{number}", texts)
        assert len(texts) == BUSY * EACH
        await settle(daemon)
        assert len(asyncio.all_tasks()) == tasks_before
        assert await descriptors() <= descriptors_before
        assert daemon.engine.sessions.driver.live == {}


@pytest.mark.asyncio
async def test_every_client_gets_the_texts_of_its_own_sessions() -> None:
    said = [f"text number {number}" for number in range(12)]
    async with running_daemon(recognisers=ScriptedFactory(said)) as daemon, AsyncExitStack() as stack:
        clients = [await stack.enter_async_context(daemon.client(f"client-{number}")) for number in range(4)]
        started = [(client, (await client.call("session/start", **FILE))["session_id"]) for client in clients * 3]
        texts = [(await client.call("session/result", session_id=one))["text"] for client, one in started]
        assert texts == [instant.clean(text).text for text in said]


@pytest.mark.asyncio
async def test_a_daemon_without_a_free_descriptor_serves_again_once_there_is_one() -> None:
    async with running_daemon() as daemon, daemon.client("alice") as alice:
        waiting = [socket.socket(socket.AF_UNIX) for _ in range(4)]
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)
        try:
            highest = max(client.fileno() for client in waiting)
            resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, limits[1]))
            for client in waiting:
                client.setblocking(False)
                client.connect(str(daemon.path))
            with anyio.fail_after(10):
                while "accept_failed" not in daemon.engine.log.events():
                    await anyio.lowlevel.checkpoint()
            assert (await alice.call("status/get"))["state"] == "idle"
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for client in waiting:
            async with await UNIXSocketStream.from_socket(client) as stream:
                assert (await Client(stream).call("status/get"))["state"] == "idle"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user: run the tests as root")
@pytest.mark.asyncio
async def test_another_users_client_is_refused() -> None:
    async with running_daemon() as daemon:
        await to_thread.run_sync(os.chmod, daemon.path, 0o666)
        await to_thread.run_sync(os.chmod, daemon.path.parent, 0o755)
        stranger = socket.socket(socket.AF_UNIX)
        stranger.setblocking(False)
        os.seteuid(65534)
        try:
            stranger.connect(str(daemon.path))  # the kernel notes who connects here and now: unix(7)
        finally:
            os.seteuid(0)
        async with await UNIXSocketStream.from_socket(stranger) as stream:
            await stream.send(b'{"jsonrpc":"2.0","id":1,"method":"status/get"}\n')
            with pytest.raises((anyio.EndOfStream, anyio.BrokenResourceError)):
                await stream.receive()
        assert daemon.engine.log.fields("peer_refused") == [{"uid": 65534}]
        async with daemon.client("alice") as client:
            assert (await client.call("status/get"))["state"] == "idle"
