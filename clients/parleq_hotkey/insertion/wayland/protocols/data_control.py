"""wlr-data-control-unstable-v1 and its successor ext-data-control-v1: the clipboard, without a window or the focus.

Both have the same messages in the same order; the primary selection came with version 2 of the older one.
"""

from __future__ import annotations

from typing import Any

from pywayland.protocol.wayland import WlSeat

from parleq_hotkey.insertion.wayland.protocols.description import FD, STRING, interface, message, new, object_of


def _manager(prefix: str, version: int, primary_since: int | None) -> Any:
    offer = interface(
        f"{prefix}_data_control_offer_v1",
        version,
        requests=[message("receive", STRING, FD), message("destroy")],
        events=[message("offer", STRING)],
    )
    source = interface(
        f"{prefix}_data_control_source_v1",
        version,
        requests=[message("offer", STRING), message("destroy")],
        events=[message("send", STRING, FD), message("cancelled")],
    )
    device = interface(
        f"{prefix}_data_control_device_v1",
        version,
        requests=[
            message("set_selection", object_of(source, nullable=True)),
            message("destroy"),
            message("set_primary_selection", object_of(source, nullable=True), since=primary_since),
        ],
        events=[
            message("data_offer", new(offer)),
            message("selection", object_of(offer, nullable=True)),
            message("finished"),
            message("primary_selection", object_of(offer, nullable=True), since=primary_since),
        ],
    )
    return interface(
        f"{prefix}_data_control_manager_v1",
        version,
        requests=[
            message("create_data_source", new(source)),
            message("get_data_device", new(device), object_of(WlSeat)),
            message("destroy"),
        ],
    )


MANAGERS = (_manager("ext", 1, None), _manager("zwlr", 2, 2))
"""The managers of both, the one to prefer first."""
