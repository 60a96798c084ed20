"""What every `Clipboard` promises, and what those do that can tell who reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from parleq_hotkey.ports import DesktopError, Window
from tests.desktop_rigs import RIGS, TELLING, Rig, focused

SOON_S, LONG_S = 0.1, 10.0

everywhere = pytest.mark.parametrize("kind", RIGS)
where_readers_are_told = pytest.mark.parametrize("kind", TELLING)


async def chord(rig: Rig) -> None:
    await rig.keyboard.press("shift+Insert")


@everywhere
@pytest.mark.asyncio
async def test_a_loan_is_read_and_given_back(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.copies("old")
        for text in ("one 👩‍👩‍👧 ", "two"):
            loan = await rig.clipboard.lend(text)
            loan.mark()
            await chord(rig)
            assert await loan.read_by(await focused(rig), LONG_S)
            assert await loan.give_back()
            assert await rig.read_elsewhere() == "old"
        await rig.shows("editor", "one 👩‍👩‍👧 two")


@everywhere
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


@where_readers_are_told
@pytest.mark.asyncio
async def test_others_read_what_was_there_and_count_for_nothing(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.copies("old")
        loan = await rig.clipboard.lend("lent")
        loan.mark()
        assert await rig.read_elsewhere() == "old"
        assert not await loan.read_by(await focused(rig), SOON_S)
        assert await loan.give_back()


@where_readers_are_told
@pytest.mark.asyncio
async def test_a_window_of_another_program_has_not_read(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        loan = await rig.clipboard.lend("lent")
        loan.mark()
        await chord(rig)
        assert not await loan.read_by(Window("another", client="another"), SOON_S)
        await loan.give_back()


@everywhere
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


@everywhere
@pytest.mark.asyncio
async def test_a_copy_stays(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.clipboard.copy("to stay")
        assert await rig.read_elsewhere() == "to stay"
        await rig.pastes()
        await rig.shows("editor", "to stay")


@everywhere
@pytest.mark.asyncio
async def test_the_display_ends(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.end()
        with pytest.raises(DesktopError):
            await rig.clipboard.lend("text")
        with pytest.raises(DesktopError):
            await rig.clipboard.copy("text")
