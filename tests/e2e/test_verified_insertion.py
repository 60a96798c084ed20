"""Insertion where assistive technology is at work: what the field shows makes receipts sure, and undoing possible."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from parleq_hotkey.displays import Displays
from parleq_hotkey.insertion.accessibility import accessible_field
from parleq_hotkey.insertion.detection import open_inserter
from parleq_hotkey.insertion.pasting import Pasting
from parleq_hotkey.settings import InsertionSettings
from parleqd.protocol.names import ReceiptStatus
from tests.accessible import AccessibleDesktop, accessible_desktop
from tests.desktop_targets.targets import HERE, SYSTEM_PYTHON, Target, give_focus
from tests.parts import need, scale
from tests.x_desktop import aside, copies, pasted

TEXTS = ("plain words ", "größe 👩‍👩‍👧 дом ", "two\nlines\n", "again ", "again ")

pytestmark = pytest.mark.timeout(90)


@pytest.fixture
def desktop() -> Iterator[AccessibleDesktop]:
    for part in ("gtk", "xclip"):
        need(part)
    with accessible_desktop() as running:
        yield running


@asynccontextmanager
async def inserting(desktop: AccessibleDesktop, folder: Path) -> AsyncIterator[tuple[Pasting, Target]]:
    """The inserter as the hotkey client opens it, and a GTK field that has the focus and is seen."""
    displays = Displays(x11=desktop.display.name)
    target = await aside(open_field, desktop, folder)
    async with open_inserter("x11", displays, InsertionSettings(), desktop.bus.env) as inserter:
        assert isinstance(inserter, Pasting)
        async with accessible_field(desktop.bus.env) as field:
            with anyio.fail_after(15):
                while await field.caret() is None:  # noqa: ASYNC110 - only asking tells that it is seen
                    await anyio.sleep(0.02)
            yield inserter, target


def open_field(desktop: AccessibleDesktop, folder: Path) -> Target:
    file = folder / "text"
    command = [SYSTEM_PYTHON, str(HERE / "gtk_text.py"), str(file), "seen field"]
    program = desktop.display.program(*command, env=desktop.env)
    window = desktop.display.window_of(program, "seen field")
    give_focus(desktop.display, window)
    return Target(desktop.display, program, window, file)


@pytest.mark.asyncio
async def test_receipts_are_verified_and_the_clipboard_is_as_before(desktop: AccessibleDesktop, tmp_path: Path) -> None:
    async with inserting(desktop, tmp_path) as (inserter, target):
        await aside(copies, desktop.display, "MINE")
        expected, verified, rounds = "", 0, scale(5, 50)
        for number in range(rounds):
            text = TEXTS[number % len(TEXTS)]
            receipt = await inserter.insert(text, None)
            expected += text
            assert receipt.status in (ReceiptStatus.VERIFIED, ReceiptStatus.READ), (number, receipt)
            verified += receipt.status == ReceiptStatus.VERIFIED
            await aside(target.shows, expected)
            assert await aside(pasted, desktop.display) == "MINE"
        assert verified > rounds / 2  # a busy machine may be too slow for a look now and then


@pytest.mark.asyncio
async def test_the_last_insertion_is_undone_exactly_and_once(desktop: AccessibleDesktop, tmp_path: Path) -> None:
    async with inserting(desktop, tmp_path) as (inserter, target):
        for text in ("kept ", "größe 👍\n"):
            assert (await inserter.insert(text, None)).status != ReceiptStatus.FAILED
        await aside(target.shows, "kept größe 👍\n")
        with anyio.fail_after(15):
            while not (await inserter.undo_last()).done:  # the machine may be too busy for the first look
                pass
        await aside(target.shows, "kept ")
        assert not (await inserter.undo_last()).done
        assert await aside(target.content) == "kept "


@pytest.mark.asyncio
async def test_what_the_user_typed_on_is_not_undone(desktop: AccessibleDesktop, tmp_path: Path) -> None:
    async with inserting(desktop, tmp_path) as (inserter, target):
        await inserter.insert("dictated", None)
        await aside(desktop.display.run, "xdotool", "key", "x")
        await aside(target.shows, "dictatedx")
        undone = await inserter.undo_last()
        assert (undone.done, bool(undone.detail)) == (False, True)
        assert await aside(target.content) == "dictatedx"
