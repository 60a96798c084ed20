from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.input_method import LONGEST, InputMethodInserter, Waits, parts, shows
from parleq_hotkey.insertion.wayland.protocols import input_method
from parleq_hotkey.insertion.wayland.windows import WaylandWindows
from parleq_hotkey.ports import Window
from parleqd._tools.private_wayland import PrivateWayland
from parleqd.protocol.names import ReceiptStatus
from tests.wayland import Target


@asynccontextmanager
async def inserter(sway: PrivateWayland) -> AsyncIterator[tuple[WaylandConnection, InputMethodInserter]]:
    connection = await WaylandConnection.open(sway.socket)
    try:
        windows = await WaylandWindows.open(connection)
        yield connection, InputMethodInserter(connection, windows, Waits(field=0.2))
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_a_text_is_committed_to_the_focused_window(sway: PrivateWayland, target: Target) -> None:
    async with inserter(sway) as (_, made):
        receipt = await made.insert("größe 👩‍👩‍👧 漢字", await made.focused())
        assert receipt.status is ReceiptStatus.SENT
        assert await target.has("größe 👩‍👩‍👧 漢字")


@pytest.mark.asyncio
async def test_a_line_break_never_gets_into_a_terminal(sway: PrivateWayland, target: Target) -> None:
    async with inserter(sway) as (_, made):
        assert (await made.insert("one\ntwo\n", None)).status is ReceiptStatus.SENT
        assert await target.has("one two")


@pytest.mark.asyncio
async def test_while_another_input_method_runs_nothing_is_inserted(sway: PrivateWayland, target: Target) -> None:
    async with inserter(sway) as (theirs, _), inserter(sway) as (_, made):
        manager = theirs.bind(input_method.MANAGER)
        running = manager.get_input_method(theirs.seat())
        await theirs.settle()
        receipt = await made.insert("not now", None)
        assert receipt.status is ReceiptStatus.FAILED
        assert "another input method" in receipt.detail
        running.destroy()
        await theirs.settle()
        assert (await made.insert("now", None)).status is ReceiptStatus.SENT
        assert await target.has("now")


@pytest.mark.asyncio
async def test_another_window_than_the_wanted_one_gets_nothing(sway: PrivateWayland, target: Target) -> None:
    async with inserter(sway) as (_, made):
        receipt = await made.insert("not here", Window("999"))
        assert receipt.status is ReceiptStatus.FAILED
        assert "focus" in receipt.detail
    assert await target.looks() == ""


@pytest.mark.asyncio
async def test_without_a_window_there_is_nothing_to_insert_into(sway: PrivateWayland) -> None:
    async with inserter(sway) as (_, made):
        assert (await made.insert("nowhere", None)).status is ReceiptStatus.FAILED


@pytest.mark.asyncio
async def test_an_empty_text_is_none(sway: PrivateWayland, target: Target) -> None:
    async with inserter(sway) as (_, made):
        assert (await made.insert("\n", None)).status is ReceiptStatus.FAILED
    assert await target.looks() == ""


def test_parts_are_cut_between_characters() -> None:
    text = "a" + "👍漢é" * 2000
    cut = list(parts(text))
    assert "".join(cut) == text
    assert max(len(each.encode()) for each in cut) <= LONGEST
    assert list(parts("")) == []


@pytest.mark.parametrize(
    ("text", "earlier", "later", "shown"),
    [
        ("two", "one ", "one two", True),
        ("two", "two", "twotwo", True),
        ("two", "one two", "one two", False),
        ("two", "one ", "one", False),
        ("two", "", None, False),
        ("first\nlast", "", "last", True),
        ("first\n", "", "", False),
        ("x" * 5000, "", "x" * 4000, True),
        ("long text", "", "t", False),
    ],
)
def test_a_field_shows_a_text_by_what_stands_before_its_caret(
    text: str, earlier: str, later: str | None, *, shown: bool
) -> None:
    assert shows(text, earlier, later) is shown
