"""Whole values, short and long, are fetched in test_selection.py; here is what may go wrong."""

from __future__ import annotations

import anyio
import pytest
from Xlib import X, Xatom

from parleq_hotkey.background import beside
from parleq_hotkey.insertion.x11.fetching import Fetcher
from parleq_hotkey.x11_connection import XConnection
from tests.x_desktop import aside, copies, private_desktop


@pytest.mark.asyncio
async def test_no_owner_a_refusal_and_a_value_that_is_too_long() -> None:
    async with private_desktop() as server:
        connection = await XConnection.open(server.name)
        window = connection.root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
        fetcher = Fetcher(connection, window)
        utf8 = connection.display.get_atom("UTF8_STRING")
        clipboard = connection.display.get_atom("CLIPBOARD")

        async def listen() -> None:
            await connection.pump(fetcher.handle)

        try:
            async with beside(listen):
                with anyio.fail_after(10):
                    assert await fetcher.fetch(Xatom.SECONDARY, utf8, 100) is None
                    await aside(copies, server, "x" * 300_000)
                    assert await fetcher.fetch(clipboard, utf8, 100) is None
                    assert await fetcher.fetch(clipboard, connection.display.get_atom("image/png"), 100) is None
                    whole = await fetcher.fetch(clipboard, utf8, 300_000)
        finally:
            connection.close()
        assert whole is not None
        assert whole.data == b"x" * 300_000
