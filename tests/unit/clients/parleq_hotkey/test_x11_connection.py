from __future__ import annotations

from typing import Any

import anyio
import pytest
from Xlib import X

from parleq_hotkey.background import beside
from parleq_hotkey.ports import DesktopError
from parleq_hotkey.x11_connection import XConnection, reached
from parleqd.protocol.names import Reason
from tests.x_desktop import aside, private_desktop


@pytest.mark.asyncio
async def test_no_such_display() -> None:
    with pytest.raises(DesktopError) as problem:
        await XConnection.open(":987")
    assert problem.value.reason == Reason.NO_DISPLAY


@pytest.mark.asyncio
async def test_every_event_is_handed_out_whoever_took_it_up() -> None:
    async with private_desktop() as server:
        connection = await XConnection.open(server.name)
        window = connection.root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
        name = connection.display.get_atom("PARLEQ_TEST")
        seen: list[int] = []
        all_seen = anyio.Event()

        def handle(event: Any) -> None:
            seen.append(event.type)
            connection.display.sync()  # takes up the events behind this one
            if len(seen) == 50:
                all_seen.set()

        async def listen() -> None:
            await connection.pump(handle)

        try:
            async with beside(listen):
                await anyio.wait_all_tasks_blocked()
                for number in range(50):
                    window.change_property(name, name, 8, b"x" * number)
                    connection.flush()
                with anyio.fail_after(10):
                    await all_seen.wait()
                window.change_property(name, name, 8, b"")
                connection.settle()
                assert len(seen) == 51  # at once, without a turn of the loop
        finally:
            connection.close()


@pytest.mark.asyncio
async def test_a_server_that_ends() -> None:
    async with private_desktop() as server:
        connection = await XConnection.open(server.name)
        await aside(server.kill)
        with pytest.raises(DesktopError):
            await connection.pump(lambda _event: None)
        with pytest.raises(DesktopError), reached():
            connection.display.sync()
        connection.close()
