"""What all keyboards promise is in tests/contract/test_keyboard.py; here are layouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from parleq_hotkey.insertion.x11.back_end import running
from parleq_hotkey.ports import DesktopError
from tests.desktop_targets.targets import gtk
from tests.x_desktop import aside, private_desktop


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
