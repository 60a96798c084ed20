"""A connection to an X server within the event loop: opened in a thread, its events handed out as they come."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
        opened.display.socket.setblocking(False)  # python-xlib asks `select` before it reads and before it writes
        self.root = opened.screen().root
        self._awake = anyio.Event()
        self._handle: Callable[[Any], None] | None = None
        self._close_internal = opened.display.close_internal
        opened.display.close_internal = self._closed_internally

    @classmethod
    async def open(cls, name: str) -> XConnection:
        """Connects to the display of that name (":0"). Raises DesktopError when there is none."""
        opened = await to_thread.run_sync(_opened, name)
        if opened is None:
            raise no_display(f"the X display {name!r} cannot be reached")
        return cls(opened)

    def poke(self) -> None:
        """Has `pump` look for events that are here already."""
        self._awake.set()

    async def pump(self, handle: Callable[[Any], None]) -> None:
        """Hands every event to ``handle``, until cancelled. Raises DesktopError once the server has ended."""
        loop, fd = asyncio.get_running_loop(), self.display.fileno()
        self._handle = handle
        loop.add_reader(fd, self.poke)
        try:
            while True:
                self._awake = anyio.Event()
                while self.display.pending_events():
                    handle(self.display.next_event())
                self.display.flush()
                if not self.display.pending_events():  # `flush` takes up what comes, too
                    await self._awake.wait()
        except GONE as problem:
            raise no_display("the X server has ended") from problem
        finally:
            self._handle = None
            loop.remove_reader(fd)

    def settle(self) -> None:
        """What the server sent before this call is handled behind it. Outside of `pump`'s handler, while it runs."""
        self.display.sync()
        while self._handle is not None and self.display.pending_events():
            self._handle(self.display.next_event())

    def flush(self) -> None:
        """Sends the requests that wait for no answer. Outside of `pump`'s handler, as `poke`."""
        self.display.flush()
        self.poke()

    def _closed_internally(self, whom: str) -> None:
        """A request found the server gone: python-xlib closes its socket, and of that the loop tells `pump` nothing."""
        self._close_internal(whom)
        self.poke()

    def close(self) -> None:
        """Ends the connection, and with it every grab and selection it holds."""
        try:
            self.display.close()
        except GONE:
            pass  # The server ended first.


def _opened(name: str) -> Any:
    """None, where there is no such display. python-xlib leaves the sockets open that it could not connect."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            return display.Display(name)
        except (error.DisplayError, *GONE):
            return None


@contextmanager
def reached() -> Iterator[None]:
    """Around requests: raises DesktopError once the server has ended."""
    try:
        yield
    except GONE as problem:
        raise no_display("the X server has ended") from problem


def no_display(message: str) -> DesktopError:
    """No display, for one reason or another."""
    return DesktopError(Reason.NO_DISPLAY, message, "start parleq-hotkey within the desktop session")
