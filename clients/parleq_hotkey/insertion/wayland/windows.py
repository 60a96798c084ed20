"""Which window has the focus, by the list of windows that compositors of the wlroots family keep."""

from __future__ import annotations

from typing import Any

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.protocols import foreign_toplevel
from parleq_hotkey.ports import Window


class _Toplevel:
    """One window, as it was when its last change was whole."""

    def __init__(self, number: int, handle: Any) -> None:
        self.handle = handle
        self.window = Window(str(number))
        self.active = False
        self._app = self._title = ""
        self._activated = False
        handle.dispatcher["app_id"] = self._named
        handle.dispatcher["title"] = self._titled
        handle.dispatcher["state"] = self._changed

    def whole(self) -> None:
        """All that changed has been said."""
        self.active = self._activated
        self.window = Window(self.window.id, app=self._app, window_class=self._app, title=self._title)

    def _named(self, _handle: Any, app: str) -> None:
        self._app = app

    def _titled(self, _handle: Any, title: str) -> None:
        self._title = title.encode("utf-8", "replace").decode()  # it may be cut amid a character

    def _changed(self, _handle: Any, states: bytes) -> None:
        self._activated = foreign_toplevel.ACTIVATED in memoryview(states).cast("I")


class WaylandWindows:
    """Fills `ports.Windows`. A window's id holds as long as the connection; nobody tells its process."""

    def __init__(self, connection: WaylandConnection) -> None:
        self._connection = connection
        self._toplevels: dict[Any, _Toplevel] = {}
        self._count = 0
        self._manager = connection.bind(foreign_toplevel.MANAGER)
        self._manager.dispatcher["toplevel"] = self._appeared

    @classmethod
    async def open(cls, connection: WaylandConnection) -> WaylandWindows:
        """Asks for the windows, and waits until those that are there are known."""
        windows = cls(connection)
        await connection.settle()
        return windows

    async def focused(self) -> Window | None:
        """The window that keys go to now; None when there is none. Raises DesktopError when the display is gone."""
        await self._connection.settle()
        return self._active()

    async def next_focus(self) -> Window | None:
        """Waits until another window has the focus, or none, and gives it."""
        before = _id(self._active())
        await self._connection.until(lambda: _id(self._active()) != before)
        return self._active()

    def _active(self) -> Window | None:
        return next((each.window for each in self._toplevels.values() if each.active), None)

    def _appeared(self, _manager: Any, handle: Any) -> None:
        self._connection.adopt(handle)
        self._count += 1
        self._toplevels[handle] = toplevel = _Toplevel(self._count, handle)
        handle.dispatcher["done"] = lambda _handle: toplevel.whole()
        handle.dispatcher["closed"] = self._closed

    def _closed(self, handle: Any) -> None:
        del self._toplevels[handle]
        handle.destroy()


class UnknownWindows:
    """Fills `ports.Windows` where the compositor does not tell: some window, always the same."""

    def __init__(self, connection: WaylandConnection) -> None:
        self._connection = connection

    async def focused(self) -> Window | None:
        """Some window. Raises DesktopError when the display is gone."""
        self._connection.check()
        return Window("")

    async def next_focus(self) -> Window | None:
        """Never comes. Raises DesktopError when the display is gone."""
        return await self._connection.until(lambda: None)


def _id(window: Window | None) -> str | None:
    return None if window is None else window.id
