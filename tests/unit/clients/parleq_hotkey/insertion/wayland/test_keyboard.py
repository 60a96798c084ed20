from __future__ import annotations

import string
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from anyio import to_thread

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.keyboard import WaylandKeyboard
from parleq_hotkey.ports import DesktopError
from parleqd._tools.private_wayland import PrivateWayland
from tests.wayland import Target

PRINTABLE = " " + string.digits + string.ascii_letters + string.punctuation


@asynccontextmanager
async def keyboard(sway: PrivateWayland) -> AsyncIterator[WaylandKeyboard]:
    connection = await WaylandConnection.open(sway.socket)
    try:
        yield await WaylandKeyboard.open(connection)
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_printable_ascii_is_typed_exactly(sway: PrivateWayland) -> None:
    async with keyboard(sway) as made:
        target = await to_thread.run_sync(Target, sway, "foot")
        await made.type_text(PRINTABLE)
        assert await target.has(PRINTABLE), await target.looks()
        await made.type_text("v")
        await made.press("ctrl+v")
        await made.press("Return")
        assert await target.has(f"{PRINTABLE}v\x16\n"), await target.looks()
        await to_thread.run_sync(sway.end, target.program)


@pytest.mark.asyncio
async def test_what_cannot_be_typed_or_pressed_is_refused_with_nothing_done(
    sway: PrivateWayland, target: Target
) -> None:
    async with keyboard(sway) as made:
        with pytest.raises(DesktopError):
            await made.type_text("abc é")
        with pytest.raises(DesktopError):
            await made.press("ctrl+nothing")
    assert await target.looks() == ""


@pytest.mark.asyncio
async def test_nobody_can_tell_what_is_held(sway: PrivateWayland) -> None:
    async with keyboard(sway) as made:
        assert await made.modifiers_held() == frozenset()
