from __future__ import annotations

from pywayland.protocol.ext_data_control_v1 import ExtDataControlDeviceV1, ExtDataControlManagerV1
from pywayland.protocol_core.interface import Interface

from parleq_hotkey.insertion.wayland.protocols.data_control import MANAGERS

EXT, ZWLR = MANAGERS


def test_the_newer_one_is_preferred() -> None:
    assert [each.name for each in MANAGERS] == ["ext_data_control_manager_v1", "zwlr_data_control_manager_v1"]


def test_the_messages_are_those_of_the_protocol_that_pywayland_brings() -> None:
    assert signatures(EXT) == signatures(ExtDataControlManagerV1)
    assert signatures(device(EXT)) == signatures(ExtDataControlDeviceV1)


def test_the_older_one_has_the_primary_selection_since_its_second_version() -> None:
    assert [each.version for each in device(ZWLR).requests] == [None, None, 2]
    assert [each.name for each in device(ZWLR).events] == [each.name for each in device(EXT).events]


def device(manager: type[Interface]) -> type[Interface]:
    made = manager.requests[1].arguments[0].interface
    assert made is not None
    return made


def signatures(interface: type[Interface]) -> list[tuple[str, str]]:
    return [
        (each.name, "".join(argument.signature for argument in each.arguments))
        for each in (*interface.requests, *interface.events)
    ]
