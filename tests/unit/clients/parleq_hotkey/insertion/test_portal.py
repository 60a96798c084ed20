"""The portal's keyboard: over the real portal with a back-end of ours, and over one made up."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from parleq_hotkey.insertion.portal import INTERFACE, remote_desktop
from parleq_hotkey.ports import DesktopError, Window
from parleqd._tools.private_bus import PrivateBus, private_bus
from parleqd.protocol.names import Reason
from tests.fakes.bus_service import Body, Call, FakeFault
from tests.fakes.portal import FakePortal
from tests.parts import need
from tests.portals import Desk, need_portal, running_portal

SHIFT, CTRL, INSERT = 0xFFE1, 0xFFE3, 0xFF63


@pytest.fixture
def daemon() -> Iterator[PrivateBus]:
    need("dbus-daemon")
    with private_bus() as running:
        yield running


def environment(daemon: PrivateBus) -> Mapping[str, str]:
    return {**daemon.env, "XDG_STATE_HOME": str(daemon.folder / "state")}


def token_file(daemon: PrivateBus) -> Path:
    return daemon.folder / "state" / "parleq" / "remote_desktop_token"


async def kept(daemon: PrivateBus) -> tuple[str, int]:
    """The token that is kept, and who may read it."""
    file = token_file(daemon)
    text = await to_thread.run_sync(file.read_text)
    return text, stat.S_IMODE((await to_thread.run_sync(file.stat)).st_mode)


def options(call: Call) -> dict[str, tuple[str, object]]:
    return next(value for value in reversed(call.body) if isinstance(value, dict))


async def until_pressed(desk: Desk, count: int) -> list[tuple[int, int]]:
    """The presses: the real portal hands them on without waiting."""
    await desk.until(lambda: len(desk.named("NotifyKeyboardKeysym")) >= count)
    return desk.pressed


@pytest.mark.parametrize("kind", ["real", "fake"])
class TestOverEitherPortal:
    @pytest.mark.asyncio
    async def test_a_chord_and_text(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk, remote_desktop(environment(daemon)) as remote:
            assert await remote.keyboard.modifiers_held() == frozenset()
            await remote.keyboard.press("ctrl+shift+Insert")
            await remote.keyboard.type_text("aB!")
            pressed = await until_pressed(desk, 12)
        assert pressed[:6] == [(CTRL, 1), (SHIFT, 1), (INSERT, 1), (INSERT, 0), (SHIFT, 0), (CTRL, 0)]
        assert pressed[6:] == [(ord(character), state) for character in "aB!" for state in (1, 0)]

    @pytest.mark.asyncio
    async def test_asks_for_the_keyboard_alone(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk, remote_desktop(environment(daemon)):
            (selected,) = desk.named("SelectDevices")
        assert options(selected)["types"] == ("u", 1)

    @pytest.mark.asyncio
    async def test_the_user_refuses(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk:
            desk.allows = False
            with pytest.raises(DesktopError, match="was not allowed") as caught:
                async with remote_desktop(environment(daemon)):
                    pass
        assert "allow it" in caught.value.hint
        assert not await to_thread.run_sync(token_file(daemon).exists)

    @pytest.mark.asyncio
    async def test_the_permission_is_taken_back(self, daemon: PrivateBus, kind: str) -> None:
        need_portal(kind)
        async with running_portal(daemon, kind) as desk, remote_desktop(environment(daemon)) as remote:
            await desk.end_session()
            with anyio.fail_after(5):
                await remote.ended.wait()
            with pytest.raises(DesktopError, match="took the permission") as caught:
                await remote.keyboard.press("shift+Insert")
            assert caught.value.reason is Reason.NO_INSERTION
            assert desk.pressed == []


@pytest.mark.asyncio
async def test_each_token_is_used_once_and_the_next_one_kept(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake") as desk:
        async with remote_desktop(environment(daemon)):
            assert await kept(daemon) == ("token-1", 0o600)
        desk.gives_token = "token-2"
        async with remote_desktop(environment(daemon)):
            assert await kept(daemon) == ("token-2", 0o600)
        first, second = (options(call) for call in desk.named("SelectDevices"))
    assert (first["persist_mode"], second["persist_mode"]) == (("u", 2), ("u", 2))
    assert "restore_token" not in first
    assert second["restore_token"] == ("s", "token-1")


@pytest.mark.asyncio
async def test_portals_before_version_2_keep_nothing_and_are_told_nothing_of_it(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake") as desk:
        desk.property("org.freedesktop.portal.RemoteDesktop", "version", "u", 1)
        async with remote_desktop(environment(daemon)):
            assert not await to_thread.run_sync(token_file(daemon).exists)
        assert "persist_mode" not in options(desk.named("SelectDevices")[0])


@pytest.mark.asyncio
async def test_a_token_that_is_used_up_is_not_kept(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake") as desk:
        async with remote_desktop(environment(daemon)):
            pass
        desk.gives_token = ""
        async with remote_desktop(environment(daemon)):
            assert not await to_thread.run_sync(token_file(daemon).exists)


@pytest.mark.asyncio
async def test_what_cannot_be_typed_is_refused_before_a_key_goes_down(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake") as desk, remote_desktop(environment(daemon)) as remote:
        for text in ("größe", "two\nlines"):
            with pytest.raises(DesktopError, match="printable ASCII"):
                await remote.keyboard.type_text(text)
        with pytest.raises(DesktopError, match="has no Pause"):
            await remote.keyboard.press("Pause")
        assert desk.pressed == []


@pytest.mark.asyncio
async def test_a_portal_that_fails_behind_the_key_has_pressed_it(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake") as desk, remote_desktop(environment(daemon)) as remote:
        assert isinstance(desk, FakePortal)
        keys: list[tuple[int, int]] = []

        def fail_at_release(call: Call) -> Body:
            keys.append(call.body[2:])
            if call.body[2:] == (INSERT, 0):
                raise FakeFault("org.freedesktop.DBus.Error.Failed", "busy")
            return ()

        desk.method(INTERFACE, "NotifyKeyboardKeysym", "", fail_at_release)
        await remote.keyboard.press("shift+Insert")
        assert keys == [(SHIFT, 1), (INSERT, 1), (INSERT, 0), (SHIFT, 0)]


@pytest.mark.asyncio
async def test_windows_are_unknown(daemon: PrivateBus) -> None:
    async with running_portal(daemon, "fake"), remote_desktop(environment(daemon)) as remote:
        assert await remote.windows.focused() == Window("")


@pytest.mark.asyncio
async def test_no_portal(daemon: PrivateBus) -> None:
    with pytest.raises(DesktopError, match="no RemoteDesktop") as caught:
        async with remote_desktop(environment(daemon)):
            pass
    assert caught.value.reason is Reason.NO_PORTAL
