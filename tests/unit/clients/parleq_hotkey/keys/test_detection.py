from __future__ import annotations

import gc

import pytest
from anyio import to_thread

from parleq_hotkey.displays import Displays
from parleq_hotkey.keys.detection import choose_key_source, list_key_sources, open_key_source, session_kind
from parleq_hotkey.ports import BackEnd, DesktopError
from parleqd._tools.private_x import PrivateX
from parleqd.protocol.names import Reason
from tests.x_keys import forgotten_sockets

NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/no/such/bus"}


@pytest.mark.asyncio
async def test_on_x11_the_grab_comes_first(server: PrivateX) -> None:
    found = await list_key_sources(Displays(server.name), NO_BUS, "linux")
    assert [back_end.name for back_end in found] == ["x11", "pynput", "evdev", "portal"]
    assert found[0].usable
    assert choose_key_source(found) == "x11"
    assert "Wayland" in found[3].message


@pytest.mark.asyncio
async def test_on_wayland_the_portal_comes_first_and_x11_does_not_count() -> None:
    found = {
        back_end.name: back_end for back_end in await list_key_sources(Displays(":0", "wayland-0"), NO_BUS, "linux")
    }
    assert list(found) == ["portal", "evdev", "x11", "pynput"]
    assert (found["portal"].usable, found["portal"].reason) == (False, Reason.NO_PORTAL)
    assert (found["x11"].usable, "XWayland" in found["x11"].message) == (False, True)


@pytest.mark.asyncio
async def test_without_a_display_it_is_said() -> None:
    found = {back_end.name: back_end for back_end in await list_key_sources(Displays(), NO_BUS, "linux")}
    assert list(found) == ["evdev", "x11", "pynput", "portal"]
    assert found["x11"].reason == Reason.NO_DISPLAY


@pytest.mark.asyncio
async def test_a_display_that_has_ended_is_not_usable() -> None:
    with forgotten_sockets():
        found = await list_key_sources(Displays(":9876"), NO_BUS, "linux")
        await to_thread.run_sync(gc.collect)  # in the thread that connected, which keeps sockets until its next task
    assert (found[0].usable, found[0].reason) == (False, Reason.NO_DISPLAY)


@pytest.mark.asyncio
async def test_on_macos_there_is_pynput() -> None:
    assert [back_end.name for back_end in await list_key_sources(Displays(), NO_BUS, "darwin")] == ["pynput"]


@pytest.mark.asyncio
async def test_what_is_not_usable_says_why_and_all_are_key_sources(server: PrivateX) -> None:
    for displays in (Displays(), Displays(server.name), Displays("", "wayland-0")):
        found = await list_key_sources(displays, NO_BUS, "linux")
        assert {back_end.kind for back_end in found} == {"keys"}
        assert all(back_end.message and (back_end.usable or back_end.reason) for back_end in found)


GOOD, BAD = (
    BackEnd("keys", "evdev", True, "reads"),
    BackEnd("keys", "portal", False, "none", "get one", Reason.NO_PORTAL),
)


def test_the_first_usable_one_is_taken() -> None:
    assert choose_key_source([BAD, GOOD]) == "evdev"
    assert choose_key_source([BAD, GOOD], "evdev") == "evdev"


def test_the_wanted_one_is_not_replaced_by_another() -> None:
    with pytest.raises(DesktopError, match="portal: none") as raised:
        choose_key_source([BAD, GOOD], "portal")
    assert (raised.value.reason, "get one" in raised.value.hint) == (Reason.NO_PORTAL, True)


def test_where_none_works_a_binding_of_the_desktop_is_advised() -> None:
    for found, wanted in (([BAD], "auto"), ([], "auto"), ([GOOD], "x11")):
        with pytest.raises(DesktopError, match="no key can be watched") as raised:
            choose_key_source(found, wanted)
        assert raised.value.reason == Reason.NO_KEY_SOURCE
        assert "bindsym --no-repeat F9 exec parleqctl toggle" in raised.value.hint


@pytest.mark.parametrize("name", ["x11", "pynput", "evdev", "portal"])
def test_each_is_opened_by_its_name(name: str) -> None:
    opened = open_key_source(name, Displays(":0"), NO_BUS)
    assert (opened.name, opened.sees_release) == (name, True)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(DesktopError, match="no key source is called 'telepathy'"):
        open_key_source("telepathy", Displays())


@pytest.mark.parametrize(
    "displays, system, kind",
    [
        (Displays(":0"), "linux", "x11"),
        (Displays(":0", "wayland-0"), "linux", "wayland"),
        (Displays(), "linux", ""),
        (Displays(), "darwin", "darwin"),
    ],
)
def test_kinds_of_sessions(displays: Displays, system: str, kind: str) -> None:
    assert session_kind(displays, system) == kind
