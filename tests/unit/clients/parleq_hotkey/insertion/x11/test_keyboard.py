"""What all keyboards promise is in tests/contract/test_keyboard.py; here are layouts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest

from parleq_hotkey.insertion.x11.back_end import running
from parleq_hotkey.insertion.x11.keyboard import X11Keyboard
from parleq_hotkey.keys.x11 import X11Keys
from parleq_hotkey.ports import DesktopError, KeyboardTakenError, Keys
from parleqd._tools.private_x import PrivateX
from tests.desktop_targets.targets import gtk
from tests.parts import scale
from tests.watching import WITHIN_S, watching
from tests.x_desktop import aside, private_desktop
from tests.x_keys import XKeys, x_keys


@pytest.mark.asyncio
async def test_a_pure_cyrillic_layout_has_no_v_but_insert() -> None:
    async with private_desktop() as server, running(server.name) as desktop:
        await aside(server.run, "setxkbmap", "ru")
        with pytest.raises(DesktopError, match="no key 'v'"):
            await desktop.keyboard.press("ctrl+v")
        await desktop.keyboard.press("shift+Insert")


@pytest.mark.parametrize("layout", ["us", "de", "fr"])
@pytest.mark.asyncio
async def test_keys_are_where_the_layout_has_them(layout: str, tmp_path: Path) -> None:
    async with private_desktop() as server:
        target = await aside(gtk, server, tmp_path)
        async with running(server.name) as desktop:
            await aside(server.run, "setxkbmap", layout)
            await desktop.keyboard.type_text("Yes, zebra & 7!")
            await aside(target.shows, "Yes, zebra & 7!")


@pytest.mark.asyncio
async def test_what_the_layout_lacks_or_caps_lock_would_change_is_refused(tmp_path: Path) -> None:
    async with private_desktop() as server:
        target = await aside(gtk, server, tmp_path)
        async with running(server.name) as desktop:
            await aside(server.run, "setxkbmap", "ru")
            with pytest.raises(DesktopError, match="layout"):
                await desktop.keyboard.type_text("Latin")
            await aside(server.run, "setxkbmap", "us")
            await aside(server.run, "xdotool", "key", "Caps_Lock")
            with pytest.raises(DesktopError, match="Caps Lock"):
                await desktop.keyboard.type_text("text")
        assert await aside(target.content) == ""


async def pressed(keyboard: X11Keyboard) -> bool:
    """Presses a chord if the keyboard is to be had."""
    try:
        await keyboard.press("ctrl+v")
    except KeyboardTakenError:
        return False
    return True


@pytest.fixture
def keys(server: PrivateX) -> Iterator[XKeys]:
    with x_keys(server.name) as client:
        client.focused_window()
        yield client


@pytest.mark.asyncio
@pytest.mark.timeout(180)
async def test_what_is_pressed_reaches_the_window_while_a_grabbed_key_repeats(server: PrivateX, keys: XKeys) -> None:
    await aside(server.run, "xset", "r", "rate", "10", "200")
    source = X11Keys(server.name)
    async with running(server.name) as desktop, watching(source, Keys("F9", "Escape")) as watched:
        for number in range(scale(50, 500)):
            keys.press("F9")
            await watched.told(*["+dictate", "-dictate"] * number, "+dictate")
            await anyio.sleep(number % 10 * 0.005)  # it begins to repeat
            source.let_chords_through(True)
            await anyio.lowlevel.checkpoint()
            keys.let_repeats_come()
            with anyio.fail_after(WITHIN_S):
                while not await pressed(desktop.keyboard):  # noqa: ASYNC110 - there is no event
                    await anyio.sleep(0.005)
            assert keys.typed()[-1:] == ["v"], number
            source.let_chords_through(False)
            keys.release("F9")
            await watched.told(*["+dictate", "-dictate"] * (number + 1))


@pytest.mark.asyncio
async def test_a_keyboard_that_is_not_given_back_is_told(server: PrivateX, keys: XKeys) -> None:
    source = X11Keys(server.name)
    async with running(server.name) as desktop, watching(source, Keys("F9", "Escape")) as watched:
        keys.press("F9")
        await watched.told("+dictate")
        assert not await pressed(desktop.keyboard)
        keys.release("F9")
        await watched.told("+dictate", "-dictate")
        await desktop.keyboard.press("ctrl+v")
        assert keys.typed()[-1:] == ["v"]
