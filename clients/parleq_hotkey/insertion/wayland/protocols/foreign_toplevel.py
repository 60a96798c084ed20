"""wlr-foreign-toplevel-management-unstable-v1: the windows of other programs, and which one is active."""

from __future__ import annotations

from pywayland.protocol.wayland import WlSeat

from parleq_hotkey.insertion.wayland.protocols.description import (
    ARRAY,
    INT,
    OBJECT,
    STRING,
    interface,
    message,
    new,
    object_of,
)

ACTIVATED = 2
"""The state of a window that has the keyboard."""

HANDLE = interface(
    "zwlr_foreign_toplevel_handle_v1",
    3,
    requests=[
        message("set_maximized"),
        message("unset_maximized"),
        message("set_minimized"),
        message("unset_minimized"),
        message("activate", object_of(WlSeat)),
        message("close"),
        message("set_rectangle", OBJECT, INT, INT, INT, INT),
        message("destroy"),
        message("set_fullscreen", OBJECT, since=2),
        message("unset_fullscreen", since=2),
    ],
    events=[
        message("title", STRING),
        message("app_id", STRING),
        message("output_enter", OBJECT),
        message("output_leave", OBJECT),
        message("state", ARRAY),
        message("done"),
        message("closed"),
        message("parent", OBJECT, since=3),
    ],
)

MANAGER = interface(
    "zwlr_foreign_toplevel_manager_v1",
    3,
    requests=[message("stop")],
    events=[message("toplevel", new(HANDLE)), message("finished")],
)
