from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest
from anyio import to_thread

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.windows import UnknownWindows, WaylandWindows
from parleq_hotkey.ports import DesktopError, Window
from parleqd._tools.private_wayland import PrivateWayland
from tests.wayland import Target


@asynccontextmanager
async def windows(sway: PrivateWayland) -> AsyncIterator[WaylandWindows]:
    connection = await WaylandConnection.open(sway.socket)
    try:
        yield await WaylandWindows.open(connection)
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_the_window_with_the_focus_is_named(sway: PrivateWayland, target: Target) -> None:
    async with windows(sway) as made:
        window = await made.focused()
        assert window is not None
        assert (window.app, window.window_class, window.title) == ("foot", "foot", "target")
        assert (window.client, window.process) == ("", 0)
        assert await made.focused() == window


@pytest.mark.asyncio
async def test_without_a_window_there_is_none(sway: PrivateWayland) -> None:
    async with windows(sway) as made:
        assert await made.focused() is None


@pytest.mark.asyncio
async def test_the_next_focus_is_given_and_ids_are_stable(sway: PrivateWayland, target: Target) -> None:
    async with windows(sway) as made:
        first = await made.focused()
        seen: list[Window | None] = []

        async def watch() -> None:
            seen.append(await made.next_focus())

        async with anyio.create_task_group() as watching:
            watching.start_soon(watch)
            await anyio.wait_all_tasks_blocked()
            other = await to_thread.run_sync(Target, sway, "foot", "other")
        assert seen != [first]
        second = await made.focused()
        assert first is not None
        assert second is not None
        assert second.id != first.id
        await to_thread.run_sync(sway.focus, target.window)
        assert await made.focused() == first
        await to_thread.run_sync(sway.end, other.program)


@pytest.mark.asyncio
async def test_a_display_that_ends_is_told(mortal: PrivateWayland) -> None:
    async with windows(mortal) as made:
        await to_thread.run_sync(mortal.kill)
        with pytest.raises(DesktopError):
            await made.next_focus()
        with pytest.raises(DesktopError):
            await made.focused()


@pytest.mark.asyncio
async def test_where_nobody_tells_it_is_always_the_same_window(mortal: PrivateWayland) -> None:
    connection = await WaylandConnection.open(mortal.socket)
    try:
        made = UnknownWindows(connection)
        assert await made.focused() == Window("")
        await to_thread.run_sync(mortal.kill)
        with pytest.raises(DesktopError):
            await made.next_focus()
        with pytest.raises(DesktopError):
            await made.focused()
    finally:
        connection.close()
