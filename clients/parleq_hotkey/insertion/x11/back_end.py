"""Insertion on X11: one connection, its events handed to the parts that want them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio

from parleq_hotkey.background import beside
from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.copying import COPIES
from parleq_hotkey.insertion.copying import NAME as CLIPBOARD
from parleq_hotkey.insertion.pasting import Means, Pasting
from parleq_hotkey.insertion.x11.clipboard import X11Clipboard
from parleq_hotkey.insertion.x11.keyboard import X11Keyboard
from parleq_hotkey.insertion.x11.snapshot import Limits
from parleq_hotkey.insertion.x11.windows import X11Windows
from parleq_hotkey.ports import BackEnd, DesktopError, Field
from parleq_hotkey.x11_connection import XConnection, reached
from parleqd.protocol.names import Reason

NAME = "x11"


class X11Desktop:
    """The parts of one X display, alive while `run` runs."""

    def __init__(self, connection: XConnection, limits: Limits | None = None) -> None:
        with reached():
            self._connection = connection
            self.windows = X11Windows(connection)
            self.clipboard = X11Clipboard(connection, self.windows, limits)
            self.keyboard = X11Keyboard(connection)

    async def run(self) -> None:
        """Serves the clipboard until cancelled, or the server ends: from then on every call raises DesktopError."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._fetch_ahead)
            try:
                await self._connection.pump(self._handle)
            except DesktopError:
                group.cancel_scope.cancel()

    def means(self, field: Field | None) -> Means:
        """What `Pasting` needs."""
        return Means(self.windows, self.clipboard, self.keyboard, field, self.clipboard.prepare)

    async def _fetch_ahead(self) -> None:
        try:
            await self.clipboard.keep_prepared()
        except DesktopError:
            pass  # `pump` finds the same

    def _handle(self, event: Any) -> None:
        for part in (self.windows, self.clipboard, self.keyboard):
            part.handle(event)


@asynccontextmanager
async def running(display: str, limits: Limits | None = None) -> AsyncIterator[X11Desktop]:
    """A display's parts. Raises DesktopError when there is no such display."""
    connection = await XConnection.open(display)
    try:
        desktop = X11Desktop(connection, limits)
        async with beside(desktop.run):
            yield desktop
    finally:
        connection.close()


async def examine(display: str) -> list[BackEnd]:
    """Is there such a display, and may keys be pressed on it? Pasting, and the clipboard alone."""
    try:
        connection = await XConnection.open(display)
    except DesktopError as problem:
        return [
            BackEnd("insertion", name, False, problem.message, problem.hint, problem.reason)
            for name in (NAME, CLIPBOARD)
        ]
    try:
        pastes = BackEnd("insertion", NAME, True, f"pastes on the display {display}, and sees who reads the text")
        if not connection.display.has_extension("XTEST"):
            message = f"the X server of {display} lacks the XTEST extension: no keys can be pressed there"
            pastes = BackEnd("insertion", NAME, False, message, "start it with that extension", Reason.NO_INSERTION)
        return [pastes, BackEnd("insertion", CLIPBOARD, True, COPIES)]
    finally:
        connection.close()


@asynccontextmanager
async def open_inserter(
    display: str, chords: Chords, *, field: Field | None = None, typing: bool = False
) -> AsyncIterator[Pasting]:
    """Insertion on the display of that name. Within the block the clipboard is served; with it, what we hold ends.

    Raises DesktopError when there is no such display. When it ends later, nothing is raised here: the inserter's
    ``focused`` raises DesktopError, its receipts are ``failed``, and it is to be opened again.
    """
    async with running(display) as desktop:
        yield Pasting(NAME, desktop.means(field), chords, typing=typing)
