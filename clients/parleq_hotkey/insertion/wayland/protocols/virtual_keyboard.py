"""virtual-keyboard-unstable-v1: a keyboard of a program's own, with a keymap of its own."""

from __future__ import annotations

from pywayland.protocol.wayland import WlSeat

from parleq_hotkey.insertion.wayland.protocols.description import FD, UINT, interface, message, new, object_of

KEYBOARD = interface(
    "zwp_virtual_keyboard_v1",
    1,
    requests=[
        message("keymap", UINT, FD, UINT),  # format, file, size
        message("key", UINT, UINT, UINT),  # milliseconds, key, state
        message("modifiers", UINT, UINT, UINT, UINT),  # depressed, latched, locked, group
        message("destroy"),
    ],
)

MANAGER = interface(
    "zwp_virtual_keyboard_manager_v1",
    1,
    requests=[message("create_virtual_keyboard", object_of(WlSeat), new(KEYBOARD))],
)
