"""The portal's clipboard, over a portal made up (the one of Debian 12 has no clipboard yet)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleq_hotkey.insertion.portal import remote_desktop
from parleq_hotkey.insertion.portal_clipboard import PortalClipboard
from parleq_hotkey.ports import Window
from parleqd._tools.private_bus import PrivateBus, private_bus
from tests.fakes.portal import FakePortal
from tests.parts import need

TEXT = "text/plain;charset=utf-8"
BEFORE = {TEXT: "vorher ü".encode(), "text/html": b"<b>vorher</b>", "image/png": os.urandom(20_000)}
SOMEBODY = Window("")


@pytest.fixture
def daemon() -> Iterator[PrivateBus]:
    need("dbus-daemon")
    with private_bus() as running:
        yield running


@asynccontextmanager
async def lent(daemon: PrivateBus) -> AsyncIterator[tuple[FakePortal, PortalClipboard]]:
    portal = FakePortal()
    async with portal.on(daemon.address), remote_desktop(daemon.env) as remote:
        assert remote.clipboard is not None
        yield portal, remote.clipboard


@pytest.mark.asyncio
@pytest.mark.parametrize("text", ["größe 👍", "zwei\nZeilen\t", "x" * 300_000])
async def test_a_read_after_the_mark_counts_and_the_old_contents_come_back(daemon: PrivateBus, text: str) -> None:
    async with lent(daemon) as (portal, clipboard):
        await portal.copied_elsewhere(BEFORE)
        loan = await clipboard.lend(text)
        assert (await portal.pasted(TEXT)).decode() == text
        loan.mark()
        assert not await loan.read_by(SOMEBODY, 0.0)
        assert (await portal.pasted(TEXT)).decode() == text
        assert await loan.read_by(SOMEBODY, 5.0)
        assert await loan.give_back()
        assert {kind: await portal.pasted(kind) for kind in BEFORE} == BEFORE
        assert not await loan.give_back()


@pytest.mark.asyncio
async def test_histories_are_told_to_keep_nothing_and_their_look_is_no_read(daemon: PrivateBus) -> None:
    async with lent(daemon) as (portal, clipboard):
        loan = await clipboard.lend("text")
        loan.mark()
        assert await portal.pasted("x-kde-passwordManagerHint") == b"secret"
        assert await portal.pasted("image/png") == b""
        assert not await loan.read_by(SOMEBODY, 0.0)


@pytest.mark.asyncio
async def test_who_copies_meanwhile_keeps_the_clipboard(daemon: PrivateBus) -> None:
    async with lent(daemon) as (portal, clipboard):
        loan = await clipboard.lend("text")
        loan.mark()
        await portal.copied_elsewhere({TEXT: b"theirs"})
        assert not await loan.read_by(SOMEBODY, 5.0)
        assert not await loan.give_back()
        assert portal.contents == {TEXT: b"theirs"}


@pytest.mark.asyncio
async def test_a_copy_stays(daemon: PrivateBus) -> None:
    async with lent(daemon) as (portal, clipboard):
        await clipboard.copy("for good")
        for _ in range(3):
            assert await portal.pasted(TEXT) == b"for good"
        loan = await clipboard.lend("lent")
        assert await portal.pasted(TEXT) == b"lent"
        assert await loan.give_back()
        assert await portal.pasted(TEXT) == b"for good"


@pytest.mark.asyncio
async def test_a_desktop_without_a_clipboard(daemon: PrivateBus) -> None:
    async with FakePortal(clipboard=False).on(daemon.address), remote_desktop(daemon.env) as remote:
        assert remote.clipboard is None


@pytest.mark.asyncio
async def test_several_readers_at_once(daemon: PrivateBus) -> None:
    got: list[bytes] = []

    async def paste(portal: FakePortal) -> None:
        got.append(await portal.pasted(TEXT))

    async with lent(daemon) as (portal, clipboard):
        await clipboard.lend("shared" * 50_000)
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(paste, portal)
    assert got == [b"shared" * 50_000] * 4
