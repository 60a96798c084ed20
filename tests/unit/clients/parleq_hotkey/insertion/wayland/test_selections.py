from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from anyio import to_thread

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.selections import Selections, manager_of
from parleqd._tools.private_wayland import PrivateWayland
from tests.wayland import comes, copy, paste, types

TEXT = "text/plain;charset=utf-8"
CONTENT = {TEXT: b"a text", "text/html": b"<i>a text</i>", "image/png": bytes(range(256)) * 8000}


@asynccontextmanager
async def selections(sway: PrivateWayland) -> AsyncIterator[tuple[WaylandConnection, Selections]]:
    connection = await WaylandConnection.open(sway.socket)
    try:
        made = Selections(connection)
        await connection.settle()
        yield connection, made
    finally:
        connection.close()


@pytest.mark.asyncio
async def test_another_programs_content_is_taken_with_all_types(sway: PrivateWayland) -> None:
    async with selections(sway) as (theirs, owner), selections(sway) as (ours, reader):
        owner.clipboard.hold(CONTENT)
        await theirs.settle()
        await ours.settle()
        assert await reader.clipboard.content() == CONTENT
        assert await owner.clipboard.content() == CONTENT


@pytest.mark.asyncio
@pytest.mark.parametrize("primary", [False, True])
async def test_what_is_held_is_read_by_others_and_they_are_counted(sway: PrivateWayland, *, primary: bool) -> None:
    options = ("--primary",) if primary else ()
    async with selections(sway) as (connection, made):
        selection = made.all[primary]
        held = selection.hold(CONTENT)
        await connection.settle()
        assert await to_thread.run_sync(types, sway, *options) == list(CONTENT)
        for mime, content in CONTENT.items():
            assert await to_thread.run_sync(paste, sway, mime, *options) == content
        assert await comes(lambda: held.read == list(CONTENT))
        assert held.asked == 3
        assert held.ours
        selection.clear()
        await connection.settle()
        assert await selection.content() == {}
        assert not held.ours


@pytest.mark.asyncio
async def test_what_others_copy_is_theirs(sway: PrivateWayland) -> None:
    async with selections(sway) as (connection, made):
        held = made.clipboard.hold(CONTENT)
        await connection.settle()
        await to_thread.run_sync(copy, sway, b"theirs")
        await connection.settle()
        assert not held.ours
        assert made.clipboard.held is None
        content = await made.clipboard.content()
        assert content[TEXT] == b"theirs"


@pytest.mark.asyncio
async def test_an_owner_that_hangs_keeps_nobody_waiting(sway: PrivateWayland) -> None:
    async with selections(sway) as (theirs, owner), selections(sway) as (ours, reader):
        source = owner.clipboard._manager.create_data_source()
        kept: list[int] = []
        source.dispatcher["send"] = lambda _source, _mime, writer: kept.append(writer)
        source.offer(TEXT)
        owner.clipboard._set_source(source)
        await theirs.settle()
        await ours.settle()
        assert await reader.clipboard.content(patience_s=0.05) == {}
        for writer in kept:
            os.close(writer)


@pytest.mark.asyncio
async def test_what_is_too_large_is_left_out(sway: PrivateWayland) -> None:
    async with selections(sway) as (theirs, owner), selections(sway) as (ours, reader):
        owner.clipboard.hold(CONTENT)
        await theirs.settle()
        await ours.settle()
        reader.clipboard._largest = 1000
        assert list(await reader.clipboard.content()) == [TEXT, "text/html"]


@pytest.mark.asyncio
async def test_the_compositors_data_control_is_found(sway: PrivateWayland) -> None:
    async with selections(sway) as (connection, _):
        assert manager_of(connection).name.endswith("data_control_manager_v1")
