"""What every `Windows` that can tell windows apart promises."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from parleq_hotkey.ports import DesktopError, Window
from parleqd.protocol.names import Reason
from tests.desktop_rigs import RIGS, TELLING, focused

everywhere = pytest.mark.parametrize("kind", RIGS)


@everywhere
@pytest.mark.asyncio
async def test_no_window(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        assert await rig.windows.focused() is None


@everywhere
@pytest.mark.asyncio
async def test_a_window_stays_the_same_one_and_two_differ(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("one")
        one = await focused(rig)
        await rig.open("two")
        two = await focused(rig)
        await rig.focus("one")
        assert (await focused(rig)).id == one.id != two.id
        assert (one.title, two.title) == ("one", "two")
        assert all((one.app, one.window_class))
        if kind in TELLING:
            assert one.client
            assert two.client
            assert one.client != two.client


@everywhere
@pytest.mark.asyncio
async def test_the_next_focus_is_waited_for(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("one")
        await rig.open("two")
        seen: list[Window | None] = []

        async def wait() -> None:
            seen.append(await rig.windows.next_focus())

        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            await rig.focus("one")
        assert seen == [await focused(rig)]


@everywhere
@pytest.mark.asyncio
async def test_the_display_ends(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.end()
        with pytest.raises(DesktopError) as problem:
            await rig.windows.focused()
        assert problem.value.reason == Reason.NO_DISPLAY
