"""What `Windows`, `Clipboard` and `Keyboard` promise where nobody tells who reads, nor which keys are held: Wayland."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import anyio
import pytest

pytest.importorskip("pywayland", reason="pywayland has no wheel here: pip install 'parleqd[wayland]'")
from anyio import to_thread

from parleq_hotkey.insertion.wayland.back_end import WaylandDesktop, wayland_desktop
from parleq_hotkey.ports import DesktopError, Window
from parleqd._tools.private_wayland import PrivateWayland, private_wayland
from tests.desktop_rigs import Rig, fake_rig, focused
from tests.parts import need
from tests.wayland import Target, copy, needs, paste

SOON_S, LONG_S = 0.1, 10.0


class WaylandRig:
    """GTK text views on a private compositor."""

    def __init__(self, sway: PrivateWayland, desktop: WaylandDesktop) -> None:
        assert desktop.clipboard is not None
        assert desktop.keyboard is not None
        self._sway = sway
        self._targets: dict[str, Target] = {}
        self.windows = desktop.windows
        self.clipboard = desktop.clipboard
        self.keyboard = desktop.keyboard

    async def open(self, name: str) -> None:
        self._targets[name] = await to_thread.run_sync(Target, self._sway, "gtk", name)

    async def focus(self, name: str) -> None:
        await to_thread.run_sync(self._sway.focus, self._targets[name].window)

    async def shows(self, name: str, text: str) -> None:
        assert await self._targets[name].has(text), await self._targets[name].looks()

    async def copies(self, text: str) -> None:
        await to_thread.run_sync(copy, self._sway, text.encode())

    async def pastes(self) -> None:
        await self.keyboard.press("ctrl+v")

    async def read_elsewhere(self) -> str:
        return (await to_thread.run_sync(paste, self._sway)).decode()

    async def holds(self, down: bool) -> None:
        raise NotImplementedError

    async def end(self) -> None:
        await to_thread.run_sync(self._sway.kill)


@asynccontextmanager
async def wayland_rig(_folder: Path) -> AsyncIterator[Rig]:
    """Wayland for real."""
    await to_thread.run_sync(needs)
    need("gtk")
    sway = private_wayland()
    started = await to_thread.run_sync(sway.__enter__)
    try:
        async with wayland_desktop(started.socket) as desktop:
            yield WaylandRig(started, desktop)
    finally:
        await to_thread.run_sync(sway.__exit__, None, None, None)


RIGS: dict[str, Callable[[Path], AbstractAsyncContextManager[Rig]]] = {"fake": fake_rig, "wayland": wayland_rig}

pytestmark = pytest.mark.parametrize("kind", RIGS)


@pytest.mark.asyncio
async def test_a_loan_is_read_and_given_back(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.copies("old")
        for text in ("one 👩‍👩‍👧 ", "two"):
            loan = await rig.clipboard.lend(text)
            loan.mark()
            await rig.keyboard.press("shift+Insert")
            assert await loan.read_by(await focused(rig), LONG_S)
            assert await loan.give_back()
            assert await rig.read_elsewhere() == "old"
        await rig.shows("editor", "one 👩‍👩‍👧 two")


@pytest.mark.asyncio
async def test_before_the_mark_everybody_reads_what_was_there(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.copies("old")
        loan = await rig.clipboard.lend("lent")
        assert await rig.read_elsewhere() == "old"
        await rig.pastes()
        await rig.shows("editor", "old")
        loan.mark()
        assert not await loan.read_by(await focused(rig), SOON_S)
        assert await loan.give_back()


@pytest.mark.asyncio
async def test_what_others_copy_meanwhile_stays(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.copies("old")
        loan = await rig.clipboard.lend("lent")
        loan.mark()
        await rig.copies("new")
        assert not await loan.read_by(await focused(rig), LONG_S)
        assert not await loan.give_back()
        assert await rig.read_elsewhere() == "new"


@pytest.mark.asyncio
async def test_a_copy_stays(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.clipboard.copy("to stay")
        assert await rig.read_elsewhere() == "to stay"
        await rig.pastes()
        await rig.shows("editor", "to stay")


@pytest.mark.asyncio
async def test_ascii_is_typed_and_nothing_else(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        for text in ("naïve", "two\nlines", "👍"):
            with pytest.raises(DesktopError):
                await rig.keyboard.type_text(text)
        with pytest.raises(DesktopError):
            await rig.keyboard.press("ctrl+NoSuchKey")
        await rig.keyboard.type_text("Hello, World (2)!")
        await rig.shows("editor", "Hello, World (2)!")


@pytest.mark.asyncio
async def test_a_window_stays_the_same_one_and_the_next_focus_is_waited_for(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        assert await rig.windows.focused() is None
        await rig.open("one")
        one = await focused(rig)
        await rig.open("two")
        two = await focused(rig)
        seen: list[Window | None] = []

        async def wait() -> None:
            seen.append(await rig.windows.next_focus())

        async with anyio.create_task_group() as group:
            group.start_soon(wait)
            await anyio.wait_all_tasks_blocked()
            await rig.focus("one")
        assert seen == [await focused(rig)]
        assert (await focused(rig)).id == one.id != two.id
        assert (one.title, two.title) == ("one", "two")
        assert one.app
        assert one.window_class


@pytest.mark.asyncio
async def test_the_display_ends(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.end()
        for deed in (
            rig.windows.focused(),
            rig.clipboard.lend("text"),
            rig.clipboard.copy("text"),
            rig.keyboard.press("shift+Insert"),
            rig.keyboard.type_text("text"),
        ):
            with pytest.raises(DesktopError):
                await deed
