from __future__ import annotations

from pathlib import Path

import pytest
from anyio import to_thread

from parleq_hotkey.insertion.wayland.back_end import examine, wayland_desktop
from parleq_hotkey.ports import DesktopError
from parleqd._tools.private_wayland import PrivateWayland
from parleqd.protocol.names import Reason


@pytest.mark.asyncio
async def test_a_wlroots_compositor_has_all_ways(sway: PrivateWayland) -> None:
    found = await examine(sway.socket)
    assert [(each.kind, each.name, each.usable) for each in found] == [
        ("insertion", "wayland", True),
        ("insertion", "input-method", True),
        ("insertion", "clipboard", True),
    ]


@pytest.mark.asyncio
async def test_without_a_display_none_is_usable_and_why_is_told(tmp_path: Path) -> None:
    found = await examine(str(tmp_path / "wayland-0"))
    assert [each.usable for each in found] == [False] * 3
    assert {each.reason for each in found} == {Reason.NO_DISPLAY}
    assert all(each.message and each.hint for each in found)
    with pytest.raises(DesktopError):
        async with wayland_desktop(str(tmp_path / "wayland-0")):
            pytest.fail("there is no display")


@pytest.mark.asyncio
async def test_the_parts_end_with_the_block(sway: PrivateWayland) -> None:
    async with wayland_desktop(sway.socket) as desktop:
        assert desktop.clipboard is not None
        assert desktop.keyboard is not None
        assert desktop.input_method is not None
        await desktop.clipboard.copy("here")
        assert await to_thread.run_sync(sway.run, "wl-paste", "-n") == "here"
    with pytest.raises(DesktopError):
        await desktop.windows.focused()
