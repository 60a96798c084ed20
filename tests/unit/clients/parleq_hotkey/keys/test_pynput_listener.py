"""What pynput tells, and what becomes of it; a real one listens in tests/contract/test_key_source.py."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from parleq_hotkey.keys.pynput_listener import PynputKeys, load
from parleq_hotkey.ports import DesktopError, Keys
from parleqd.protocol.names import Reason
from tests.parts import need
from tests.watching import watching

F9 = SimpleNamespace(name="f9")
CTRL, CTRL_R, ALT_GR = SimpleNamespace(name="ctrl"), SimpleNamespace(name="ctrl_r"), SimpleNamespace(vk=0xFE03)
TAP = ["+dictate", "-dictate"]


@dataclass
class FakeListener:
    """In place of pynput's thread. ``trusted``: what macOS says; ``deaf``: it dies before it listens."""

    trusted: bool = True
    deaf: bool = False
    alive: bool = False
    on_press: Callable[..., None] = print
    on_release: Callable[..., None] = print

    @property
    def IS_TRUSTED(self) -> bool:
        return self.trusted

    def load(self) -> Callable[..., FakeListener]:
        return self.made

    def made(self, on_press: Callable[..., None], on_release: Callable[..., None]) -> FakeListener:
        self.on_press, self.on_release = on_press, on_release
        return self

    def start(self) -> None:
        self.alive = not self.deaf

    def wait(self) -> None:
        """It listens at once."""

    def is_alive(self) -> bool:
        return self.alive

    def stop(self) -> None:
        self.alive = False

    def join(self, timeout: float) -> None:
        assert timeout > 0

    def press(self, *keys: Any) -> None:
        for key in keys:
            self.on_press(key, False)

    def release(self, *keys: Any) -> None:
        for key in keys:
            self.on_release(key)


@pytest.mark.asyncio
async def test_repeats_come_as_presses_alone() -> None:
    listener = FakeListener()
    async with watching(PynputKeys(listener.load), Keys("F9")) as watched:
        listener.press(F9, F9, F9)
        listener.release(F9)
        await watched.told(*TAP)
    assert not listener.alive


@pytest.mark.asyncio
@pytest.mark.parametrize(
    "written, key",
    [
        ("Control_L", CTRL),
        ("Control_R", CTRL_R),
        ("AltGr", ALT_GR),
        ("a", SimpleNamespace(char="a", vk=97)),
        ("a", SimpleNamespace(char="A", vk=65)),
        ("space", SimpleNamespace(name="space")),
    ],
)
async def test_keys_as_pynput_has_them(written: str, key: object) -> None:
    listener = FakeListener()
    async with watching(PynputKeys(listener.load), Keys(written)) as watched:
        listener.press(key)
        listener.release(key)
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_keys_without_a_name_are_nothing() -> None:
    listener = FakeListener()
    async with watching(PynputKeys(listener.load), Keys("ctrl+F9")) as watched:
        listener.press(None, SimpleNamespace(char=None, vk=123), CTRL, F9)
        listener.release(None, CTRL, F9)
        await watched.told(*TAP)


@pytest.mark.asyncio
async def test_a_thread_that_dies_is_noticed_and_releases() -> None:
    listener = FakeListener()
    async with watching(PynputKeys(listener.load), Keys("F9")) as watched:
        listener.press(F9)
        await watched.told("+dictate")
        listener.alive = False
        assert (await watched.ended()).reason == Reason.NO_DISPLAY
        listener.release(F9)
        assert watched.told_so_far() == TAP


@pytest.mark.asyncio
async def test_a_thread_that_does_not_start_is_an_error() -> None:
    async with watching(PynputKeys(FakeListener(deaf=True).load), Keys("F9")) as watched:
        assert (await watched.ended()).reason == Reason.NO_DISPLAY


@pytest.mark.asyncio
async def test_macos_without_permission_is_an_error_that_says_where() -> None:
    listener = FakeListener(trusted=False)
    async with watching(PynputKeys(listener.load), Keys("F9")) as watched:
        problem = await watched.ended()
    assert (problem.reason, "Input Monitoring" in problem.hint) == (Reason.INPUT_FORBIDDEN, True)
    assert not listener.alive


@pytest.mark.asyncio
async def test_a_key_that_pynput_does_not_tell_is_refused() -> None:
    async with watching(PynputKeys(FakeListener().load), Keys("F24")) as watched:
        assert (await watched.ended()).reason == Reason.KEY_UNKNOWN


def test_without_a_display_the_library_cannot_be_loaded() -> None:
    need("pynput")
    program = """
from parleq_hotkey.keys.pynput_listener import load
from parleq_hotkey.ports import DesktopError
try:
    load()
except DesktopError as problem:
    print(problem.reason)
"""
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=15, check=False
    )
    assert done.stdout.strip() == Reason.NO_DISPLAY, done.stderr


def test_a_missing_library_is_an_error_that_says_what_to_install() -> None:
    with pytest.raises(DesktopError, match="pynput is not installed") as raised:
        load("no_such_package.keyboard")
    assert "pip install" in raised.value.hint
