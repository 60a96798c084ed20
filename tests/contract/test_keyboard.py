"""What every `Keyboard` promises, and what those do that see the keys which are held."""

from __future__ import annotations

from pathlib import Path

import pytest

from parleq_hotkey.ports import DesktopError
from tests.desktop_rigs import RIGS, TELLING

everywhere = pytest.mark.parametrize("kind", RIGS)
where_held_keys_are_seen = pytest.mark.parametrize("kind", TELLING)


@where_held_keys_are_seen
@pytest.mark.asyncio
async def test_held_modifiers(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        assert await rig.keyboard.modifiers_held() == frozenset()
        await rig.holds(True)
        assert await rig.keyboard.modifiers_held() == {"ctrl"}
        await rig.holds(False)
        assert await rig.keyboard.modifiers_held() == frozenset()


@everywhere
@pytest.mark.parametrize("chord", ["shift+Insert", "ctrl+v"])
@pytest.mark.asyncio
async def test_a_chord_reaches_the_focused_program_and_leaves_nothing_down(
    kind: str, chord: str, tmp_path: Path
) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.copies("copied")
        await rig.keyboard.press(chord)
        await rig.shows("editor", "copied")
        assert await rig.keyboard.modifiers_held() == frozenset()


@everywhere
@pytest.mark.asyncio
async def test_a_chord_that_no_layout_has(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        with pytest.raises(DesktopError):
            await rig.keyboard.press("ctrl+NoSuchKey")


@everywhere
@pytest.mark.asyncio
async def test_ascii_is_typed(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        await rig.keyboard.type_text("Hello, World (2)!")
        await rig.shows("editor", "Hello, World (2)!")


@everywhere
@pytest.mark.parametrize("text", ["naïve", "two\nlines", "👍"])
@pytest.mark.asyncio
async def test_what_cannot_be_typed_is_refused_whole(kind: str, text: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.open("editor")
        with pytest.raises(DesktopError):
            await rig.keyboard.type_text(text)
        await rig.shows("editor", "")


@everywhere
@pytest.mark.asyncio
async def test_the_display_ends(kind: str, tmp_path: Path) -> None:
    async with RIGS[kind](tmp_path) as rig:
        await rig.end()
        with pytest.raises(DesktopError):
            await rig.keyboard.press("shift+Insert")
        with pytest.raises(DesktopError):
            await rig.keyboard.type_text("text")
        if kind in TELLING:
            with pytest.raises(DesktopError):
                await rig.keyboard.modifiers_held()
