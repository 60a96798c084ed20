"""A connection to an X server within the event loop: opened in a thread, its events handed out as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import anyio
from anyio import to_thread
from Xlib import display, error

from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason

GONE = (error.ConnectionClosedError, OSError)
"""What a request of python-xlib raises once the server has ended."""


class XConnection:
    """One client of an X server; ``display`` is python-xlib's, for requests, which take well below a millisecond.

    Every request that waits for its answer may take up events meanwhile: call `poke` behind those that are made outside
    of `pump`'s handler, or the events wait for the next one.
    """

    def __init__(self, opened: Any) -> None:
        self.display = opened
        self.root = opened.screen().root
        self._awake = anyio.Event()

    @classmethod
    async def open(cls, name: str) -> XConnection:
        """Connects to the display of that name (":0"). Raises DesktopError when there is none."""
        try:
            return cls(await to_thread.run_sync(display.Display, name))
        except (error.DisplayError, *GONE) as problem:
            raise no_display(f"the X display {name!r} cannot be reached") from problem

    def poke(self) -> None:
        """Has `pump` look for events that are here already."""
        self._awake.set()

    async def pump(self, handle: Callable[[Any], None]) -> None:
        """Hands every event to ``handle``, until cancelled. Raises DesktopError once the server has ended."""
        loop, fd = asyncio.get_running_loop(), self.display.fileno()
        loop.add_reader(fd, self.poke)
        try:
            while True:
                self._awake = anyio.Event()
                while self.display.pending_events():
                    handle(self.display.next_event())
                self.display.flush()
                await self._awake.wait()
        except GONE as problem:
            raise no_display("the X server has ended") from problem
        finally:
            loop.remove_reader(fd)

    def close(self) -> None:
        """Ends the connection, and with it every grab and selection it holds."""
        try:
            self.display.close()
        except GONE:
            pass  # The server ended first.


def no_display(message: str) -> DesktopError:
    """No display, for one reason or another."""
    return DesktopError(Reason.NO_DISPLAY, message, "start parleq-hotkey within the desktop session")
