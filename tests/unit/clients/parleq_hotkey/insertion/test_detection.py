from __future__ import annotations

import pytest

from parleq_hotkey.displays import Displays
from parleq_hotkey.insertion.detection import choose_inserter, list_inserters, open_inserter
from parleq_hotkey.ports import BackEnd, DesktopError
from parleq_hotkey.settings import InsertionSettings
from parleqd.protocol.names import Reason, ReceiptStatus
from tests.x_desktop import aside, needs, pasted, private_desktop

NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus"}
WORKS = BackEnd("insertion", "x11", True, "pastes")
COPIES = BackEnd("insertion", "clipboard", True, "copies")
MISSING = BackEnd("insertion", "wayland", False, "no clipboard", "use the portal", Reason.NO_INSERTION)


@pytest.mark.asyncio
async def test_without_a_display_that_is_said() -> None:
    (found,) = await list_inserters(Displays(), NO_BUS)
    assert (found.kind, found.usable, found.reason) == ("insertion", False, Reason.NO_DISPLAY)
    assert found.hint


@pytest.mark.asyncio
async def test_a_display_that_cannot_be_reached() -> None:
    found = await list_inserters(Displays(x11=":987"), NO_BUS)
    assert [(one.name, one.usable) for one in found] == [("x11", False), ("clipboard", False)]
    assert {one.reason for one in found} == {Reason.NO_DISPLAY}


@pytest.mark.asyncio
async def test_on_wayland_each_way_is_told_with_what_it_lacks() -> None:
    found = await list_inserters(Displays(x11=":987", wayland="no-such-display"), NO_BUS)
    assert [one.name for one in found] == ["wayland", "input-method", "clipboard", "portal", "x11"]
    assert not any(one.usable for one in found)
    assert all(one.message and one.reason for one in found)


@pytest.mark.asyncio
async def test_a_mac_has_its_own_way() -> None:
    (found,) = await list_inserters(Displays(), NO_BUS, system="darwin")
    assert found.name == "macos"


@pytest.mark.asyncio
async def test_x11_is_found_and_opened() -> None:
    await aside(needs)
    async with private_desktop() as server:
        displays = Displays(x11=server.name)
        found = await list_inserters(displays, NO_BUS)
        assert [(one.name, one.usable) for one in found] == [("x11", True), ("clipboard", True)]
        async with open_inserter(choose_inserter(found), displays, InsertionSettings(), NO_BUS) as inserter:
            assert inserter.name == "x11"
            assert await inserter.focused() is None


@pytest.mark.asyncio
async def test_a_text_is_left_on_the_clipboard_where_that_is_wanted() -> None:
    await aside(needs)
    async with private_desktop() as server:
        displays = Displays(x11=server.name)
        name = choose_inserter(await list_inserters(displays, NO_BUS), "clipboard")
        async with open_inserter(name, displays, InsertionSettings(method=name), NO_BUS) as inserter:
            assert (await inserter.insert("for a paste", None)).status == ReceiptStatus.FAILED
            assert await aside(pasted, server) == "for a paste"


def test_auto_takes_the_first_that_works() -> None:
    assert choose_inserter([MISSING, WORKS]) == "x11"


def test_auto_never_overwrites_the_clipboard() -> None:
    with pytest.raises(DesktopError):
        choose_inserter([MISSING, COPIES])
    assert choose_inserter([WORKS, COPIES], "clipboard") == "clipboard"


def test_a_way_that_was_chosen_and_does_not_work_is_refused() -> None:
    with pytest.raises(DesktopError) as problem:
        choose_inserter([MISSING, WORKS], "wayland")
    assert "no clipboard" in problem.value.message
    assert "use the portal" in problem.value.hint


@pytest.mark.parametrize("found, wanted", [([], "auto"), ([MISSING], "auto"), ([WORKS], "portal")])
def test_none_works(found: list[BackEnd], wanted: str) -> None:
    with pytest.raises(DesktopError) as problem:
        choose_inserter(found, wanted)
    assert problem.value.reason == Reason.NO_INSERTION
    assert "parleqctl last --copy" in problem.value.hint


@pytest.mark.asyncio
async def test_an_unknown_way() -> None:
    with pytest.raises(DesktopError):
        async with open_inserter("telepathy", Displays(), InsertionSettings(), NO_BUS):
            pass
