"""input-method-unstable-v2: what commits text into the text field that has the focus."""

from __future__ import annotations

from pywayland.protocol.wayland import WlSeat, WlSurface

from parleq_hotkey.insertion.wayland.protocols.description import (
    INT,
    STRING,
    UINT,
    interface,
    message,
    new,
    object_of,
)

POPUP = interface(
    "zwp_input_popup_surface_v2",
    1,
    requests=[message("destroy")],
    events=[message("text_input_rectangle", INT, INT, INT, INT)],
)
GRAB = interface("zwp_input_method_keyboard_grab_v2", 1, requests=[message("release")])
"""Its events are left out: nothing here grabs the keyboard."""

INPUT_METHOD = interface(
    "zwp_input_method_v2",
    1,
    requests=[
        message("commit_string", STRING),
        message("set_preedit_string", STRING, INT, INT),
        message("delete_surrounding_text", UINT, UINT),
        message("commit", UINT),  # how many "done" events there were
        message("get_input_popup_surface", new(POPUP), object_of(WlSurface)),
        message("grab_keyboard", new(GRAB)),
        message("destroy"),
    ],
    events=[
        message("activate"),
        message("deactivate"),
        message("surrounding_text", STRING, UINT, UINT),  # text, cursor, anchor: bytes of UTF-8
        message("text_change_cause", UINT),
        message("content_type", UINT, UINT),
        message("done"),
        message("unavailable"),
    ],
)

MANAGER = interface(
    "zwp_input_method_manager_v2",
    1,
    requests=[message("get_input_method", object_of(WlSeat), new(INPUT_METHOD)), message("destroy")],
)
