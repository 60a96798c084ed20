from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from anyio import to_thread
from pywayland.protocol.wayland import WlOutput, WlSeat
from pywayland.protocol.xdg_shell import XdgWmBase

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.protocols import data_control, virtual_keyboard
from parleq_hotkey.insertion.wayland.protocols.description import interface
from parleq_hotkey.ports import DesktopError
from parleqd._tools.private_wayland import PrivateWayland
from parleqd.protocol.names import Reason

UNKNOWN = interface("nobody_offers_this_v1", 1)


@pytest.mark.asyncio
async def test_it_knows_what_the_compositor_offers(sway: PrivateWayland) -> None:
    connection = await WaylandConnection.open(sway.socket)
    try:
        assert connection.offers(WlSeat)
        assert not connection.offers(UNKNOWN)
        assert connection.version(XdgWmBase) >= 1
        assert connection.seat() is connection.seat()
        assert connection.bind(WlOutput) is not None
        await connection.settle()
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_a_display_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DesktopError) as refused:
        await WaylandConnection.open(str(tmp_path / "wayland-7"))
    assert refused.value.reason is Reason.NO_DISPLAY
    assert "wayland-7" in refused.value.message


@pytest.mark.asyncio
async def test_who_waits_is_told_when_the_compositor_ends(mortal: PrivateWayland) -> None:
    connection = await WaylandConnection.open(mortal.socket)
    try:
        async with anyio.create_task_group() as waiting:
            waiting.start_soon(ended, connection)
            waiting.start_soon(ended, connection)
            await to_thread.run_sync(mortal.kill)
        with pytest.raises(DesktopError):
            await connection.settle()
        connection.flush()
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_who_waits_is_told_when_it_is_closed(sway: PrivateWayland) -> None:
    connection = await WaylandConnection.open(sway.socket)
    async with anyio.create_task_group() as waiting:
        waiting.start_soon(ended, connection)
        await anyio.wait_all_tasks_blocked()
        connection.close()
        connection.close()


@pytest.mark.asyncio
async def test_everybody_who_waits_looks_when_woken(sway: PrivateWayland) -> None:
    connection = await WaylandConnection.open(sway.socket)
    there: list[str] = []
    seen: list[list[str]] = []

    async def wait(least: int) -> None:
        seen.append(await connection.until(lambda: there if len(there) >= least else []))

    try:
        async with anyio.create_task_group() as waiting:
            waiting.start_soon(wait, 1)
            waiting.start_soon(wait, 2)
            await anyio.wait_all_tasks_blocked()
            for each in ("one", "two"):
                there.append(each)
                connection.wake()
                await anyio.wait_all_tasks_blocked()
    finally:
        connection.close()
    assert len(seen) == 2


@pytest.mark.asyncio
async def test_many_requests_are_sent_without_waiting(sway: PrivateWayland) -> None:
    connection = await WaylandConnection.open(sway.socket)
    try:
        for _ in range(2000):
            connection.bind(virtual_keyboard.MANAGER)
            connection.flush()
        await connection.settle()
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_objects_end_once_with_or_before_the_connection(sway: PrivateWayland) -> None:
    connection = await WaylandConnection.open(sway.socket)
    first, second = connection.bind(data_control.MANAGERS[1]), connection.bind(data_control.MANAGERS[1])
    connection.end(first)
    assert first.destroyed
    await connection.settle()
    connection.close()
    connection.end(first, second)
    assert second.destroyed


async def ended(connection: WaylandConnection) -> None:
    with pytest.raises(DesktopError) as told:
        await connection.until(lambda: False)
    assert told.value.reason is Reason.NO_DISPLAY
