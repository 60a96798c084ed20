"""A virtual keyboard on Wayland, kept for the program's life: a new one would cost the first key of a text."""

from __future__ import annotations

import os
from collections.abc import Callable
from time import monotonic
from typing import Any

from anyio import to_thread

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.keymap import KEYMAP, MODIFIERS, Key, key_of, keys_of
from parleq_hotkey.insertion.wayland.protocols import virtual_keyboard

XKB_V1 = 1
RELEASED, PRESSED = 0, 1


class WaylandKeyboard:
    """Fills `ports.Keyboard`. The user's layout does not matter: this keyboard has a keymap of its own."""

    def __init__(self, connection: WaylandConnection, keyboard: Any) -> None:
        self._connection = connection
        self._keyboard = keyboard

    @classmethod
    async def open(cls, connection: WaylandConnection) -> WaylandKeyboard:
        """Adds the keyboard to the seat. Raises DesktopError when the compositor ended."""
        manager = connection.bind(virtual_keyboard.MANAGER)
        keyboard = manager.create_virtual_keyboard(connection.seat())
        keymap = KEYMAP.encode() + b"\0"
        file = await to_thread.run_sync(_file, keymap)
        try:
            keyboard.keymap(XKB_V1, file, len(keymap))
            await connection.settle()
        finally:
            os.close(file)
        return cls(connection, keyboard)

    async def modifiers_held(self) -> frozenset[str]:
        """Always empty: Wayland shows a program no keys but those of its own windows.

        It does no harm: what is pressed here goes with our own modifiers alone, whatever the user holds.
        """
        return frozenset()

    async def press(self, chord: str, about_to: Callable[[], None] = lambda: None) -> None:
        """Presses and releases a chord such as "shift+Insert". Raises DesktopError for a key that there is not."""
        key = key_of(chord)
        about_to()
        self._stroke(key)
        await self._connection.settle()

    async def type_text(self, text: str) -> None:
        """Types printable ASCII. Raises DesktopError, with nothing typed, for a character that it cannot type."""
        for key in keys_of(text):
            self._stroke(key)
            self._connection.flush()
        await self._connection.settle()

    def _stroke(self, key: Key) -> None:
        self._connection.check()
        mask = sum(MODIFIERS[each] for each in key.modifiers)
        self._keyboard.modifiers(mask, 0, 0, 0)
        self._keyboard.key(_now_ms(), key.code, PRESSED)
        self._keyboard.key(_now_ms(), key.code, RELEASED)
        self._keyboard.modifiers(0, 0, 0, 0)


def _now_ms() -> int:
    return int(monotonic() * 1000) & 0xFFFFFFFF


def _file(content: bytes) -> int:
    """A file in memory with this content; the caller closes it."""
    file = os.memfd_create("keymap", os.MFD_CLOEXEC)
    os.write(file, content)
    return file
