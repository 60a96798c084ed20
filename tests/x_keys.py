"""Presses keys on an X server through its XTEST extension, as xdotool does, without a process for each."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import ConnectionClosedError
from Xlib.ext import xtest

XK.load_keysym_group("xkb")


_LATER_MS = 2  # within one millisecond of its release, a press looks like a repeat


class XKeys:
    """A client of the server. A held key repeats by itself; pressed once more it does nothing."""

    def __init__(self, display: str) -> None:
        self.display = Display(display)
        self.display.display.socket.setblocking(False)  # python-xlib asks `select` itself
        self._down: set[int] = set()
        self._layouts = 0

    def press(self, key: str) -> None:
        """A key goes down, by its name in X11; when this returns, the server has seen it."""
        self.press_code(self._code(key))

    def release(self, key: str) -> None:
        """It goes up."""
        self.release_code(self._code(key))

    def press_code(self, code: int) -> None:
        """The key of that code goes down, whatever the layout."""
        self._down.add(code)
        xtest.fake_input(self.display, X.KeyPress, code, time=_LATER_MS)
        self.display.sync()

    def release_code(self, code: int) -> None:
        """It goes up."""
        self._down.discard(code)
        xtest.fake_input(self.display, X.KeyRelease, code)
        self.display.sync()

    def release_all(self) -> None:
        """Every key that is down goes up."""
        for code in tuple(self._down):
            self.release_code(code)

    def let_repeats_come(self) -> None:
        """Xvfb hands out the repeats of a held key with the next request."""
        self.display.sync()

    def change_layout(self) -> None:
        """Another key types another character: every client is told of a new layout."""
        self._layouts += 1
        character = XK.string_to_keysym(("section", "degree")[self._layouts % 2])
        self.display.change_keyboard_mapping(self.display.display.info.max_keycode, [[character]])
        self.display.sync()

    def focused_window(self) -> None:
        """A window of ours gets the focus, in a server without a window manager."""
        root = self.display.screen().root
        window = root.create_window(0, 0, 100, 100, 0, X.CopyFromParent, event_mask=X.KeyPressMask)
        window.map()
        self.display.sync()
        window.set_input_focus(X.RevertToNone, X.CurrentTime)
        self.display.sync()

    def typed(self) -> list[str]:
        """The keys whose presses that window got, by their names."""
        self.display.sync()
        events = [self.display.next_event() for _event in range(self.display.pending_events())]
        pressed = [event.detail for event in events if event.type == X.KeyPress]
        return [XK.keysym_to_string(self.display.keycode_to_keysym(code, 0)) or str(code) for code in pressed]

    def kill_client(self, resource: int) -> None:
        """The server closes the connection of the client that made that window or pixmap."""
        self.display.create_resource_object("pixmap", resource).kill_client()
        self.display.sync()

    def _code(self, key: str) -> int:
        return int(self.display.keysym_to_keycode(XK.string_to_keysym(key)))


@contextmanager
def forgotten_sockets() -> Iterator[None]:
    """Sockets that python-xlib leaves open where a connection fails, or pynput's ends, are no fault of the block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@contextmanager
def x_keys(display: str) -> Iterator[XKeys]:
    """A client within the block."""
    keys = XKeys(display)
    try:
        yield keys
    finally:
        try:
            keys.display.close()
        except ConnectionClosedError:
            pass  # The server ended first.
