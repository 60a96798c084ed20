from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from anyio import to_thread

from parleq_hotkey.insertion.wayland.clipboard import PASSWORD_HINT, TEXT_TYPES, WaylandClipboard
from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.selections import Selections
from parleq_hotkey.ports import Window
from parleqd._tools.private_wayland import PrivateWayland
from tests.wayland import comes, copy, paste, types

ANYBODY = Window("1")
OLD = b"what was there"
TEXT = "größe 👍\n漢字"


@asynccontextmanager
async def clipboard(sway: PrivateWayland) -> AsyncIterator[WaylandClipboard]:
    await to_thread.run_sync(copy, sway, OLD)
    connection = await WaylandConnection.open(sway.socket)
    try:
        made = WaylandClipboard(connection, Selections(connection))
        await connection.settle()
        yield made
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_the_text_is_lent_as_every_type_of_text_and_hidden_from_histories(sway: PrivateWayland) -> None:
    async with clipboard(sway) as made:
        loan = await made.lend(TEXT)
        loan.mark()
        assert await to_thread.run_sync(types, sway) == [*TEXT_TYPES, PASSWORD_HINT]
        for mime in TEXT_TYPES:
            assert await to_thread.run_sync(paste, sway, mime) == TEXT.encode()
        assert await loan.read_by(ANYBODY, 5)
        assert await loan.give_back()
        assert await to_thread.run_sync(paste, sway) == OLD


@pytest.mark.asyncio
async def test_the_primary_selection_has_it_too(sway: PrivateWayland) -> None:
    async with clipboard(sway) as made:
        loan = await made.lend(TEXT)
        loan.mark()
        assert await to_thread.run_sync(paste, sway, TEXT_TYPES[0], "--primary") == TEXT.encode()
        assert await loan.read_by(ANYBODY, 5)
        assert await loan.give_back()
        assert await to_thread.run_sync(types, sway, "--primary") == []


@pytest.mark.asyncio
async def test_reads_before_the_mark_get_what_was_there_and_are_no_receipt(sway: PrivateWayland) -> None:
    async with clipboard(sway) as made:
        loan = await made.lend(TEXT)
        assert await to_thread.run_sync(paste, sway) == OLD
        loan.mark()
        assert not await loan.read_by(ANYBODY, 0.05)
        assert await loan.give_back()


@pytest.mark.asyncio
async def test_reads_of_the_hint_are_no_receipt(sway: PrivateWayland) -> None:
    async with clipboard(sway) as made:
        loan = await made.lend(TEXT)
        loan.mark()
        assert await to_thread.run_sync(paste, sway, PASSWORD_HINT) == b"secret"
        assert not await loan.read_by(ANYBODY, 0.05)
        assert await loan.give_back()


@pytest.mark.asyncio
async def test_a_clipboard_that_was_taken_is_not_given_back(sway: PrivateWayland) -> None:
    async with clipboard(sway) as made:
        loan = await made.lend(TEXT)
        loan.mark()
        await to_thread.run_sync(copy, sway, b"the user's")
        assert not await loan.read_by(ANYBODY, 5)
        assert not await loan.give_back()
        assert await to_thread.run_sync(paste, sway) == b"the user's"


@pytest.mark.asyncio
async def test_a_copy_stays_and_is_restored_behind_a_loan(sway: PrivateWayland) -> None:
    async with clipboard(sway) as made:
        await made.copy("asked for")
        assert await to_thread.run_sync(types, sway) == list(TEXT_TYPES)
        loan = await made.lend(TEXT)
        loan.mark()
        assert await loan.give_back()
        assert await comes(lambda: paste(sway) == b"asked for")


@pytest.mark.asyncio
async def test_an_empty_clipboard_is_empty_again(sway: PrivateWayland) -> None:
    async with clipboard(sway) as made:
        await to_thread.run_sync(sway.run, "wl-copy", "--clear")
        loan = await made.lend(TEXT)
        loan.mark()
        assert await loan.give_back()
        assert await to_thread.run_sync(types, sway) == []
