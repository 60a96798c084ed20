"""The keymap of the virtual keyboard: US English, by the key codes of Linux (linux/input-event-codes.h).

Programs that look at key codes (browsers, games) thus see the keys that they know.
"""

from __future__ import annotations

from dataclasses import dataclass

from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason

KEYMAP = """xkb_keymap {
  xkb_keycodes { include "evdev" };
  xkb_types { include "complete" };
  xkb_compatibility { include "complete" };
  xkb_symbols { include "pc+us+inet(evdev)" };
};
"""
"""Every compositor has the rules that it includes: it makes the user's own keymap from them."""

MODIFIERS = {"shift": 1, "ctrl": 4, "alt": 8, "super": 64}
"""The masks of the modifiers in that keymap."""

# Rows of keys from the left: the first one's code, what it types, what it types with Shift.
_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
)
_NAMED = {"BackSpace": 14, "Tab": 15, "Return": 28, "space": 57, "Home": 102, "End": 107, "Insert": 110, "Delete": 111}


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the modifiers that it is pressed with."""

    code: int
    modifiers: tuple[str, ...] = ()


def key_of(chord: str) -> Key:
    """The key of a chord such as "ctrl+shift+v". Raises DesktopError for a name that is not known."""
    *modifiers, name = chord.split("+")
    modifiers = [each.lower() for each in modifiers]
    typed = _NAMED.get(name) or (_TYPED[name.lower()].code if name.lower() in _TYPED else None)
    if typed is None or not set(modifiers) <= MODIFIERS.keys():
        raise DesktopError(
            Reason.NO_INSERTION,
            f"the chord {chord!r} cannot be pressed",
            f"a chord is written like shift+Insert; its modifiers are {', '.join(MODIFIERS)}",
        )
    return Key(typed, tuple(modifiers))


def keys_of(text: str) -> list[Key]:
    """The keys that type a text. Raises DesktopError for a character that is not printable ASCII."""
    strange = next((place for place, each in enumerate(text) if each not in _TYPED), None)
    if strange is not None:
        raise DesktopError(
            Reason.NO_INSERTION,
            f"character {strange + 1} of the text cannot be typed",
            "only printable ASCII is typed; leave insertion.typing off",
        )
    return [_TYPED[each] for each in text]


def _typed() -> dict[str, Key]:
    keys = {" ": Key(_NAMED["space"])}
    for first, plain, shifted in _ROWS:
        for place, (low, high) in enumerate(zip(plain, shifted, strict=True)):
            keys[low] = Key(first + place)
            keys[high] = Key(first + place, ("shift",))
    return keys


_TYPED = _typed()
