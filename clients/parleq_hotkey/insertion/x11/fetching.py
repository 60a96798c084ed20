"""Fetches what another client's selection holds: single targets, bounded in time and size; long values in parts."""

from __future__ import annotations

from typing import Any

import anyio
from Xlib import X

from parleq_hotkey.insertion.x11.content import Item
from parleq_hotkey.x11_connection import XConnection

_READ = 1 << 24
"""Units of four bytes: more than any property holds."""


class Fetcher:
    """Asks for one target at a time, by ``window``, a window of ours that is told of its properties' changes."""

    def __init__(self, connection: XConnection, window: Any) -> None:
        self._connection = connection
        self._display = connection.display
        self._window = window
        self._property = self._display.get_atom("PARLEQ_FETCHED")
        self._wanted: tuple[int, int] | None = None
        self._answer: bool | None = None
        self._parts = 0
        self._news = anyio.Event()

    def handle(self, event: Any) -> None:
        """Takes up answers and parts; other events are left alone."""
        if event.type == X.SelectionNotify and (event.selection, event.target) == self._wanted:
            self._answer = event.property != X.NONE
        elif event.type == X.PropertyNotify and event.window.id == self._window.id and event.atom == self._property:
            self._parts += event.state == X.PropertyNewValue
        else:
            return
        self._news.set()

    async def fetch(self, selection: int, target: int, limit: int) -> Item | None:
        """One target's value; None when the owner refuses, or it has more than ``limit`` bytes.

        An owner that hangs never answers: call it under a deadline.
        """
        self._wanted, self._answer, self._parts = (selection, target), None, 0
        self._window.delete_property(self._property)
        self._window.convert_selection(selection, target, self._property, X.CurrentTime)
        self._connection.flush()
        try:
            if not await self._granted():
                return None
            self._parts = 0
            first = self._take()
            if first is None or first.type != self._display.get_atom("INCR"):
                return None if first is None or len(first.data) > limit else first
            return await self._gather(limit)
        finally:
            self._wanted = None
            self._connection.poke()

    async def _granted(self) -> bool:
        """The owner's answer, once it is here."""
        while self._answer is None:
            await self._more()
        return self._answer

    async def _gather(self, limit: int) -> Item | None:
        """The parts of a long value, until an empty one. The rest of one that is too long is left to its owner."""
        whole, kind, unit = bytearray(), 0, 8
        while True:
            while not self._parts:
                await self._more()
            self._parts -= 1
            part = self._take()
            if part is None:
                continue  # two changes, one look
            if not part.data:
                return Item(kind, unit, bytes(whole))
            whole += part.data
            kind, unit = part.type, part.format
            if len(whole) > limit:
                return None

    async def _more(self) -> None:
        self._connection.poke()
        self._news = anyio.Event()
        await self._news.wait()

    def _take(self) -> Item | None:
        """The property's value; it is deleted, which tells the owner."""
        value = self._window.get_full_property(self._property, X.AnyPropertyType, _READ)
        self._window.delete_property(self._property)
        self._connection.flush()
        if value is None:
            return None
        data = value.value
        return Item(value.property_type, value.format, bytes(data) if value.format == 8 else data.tobytes())
