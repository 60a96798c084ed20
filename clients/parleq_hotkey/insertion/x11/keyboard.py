"""The port `Keyboard` on X11: presses keys by the XTEST extension, looked up on the layout that is in force."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from Xlib import XK, X
from Xlib.ext import xtest

from parleq_hotkey.insertion.fitting import can_be_typed
from parleq_hotkey.ports import DesktopError, KeyboardTakenError
from parleq_hotkey.x11_connection import XConnection, reached
from parleqd.protocol.names import Reason

_MODIFIERS = {
    "ctrl": ("Control_L", "Control_R"),
    "shift": ("Shift_L", "Shift_R"),
    "alt": ("Alt_L", "Alt_R", "Meta_L", "Meta_R", "ISO_Level3_Shift"),
    "super": ("Super_L", "Super_R", "Hyper_L", "Hyper_R"),
}
_GROUP_SHIFT = 13
"""The state of the keyboard holds the group, the layout among several, in bits 13 and 14 (XKB protocol, 2.2.2)."""


class X11Keyboard:
    """Keys that the user could have pressed: no layout is changed, so no program can take one for another."""

    def __init__(self, connection: XConnection) -> None:
        self._connection = connection
        self._display = connection.display

    def handle(self, event: Any) -> None:
        """Takes up another layout; other events are left alone."""
        if event.type == X.MappingNotify and event.request == X.MappingKeyboard:
            self._display.refresh_keyboard_mapping(event)

    async def modifiers_held(self) -> frozenset[str]:
        """By the keys that are down, whatever they do on this layout."""
        with reached():
            self._connection.settle()
            down = self._display.query_keymap()
            self._connection.poke()
        return frozenset(
            name
            for name, keys in _MODIFIERS.items()
            if any(down[code // 8] & 1 << code % 8 for key in keys for code in self._codes(key))
        )

    async def press(self, chord: str, about_to: Callable[[], None] = lambda: None) -> None:
        """Modifiers first, the key last. Raises DesktopError, with nothing pressed, when the layout lacks one."""
        with reached():
            self._connection.settle()
            codes = [self._code(name) for name in chord.split("+")]
            self._free()
            try:
                about_to()
                self._tap(codes)
            finally:
                self._connection.flush()

    async def type_text(self, text: str) -> None:
        """Raises DesktopError, with nothing typed, for what the layout in force has on no key, or with Caps Lock on."""
        if not can_be_typed(text):
            raise DesktopError(Reason.NO_INSERTION, "only a short ASCII text without line breaks can be typed", "")
        with reached():
            self._connection.settle()
            state = self._connection.root.query_pointer().mask
            self._connection.poke()
            if state & X.LockMask:
                raise DesktopError(Reason.NO_INSERTION, "Caps Lock is on", "switch it off")
            keys = [self._key_of(character, state >> _GROUP_SHIFT & 3) for character in text]
            self._free()
            for codes in keys:
                self._tap(codes)
            self._connection.flush()

    def _free(self) -> None:
        """No grab is in the way of the keys that are pressed next, in one go with this.

        Each repeat of a held key that is grabbed takes the whole keyboard, for as long as its watcher needs to give it
        back: what is pressed just then would go to the watcher. So the keyboard is taken here, which keeps such grabs
        from beginning, and left again in front of the keys. Raises KeyboardTakenError where that cannot be had.
        """
        if not any(self._display.query_keymap()):
            return
        now, root = X.CurrentTime, self._connection.root
        if root.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, now) != X.GrabSuccess:
            self._connection.poke()
            message = "a key is held, and another program keeps the whole keyboard meanwhile"
            raise KeyboardTakenError(Reason.NO_INSERTION, message, "let go of the key, and insert the text again")
        self._display.ungrab_keyboard(now)

    def _tap(self, codes: list[int]) -> None:
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)

    def _key_of(self, character: str, group: int) -> list[int]:
        """The keys for a character, in the group that is in force, shifted or not."""
        keysym = ord(character)  # the keysyms of Latin-1 are its characters
        for level, modifiers in enumerate(([], [self._code("shift")])):
            for code, index in self._display.keysym_to_keycodes(keysym):
                if index == 2 * group + level:
                    return [*modifiers, code]
        raise DesktopError(Reason.NO_INSERTION, "the keyboard layout lacks a character of the text", "")

    def _code(self, name: str) -> int:
        keys = _MODIFIERS.get(name.lower(), (name,))
        codes = self._codes(keys[0])
        if not codes:
            raise DesktopError(
                Reason.NO_INSERTION,
                f"the keyboard layout has no key {name!r}",
                "choose another chord in insertion.paste_keys, such as shift+Insert",
            )
        return codes[0]

    def _codes(self, key: str) -> list[int]:
        return [code for code, _ in self._display.keysym_to_keycodes(XK.string_to_keysym(key))]
