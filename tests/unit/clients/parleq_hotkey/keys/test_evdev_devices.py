"""What happens at input devices; the port's rules are in tests/contract/test_key_source.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from anyio.lowlevel import checkpoint

from parleq_hotkey.keys.evdev_devices import EvdevKeys, forbidden, list_devices, load
from parleq_hotkey.ports import DesktopError, Keys
from parleqd.protocol.names import Reason
from tests.fakes.evdev import FIRST, SECOND, FakeInput
from tests.parts import need
from tests.watching import Watching, watching

F9 = Keys("F9", "Escape")
TAP = ["+dictate", "-dictate"]


def keyboards(*paths: str) -> FakeInput:
    world = FakeInput()
    for path in paths:
        world.plug(path)
    return world


def source(world: FakeInput) -> EvdevKeys:
    return EvdevKeys(world.load, world.paths)


async def opened(world: FakeInput, path: str, watched: Watching) -> None:
    """Waits until a device that was plugged in is read."""
    assert not watched.over
    while not world.plugged[path]:
        await checkpoint()
    for _turn in range(3):
        await checkpoint()


@pytest.mark.asyncio
async def test_a_keyboard_plugged_in_later_is_read() -> None:
    world = keyboards(FIRST)
    async with watching(source(world), F9) as watched:
        world.plug(SECOND)
        await opened(world, SECOND, watched)
        world.press("F9", SECOND)
        world.release("F9", SECOND)
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_a_device_that_comes_or_goes_releases_no_key_of_another() -> None:
    world = keyboards(FIRST)
    async with watching(source(world), F9) as watched:
        world.press("F9")
        await watched.told("+dictate")
        world.plug(SECOND)
        await opened(world, SECOND, watched)
        world.press("F9", SECOND)
        world.unplug(SECOND)
        while SECOND in world.plugged:
            await checkpoint()
        world.press("Escape")
        world.release("F9")
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_a_keyboard_that_comes_back_is_read_again() -> None:
    world = keyboards(FIRST)
    async with watching(source(world), F9) as watched:
        world.press("F9")
        await watched.told("+dictate")
        world.unplug(FIRST)
        await watched.told(*TAP)
        world.plug(FIRST)
        await opened(world, FIRST, watched)
        world.press("F9")
        await watched.told(*TAP, "+dictate")


@pytest.mark.asyncio
async def test_a_release_that_the_kernel_dropped_is_found_out() -> None:
    world = keyboards(FIRST)
    async with watching(source(world), F9) as watched:
        world.press("F9")
        await watched.told("+dictate")
        world.overrun("F9")
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_a_release_that_does_not_come_is_found_out() -> None:
    world = keyboards(FIRST)
    async with watching(source(world), F9) as watched:
        world.press("F9")
        await watched.told("+dictate")
        world.plugged[FIRST][0].down.clear()
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_a_modifier_whose_release_was_lost_does_not_stay() -> None:
    world = keyboards(FIRST)
    async with watching(source(world), F9) as watched:
        world.press("Control_L")
        world.overrun("Control_L")
        world.press("F9")
        await watched.told("+dictate")


@pytest.mark.asyncio
async def test_what_has_no_such_key_is_closed_again() -> None:
    world = keyboards(FIRST)
    world.plug(SECOND, keys=["KEY_A"])
    async with watching(source(world), F9):
        assert world.plugged[SECOND][0].closed
        assert not world.plugged[FIRST][0].closed
    assert world.plugged[FIRST][0].closed


@pytest.mark.asyncio
async def test_devices_that_this_user_may_not_read_are_an_error_that_says_what_helps() -> None:
    world = keyboards(FIRST)
    world.forbidden = True
    async with watching(source(world), F9) as watched:
        problem = await watched.ended()
    assert problem.reason == Reason.INPUT_FORBIDDEN
    assert "usermod -aG input " in problem.hint
    assert forbidden().hint == problem.hint


@pytest.mark.asyncio
async def test_no_device_is_an_error() -> None:
    async with watching(source(keyboards()), F9) as watched:
        assert (await watched.ended()).reason == Reason.NO_KEY_SOURCE


@pytest.mark.asyncio
async def test_a_key_that_no_keyboard_has_is_an_error() -> None:
    world = FakeInput()
    world.plug(FIRST, keys=["KEY_A"])
    async with watching(source(world), F9) as watched:
        assert (await watched.ended()).message.startswith("no input device has the key")


@pytest.mark.asyncio
async def test_a_key_without_a_code_is_refused() -> None:
    async with watching(source(keyboards(FIRST)), Keys("plus")) as watched:
        assert (await watched.ended()).reason == Reason.KEY_UNKNOWN


def test_devices_are_the_event_files(tmp_path: Path) -> None:
    for name in ("event0", "event11", "mice", "js0"):
        (tmp_path / name).touch()
    assert list_devices(tmp_path) == [str(tmp_path / "event0"), str(tmp_path / "event11")]
    assert list_devices(tmp_path / "none") == []


def test_the_library_says_how_to_open_a_device_and_what_codes_there_are() -> None:
    need("pynput")
    if sys.platform != "linux":
        pytest.skip("evdev is Linux's")
    open_device, codes = load()
    assert codes["KEY_F9"] == 67  # input-event-codes.h
    with pytest.raises(FileNotFoundError):
        open_device("/dev/input/event999")


def test_a_missing_library_is_an_error_that_says_what_to_install() -> None:
    with pytest.raises(DesktopError, match="evdev is not installed") as raised:
        load("no_such_package")
    assert "pip install" in raised.value.hint
