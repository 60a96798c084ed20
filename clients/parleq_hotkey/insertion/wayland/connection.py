"""A connection to a Wayland compositor within the event loop: nothing here waits for the compositor but `await`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import anyio
from anyio import to_thread
from pywayland.client.display import Display
from pywayland.protocol.wayland import WlSeat

from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason

T = TypeVar("T")


class WaylandConnection:
    """One client of a compositor. Events are handled as they come, while the loop runs.

    Requests are buffered: call `flush` behind them, or `settle`, which waits until the compositor has handled them.
    """

    def __init__(self, display: Any) -> None:
        self._display = display
        self._loop = asyncio.get_running_loop()
        self._fd = display.get_fd()
        self._turn = anyio.Event()
        self._problem: DesktopError | None = None
        self._closed = False
        self._globals: dict[str, tuple[int, int]] = {}
        self._seat: Any = None
        self._registry = display.get_registry()
        self._registry.dispatcher["global"] = self._appeared
        self._loop.add_reader(self._fd, self._readable)

    @classmethod
    async def open(cls, name: str) -> WaylandConnection:
        """Connects to the display of that name ("wayland-0", or the path of its socket).

        Raises DesktopError when there is none.
        """
        display = Display(name)
        try:
            await to_thread.run_sync(display.connect)
        except ValueError as problem:
            raise no_display(f"the Wayland display {name!r} cannot be reached") from problem
        opened = cls(display)
        try:
            await opened.settle()
        except BaseException:
            opened.close()
            raise
        return opened

    def offers(self, interface: Any) -> bool:
        """Has the compositor this protocol?"""
        return interface.name in self._globals

    def bind(self, interface: Any) -> Any:
        """The compositor's object of a protocol that it `offers`, in the newest version that both know."""
        number, version = self._globals[interface.name]
        return self._registry.bind(number, interface, min(version, interface.version))

    def version(self, interface: Any) -> int:
        """The version that `bind` takes of a protocol that is offered."""
        known: int = interface.version
        return min(self._globals[interface.name][1], known)

    def seat(self) -> Any:
        """The user's keyboard, pointer and clipboard, as one object. Raises DesktopError where there is none."""
        if self._seat is None:
            if WlSeat.name not in self._globals:
                raise no_display("the Wayland compositor has no seat")
            self._seat = self._registry.bind(self._globals[WlSeat.name][0], WlSeat, 1)
        return self._seat

    def adopt(self, proxy: Any) -> None:
        """Makes an object that an event brought this display's own.

        pywayland gives it to any display of the process: it would outlive this one, which ends the process, or go with
        the other.
        """
        proxy._display._children.discard(proxy)
        proxy._display = self._display
        self._display._children.add(proxy)

    def end(self, *proxies: Any) -> None:
        """Ends objects, as far as they did not end with the connection."""
        for proxy in proxies:
            if not proxy.destroyed:
                proxy.destroy()
        if not self._closed:
            self.flush()

    def flush(self) -> None:
        """Sends what was asked for, without waiting; what the socket cannot take follows."""
        if self._problem is None and self._display.flush() < 0:
            self._loop.add_writer(self._fd, self._writable)

    async def settle(self) -> None:
        """Waits until the compositor has handled every request so far. Raises DesktopError when it ended."""
        self.check()
        answered: list[int] = []
        callback = self._display.sync()
        callback.dispatcher["done"] = lambda _callback, serial: answered.append(serial)
        self.flush()
        await self.until(lambda: bool(answered))

    async def until(self, condition: Callable[[], T]) -> T:
        """Waits until the condition holds, and gives what it says; looked at when something came, or at `wake`.

        Raises DesktopError when the compositor ended.
        """
        while True:
            self.check()
            if value := condition():
                return value
            if self._turn.is_set():
                self._turn = anyio.Event()
            await self._turn.wait()

    def wake(self) -> None:
        """Has everybody who waits look at their condition."""
        self._turn.set()

    def check(self) -> None:
        """Raises DesktopError when the compositor ended."""
        if self._problem is not None:
            raise DesktopError(self._problem.reason, self._problem.message, self._problem.hint)

    def close(self) -> None:
        """Ends the connection, and with it the selections and keyboards it holds. Who waits gets a DesktopError."""
        if not self._closed:
            self._closed = True
            self._end("the connection to the Wayland compositor was closed")
            self._display.disconnect()

    def _appeared(self, _registry: Any, number: int, interface: str, version: int) -> None:
        self._globals.setdefault(interface, (number, version))

    def _readable(self) -> None:
        try:
            self._display.read()
            self._display.dispatch()
        except RuntimeError:
            self._end("the Wayland compositor has ended")
        self.flush()
        self.wake()

    def _writable(self) -> None:
        self._loop.remove_writer(self._fd)
        self.flush()

    def _end(self, message: str) -> None:
        if self._problem is None:
            self._problem = no_display(message)
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            self.wake()


def no_display(message: str) -> DesktopError:
    """No display, for one reason or another."""
    return DesktopError(Reason.NO_DISPLAY, message, "start parleq-hotkey within the desktop session")
