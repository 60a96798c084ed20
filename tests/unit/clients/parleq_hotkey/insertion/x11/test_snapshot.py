from __future__ import annotations

import sys
from pathlib import Path

import pytest

from parleq_hotkey.insertion.x11.back_end import X11Desktop, running
from parleq_hotkey.insertion.x11.content import Content
from parleq_hotkey.insertion.x11.snapshot import Limits
from parleqd._tools.private_x import PrivateX
from tests.desktop_targets.targets import HERE
from tests.x_desktop import TYPES, aside, copies, copies_all_types, private_desktop


async def taken(desktop: X11Desktop) -> dict[str, bytes]:
    """The clipboard's snapshot, by the names of types."""
    selections = desktop.clipboard.selections
    content: Content = await desktop.clipboard.snapshots.take(selections.atom("CLIPBOARD"))
    names = ["UTF8_STRING", "STRING", "text/html", "image/png", "image/bmp", "GTK_TEXT_BUFFER_CONTENTS", "x-other"]
    return {name: item.data for name in names if (item := content.get(selections.atom(name))) is not None}


@pytest.mark.asyncio
async def test_all_types_are_kept_and_looked_at_anew_when_others_copy(tmp_path: Path) -> None:
    async with private_desktop() as server:
        await aside(copies_all_types, server, tmp_path)
        async with running(server.name, Limits(seconds=10)) as desktop:
            assert await taken(desktop) == {name.replace("|", "/"): value for name, value in TYPES.items()}
            await aside(copies, server, "new")
            assert (await taken(desktop))["UTF8_STRING"] == b"new"


@pytest.mark.asyncio
async def test_nothing_is_there() -> None:
    async with private_desktop() as server, running(server.name, Limits(seconds=10)) as desktop:
        assert await taken(desktop) == {}


@pytest.mark.asyncio
async def test_limits_leave_the_rest_whole(tmp_path: Path) -> None:
    async with private_desktop() as server:
        await aside(copies_all_types, server, tmp_path)
        async with running(server.name, Limits(item=1000, seconds=10)) as desktop:
            assert (await taken(desktop)).keys() == {"UTF8_STRING", "text/html"}
        async with running(server.name, Limits(targets=1, seconds=10)) as desktop:
            assert (await taken(desktop)).keys() == {"UTF8_STRING"}


@pytest.mark.asyncio
async def test_what_toolkits_make_of_a_picture_and_addresses_are_left_out(tmp_path: Path) -> None:
    files = {"image|png": b"png", "image|bmp": b"bmp", "GTK_TEXT_BUFFER_CONTENTS": b"12345678", "x-other": b"other"}
    async with private_desktop() as server:
        await aside(_hold, server, tmp_path, files)
        async with running(server.name, Limits(seconds=10)) as desktop:
            assert await taken(desktop) == {"image/png": b"png", "x-other": b"other"}


@pytest.mark.asyncio
async def test_an_owner_that_never_answers(tmp_path: Path) -> None:
    async with private_desktop() as server:
        await aside(_hold, server, tmp_path, {}, "--hang")
        async with running(server.name, Limits(seconds=0.05)) as desktop:
            assert await taken(desktop) == {}


@pytest.mark.asyncio
async def test_an_owner_that_lists_what_is_no_type(tmp_path: Path) -> None:
    async with private_desktop() as server:
        await aside(_hold, server, tmp_path, {"UTF8_STRING": b"text"}, "--lies")
        async with running(server.name, Limits(seconds=10)) as desktop:
            assert await taken(desktop) == {"UTF8_STRING": b"text"}


def _hold(server: PrivateX, folder: Path, files: dict[str, bytes], *options: str) -> None:
    for name, value in files.items():
        (folder / name).write_bytes(value)
    ready = folder / "ready"
    program = [sys.executable, str(HERE / "hold_selection.py"), *options, *(str(folder / name) for name in files)]
    server.program("sh", "-c", 'exec "$@" > "$0"', str(ready), *program)
    server.until(lambda: ready.is_file() and "ready" in ready.read_text("utf-8"), "nothing is held")
