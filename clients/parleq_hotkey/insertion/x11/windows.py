"""The port `Windows` on X11: the window that keys go to, by what the window manager and the program tell of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import anyio
from Xlib import X, Xatom, error
from Xlib.protocol import event as events

from parleq_hotkey.ports import Window
from parleq_hotkey.x11_connection import XConnection, reached

_LOOK_S = 0.25
_DEEPEST = 32


class X11Windows:
    """The focused window, asked for anew each time."""

    def __init__(self, connection: XConnection) -> None:
        self._connection = connection
        self._display = connection.display
        self._root = connection.root
        self._mask = ~self._display.display.info.resource_id_mask & 0xFFFFFFFF
        self._active = self._display.get_atom("_NET_ACTIVE_WINDOW")
        self._protocols, self._ping = (self._display.get_atom(name) for name in ("WM_PROTOCOLS", "_NET_WM_PING"))
        self._pinged: int = X.NONE
        self._through: Callable[[], None] = lambda: None
        self._moved = anyio.Event()
        self._root.change_attributes(event_mask=X.PropertyChangeMask)
        self._connection.flush()

    def handle(self, event: Any) -> None:
        """Takes up that another window is the active one, and answers to pings; other events are left alone."""
        if event.type == X.PropertyNotify and event.atom == self._active:
            self._moved.set()
        elif event.type == X.ClientMessage and event.window.id == self._root.id and self._is_answer(event):
            self._root.change_attributes(event_mask=X.PropertyChangeMask)
            self._pinged = X.NONE
            self._through()

    def when_through(self, window: Window, do: Callable[[], None]) -> None:
        """Calls ``do`` when the program has handled what came to the window so far, if it tells; the last call counts.

        A program that hangs never does, one that knows no pings neither: it is not asked, since xterm takes any message
        of that type for the wish that it end. Rule: EWMH 1.5, _NET_WM_PING.
        """
        pinged = self._display.create_resource_object("window", int(window.id, 16))
        if not self._answers_pings(pinged):
            return
        self._pinged, self._through = pinged.id, do
        self._root.change_attributes(event_mask=X.PropertyChangeMask | X.SubstructureNotifyMask)
        data = (32, [self._ping, X.CurrentTime, pinged.id, 0, 0])
        message = events.ClientMessage(window=pinged, client_type=self._protocols, data=data)
        pinged.send_event(message, onerror=_gone)
        self._connection.flush()

    def _answers_pings(self, window: Any) -> bool:
        try:
            protocols = window.get_full_property(self._protocols, Xatom.ATOM)
        except error.XError:
            return False  # it has closed
        finally:
            self._connection.poke()
        return protocols is not None and self._ping in protocols.value

    def _is_answer(self, event: Any) -> bool:
        unit, data = event.data
        return bool(
            event.client_type == self._protocols and unit == 32 and data[0] == self._ping and data[2] == self._pinged
        )

    def client(self, window: int) -> str:
        """The connection to the server that a window, or any resource, belongs to."""
        return f"{window & self._mask:#x}"

    def focused_id(self) -> str:
        """The id of the window that holds the input focus, as `focused` gives it; "" for none."""
        try:
            focus = self._display.get_input_focus().focus
            window = self._program_window(focus) if hasattr(focus, "id") else None
        except error.XError:
            return ""  # it closed as it was asked
        finally:
            self._connection.poke()
        return "" if window is None else _id(window)

    def watch_end(self, window: Window) -> None:
        """Has the server tell (DestroyNotify) when that window closes."""
        watched = self._display.create_resource_object("window", int(window.id, 16))
        watched.change_attributes(event_mask=X.StructureNotifyMask, onerror=_gone)
        self._connection.flush()

    async def focused(self) -> Window | None:
        """The program's window that holds the input focus, which may be on a child of it."""
        with reached():
            try:
                return self._focused()
            except error.XError:
                return None  # it closed as it was asked
            finally:
                self._connection.poke()

    async def next_focus(self) -> Window | None:
        """Window managers tell of it; without one it is looked at now and then."""
        before = await self.focused()
        while True:
            self._moved = anyio.Event()
            now = await self.focused()
            if (now and now.id) != (before and before.id):
                return now
            with anyio.move_on_after(_LOOK_S):
                await self._moved.wait()

    def _focused(self) -> Window | None:
        focus = self._display.get_input_focus().focus
        if not hasattr(focus, "id"):
            return None  # none, or whichever is under the pointer
        program = self._program_window(focus)
        if program is None:
            return None
        window = self._described(program)
        client = "" if _reads_elsewhere(window) else self.client(focus.id)
        return replace(window, client=client)

    def _program_window(self, focus: Any) -> Any:
        """The first window upwards that is a program's, as a whole."""
        window = focus
        for _ in range(_DEEPEST):
            if window.id == self._root.id:
                return None
            if self._is_of_a_program(window):
                return window
            parent = window.query_tree().parent
            if not hasattr(parent, "id"):
                return None
            window = parent
        return None

    def _is_of_a_program(self, window: Any) -> bool:
        """The window manager manages it, or it says what program it is of: window managers' own do neither."""
        state = window.get_property(self._display.get_atom("WM_STATE"), X.AnyPropertyType, 0, 1)
        return state is not None or _text(window, Xatom.WM_CLASS).strip("\0") != ""

    def _described(self, window: Any) -> Window:
        names = _text(window, Xatom.WM_CLASS).split("\0")
        title = _text(window, self._display.get_atom("_NET_WM_NAME")) or _text(window, Xatom.WM_NAME)
        process = window.get_full_property(self._display.get_atom("_NET_WM_PID"), Xatom.CARDINAL)
        return Window(
            id=_id(window),
            app=names[0],
            window_class=names[1] if len(names) > 1 else "",
            title=title,
            process=int(process.value[0]) if process is not None and len(process.value) else 0,
        )


def _id(window: Any) -> str:
    return f"{window.id:#x}"


def _text(window: Any, name: int) -> str:
    value = window.get_full_property(name, X.AnyPropertyType)
    return "" if value is None or value.format != 8 else bytes(value.value).decode("utf-8", "replace")


def _gone(_problem: Any, _request: Any) -> bool:
    """It has closed already, and nothing will come of it."""
    return True


def _reads_elsewhere(window: Window) -> bool:
    """Wine reads the clipboard in another of its processes than the one that shows the window."""
    return window.window_class.lower().endswith(".exe")
