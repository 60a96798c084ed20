from __future__ import annotations

from typing import Any

from pywayland import ffi
from pywayland.scanner.argument import ArgumentType

from parleq_hotkey.insertion.wayland.protocols.description import (
    INT,
    STRING,
    UINT,
    interface,
    message,
    new,
    object_of,
)

CHILD = interface("test_child_v1", 1, requests=[message("destroy")], events=[message("said", STRING, UINT)])
PARENT = interface(
    "test_parent_v1",
    3,
    requests=[message("make", new(CHILD), INT), message("keep", object_of(CHILD, nullable=True), since=2)],
)


def test_messages_have_their_place_arguments_and_version() -> None:
    assert (PARENT.name, PARENT.version) == ("test_parent_v1", 3)
    assert [each.name for each in PARENT.requests] == ["make", "keep"]
    assert [ffi.string(PARENT._ptr.methods[place].signature) for place in (0, 1)] == [b"ni", b"2?o"]
    assert PARENT._ptr.methods[0].types[0] == CHILD._ptr
    assert [each.name for each in CHILD.events] == ["said"]


def test_a_request_knows_what_it_makes() -> None:
    assert message("make", new(CHILD)).creates is CHILD
    assert message("keep", object_of(CHILD)).creates is None
    assert new(CHILD).argument_type is ArgumentType.NewId


def test_objects_have_a_method_for_each_request() -> None:
    assert {"make", "keep"} <= set(dir(PARENT.proxy_class))
    assert "destroy" in vars(CHILD.proxy_class)


def test_text_that_is_cut_amid_a_character_is_taken_as_it_is() -> None:
    values: Any = ffi.new("union wl_argument []", 2)
    cut: Any = ffi.new("char []", "größe".encode()[3:])
    values[0].s, values[1].u = cut, 7
    assert CHILD.events[0].c_to_arguments(values) == ["\udcb6ße", 7]
    whole: Any = ffi.new("char []", "größe".encode())
    values[0].s = whole
    assert CHILD.events[0].c_to_arguments(values) == ["größe", 7]
