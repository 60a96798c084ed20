"""What a key source must do: X11's grab and pynput at a real server, evdev at devices of pipes, and the fake."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import monotonic
from typing import Protocol

import pytest
from anyio import move_on_after, to_thread
from anyio.lowlevel import checkpoint

from parleq_hotkey.keys.evdev_devices import EvdevKeys
from parleq_hotkey.keys.matching import WatchedKeys
from parleq_hotkey.keys.names import KEYS
from parleq_hotkey.keys.pynput_listener import PynputKeys
from parleq_hotkey.keys.x11 import X11Keys
from parleq_hotkey.ports import Keys, KeySource
from parleqd._tools.private_x import PrivateX, private_x
from parleqd.protocol.names import Reason
from tests.fakes.evdev import FIRST, SECOND, FakeInput
from tests.fakes.key_source import FakeKeySource
from tests.parts import need
from tests.watching import Watching, assert_paired, watching
from tests.x_keys import XKeys, forgotten_sockets, x_keys

pytestmark = pytest.mark.asyncio

F9 = Keys("F9", "Escape")


class Rig(Protocol):
    """A key source, and the keyboard that it watches."""

    source: KeySource

    async def press(self, key: str) -> None:
        """A key goes down, or is said to be once more; for X11's repeats see the grab's own tests."""

    async def release(self, key: str) -> None:
        """It goes up."""

    async def lose(self) -> bool:
        """What is watched ends; is that the end for the source?"""

    async def settle(self, watched: Watching) -> None:
        """Waits until events come for sure."""


class XRig:
    """Keys of a real X server."""

    def __init__(self, server: PrivateX, keys: XKeys, source: KeySource) -> None:
        self.source = source
        self._server = server
        self._keys = keys

    async def press(self, key: str) -> None:
        self._keys.press(key)
        await checkpoint()

    async def release(self, key: str) -> None:
        self._keys.release(key)
        await checkpoint()

    async def lose(self) -> bool:
        await to_thread.run_sync(self._server.kill)
        return True

    async def settle(self, watched: Watching) -> None:
        """They come at once."""


class PynputRig(XRig):
    """The same, without grabbing."""

    async def settle(self, watched: Watching) -> None:
        # The listener says that it listens a moment before it does.
        await _heard(self, watched, "F9")


class EvdevRig:
    """Keys of a device of pipes; there is a second keyboard."""

    def __init__(self) -> None:
        self.input = FakeInput()
        self.source: KeySource = EvdevKeys(self.input.load, self.input.paths)
        for path in (FIRST, SECOND):
            self.input.plug(path)

    async def press(self, key: str) -> None:
        self.input.press(key)
        await self._read()

    async def release(self, key: str) -> None:
        self.input.release(key)
        await self._read()

    async def lose(self) -> bool:
        self.input.unplug(FIRST)
        return False

    async def settle(self, watched: Watching) -> None:
        """They come at once."""

    async def _read(self) -> None:
        while not self.input.read:
            await checkpoint()


class FakeRig:
    """The fake, told what role a key has."""

    def __init__(self) -> None:
        self.fake = FakeKeySource()
        self.source: KeySource = self.fake
        self._down: set[str] = set()

    async def press(self, key: str) -> None:
        modifiers = frozenset(KEYS[name].modifier for name in self._down - {key}) - {""}
        role = WatchedKeys(self.fake.keys or F9).role(key, modifiers, self.fake.held)
        self._down.add(key)
        if role is not None:
            self.fake.press(role)

    async def release(self, key: str) -> None:
        self._down.discard(key)
        for role, chord in WatchedKeys(self.fake.keys or F9).chords.items():
            if chord.key.name == key:
                self.fake.release(role)

    async def lose(self) -> bool:
        self.fake.lose()
        return True

    async def settle(self, watched: Watching) -> None:
        """They come at once."""


@pytest.fixture(params=["x11", "pynput", "evdev", "fake"])
def rig(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with _RIGS[request.param](monkeypatch) as opened:
        yield opened


@contextmanager
def _x11(_monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    with _server() as (server, keys):
        yield XRig(server, keys, X11Keys(server.name))


@contextmanager
def _pynput(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    need("pynput")
    with forgotten_sockets(), _server() as (server, keys):
        monkeypatch.setenv("DISPLAY", server.name)
        yield PynputRig(server, keys, PynputKeys())


@contextmanager
def _evdev(_monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    yield EvdevRig()


@contextmanager
def _fake(_monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    yield FakeRig()


@contextmanager
def _server() -> Iterator[tuple[PrivateX, XKeys]]:
    need("xvfb")
    with private_x(window_manager=False) as server, x_keys(server.name) as keys:
        yield server, keys


_RIGS: dict[str, Callable[[pytest.MonkeyPatch], AbstractContextManager[Rig]]] = {
    "x11": _x11,
    "pynput": _pynput,
    "evdev": _evdev,
    "fake": _fake,
}


async def test_a_tap_is_a_press_and_a_release(rig: Rig) -> None:
    async with watching(rig.source, F9) as watched:
        await rig.settle(watched)
        before = monotonic()
        await rig.press("F9")
        await rig.release("F9")
        await watched.told("+dictate", "-dictate")
    pressed, released = watched.events
    assert before - 1 < pressed.at <= released.at <= monotonic()  # on the monotonic clock


async def test_a_hold_with_repeats_is_one_press(rig: Rig) -> None:
    async with watching(rig.source, F9) as watched:
        await rig.settle(watched)
        for _repeat in range(20):
            await rig.press("F9")
        await rig.release("F9")
        await watched.told("+dictate", "-dictate")


async def test_quick_taps_are_told_one_by_one(rig: Rig) -> None:
    async with watching(rig.source, F9) as watched:
        await rig.settle(watched)
        for _tap in range(4):
            await rig.press("F9")
            await rig.release("F9")
        await watched.told(*["+dictate", "-dictate"] * 4)


async def test_a_modifier_may_be_the_key(rig: Rig) -> None:
    async with watching(rig.source, Keys("Control_R")) as watched:
        await _heard(rig, watched, "Control_R")
        await rig.press("Control_R")
        await rig.press("a")
        await rig.release("a")
        await rig.release("Control_R")
        await watched.told("+dictate", "-dictate")


async def test_a_chord_wants_its_modifiers_and_ends_with_its_key(rig: Rig) -> None:
    async with watching(rig.source, Keys("ctrl+F9")) as watched:
        await _heard(rig, watched, "Control_L", "F9")
        await rig.press("F9")  # alone
        await rig.release("F9")
        await rig.press("Control_L")
        await rig.press("F9")
        await rig.release("F9")
        await watched.told("+dictate", "-dictate")
        await rig.press("F9")
        await rig.release("Control_L")
        await rig.release("F9")
        await watched.told(*["+dictate", "-dictate"] * 2)


async def test_another_chord_of_the_key_is_not_it(rig: Rig) -> None:
    async with watching(rig.source, F9) as watched:
        await rig.settle(watched)
        for modifier in ("Control_L", "Shift_L", "Alt_L", "Super_L"):
            await rig.press(modifier)
            await rig.press("F9")
            await rig.release("F9")
            await rig.release(modifier)
        await rig.press("F9")
        await watched.told("+dictate")


async def test_other_keys_are_nothing(rig: Rig) -> None:
    async with watching(rig.source, F9) as watched:
        await rig.settle(watched)
        for key in ("a", "F8", "space", "Escape"):
            await rig.press(key)
            await rig.release(key)
        await rig.press("F9")
        await rig.press("a")
        await rig.release("a")
        await rig.release("F9")
        await watched.told("+dictate", "-dictate")


async def test_the_cancel_key_is_watched_only_while_it_is_wanted(rig: Rig) -> None:
    async def tap() -> None:
        await rig.press("Escape")
        await rig.release("Escape")

    async with watching(rig.source, F9) as watched:
        await rig.settle(watched)
        await tap()
        await _heard(rig, watched, "F9")  # keys come in order, some time later: the tap is over
        rig.source.listen_for_cancel(True)
        await tap()
        await watched.told("+cancel", "-cancel")
        await rig.press("F9")
        await tap()
        await rig.release("F9")
        await watched.told("+cancel", "-cancel", "+dictate", "+cancel", "-cancel", "-dictate")
        rig.source.listen_for_cancel(False)
        watched.events.clear()
        await tap()
        await rig.press("F9")
        await tap()
        await rig.release("F9")
        await watched.told("+dictate", "-dictate")


async def test_the_cancel_key_is_heard_while_a_chord_is_held(rig: Rig) -> None:
    async with watching(rig.source, Keys("ctrl+F9", "Escape")) as watched:
        rig.source.listen_for_cancel(True)
        await _heard(rig, watched, "Control_L", "F9")
        await rig.press("Control_L")
        await rig.press("F9")
        await rig.press("Escape")
        await rig.release("Escape")
        await watched.told("+dictate", "+cancel", "-cancel")


async def test_a_third_key_offers_what_waits(rig: Rig) -> None:
    async with watching(rig.source, Keys("F9", "Escape", "shift+F9")) as watched:
        await rig.settle(watched)
        await rig.press("Shift_L")
        await rig.press("F9")
        await rig.release("F9")
        await rig.release("Shift_L")
        await watched.told("+offer", "-offer")


async def test_what_ends_while_the_key_is_down_releases_it(rig: Rig) -> None:
    async with watching(rig.source, F9) as watched:
        await rig.settle(watched)
        await rig.press("F9")
        await watched.told("+dictate")
        ends = await rig.lose()
        await watched.told("+dictate", "-dictate")
        if ends:
            assert (await watched.ended()).reason == Reason.NO_DISPLAY
        else:
            assert not watched.over


async def test_who_stops_watching_is_told_the_release(rig: Rig) -> None:
    async with watching(rig.source, F9) as watched:
        await rig.settle(watched)
        await rig.press("F9")
        await watched.told("+dictate")
        watched.scope.cancel()
        await watched.told("+dictate", "-dictate")
    assert_paired(watched.events)


async def test_it_can_watch_again(rig: Rig) -> None:
    for key in ("F9", "F8"):
        async with watching(rig.source, Keys(key)) as watched:
            await _heard(rig, watched, key)
            await rig.press(key)
            await rig.release(key)
            await watched.told("+dictate", "-dictate")


async def test_an_unknown_key_is_refused(rig: Rig) -> None:
    async with watching(rig.source, Keys("Controll_R")) as watched:
        problem = await watched.ended()
    assert problem.reason == Reason.KEY_UNKNOWN
    assert "Control_R" in problem.hint


async def _heard(rig: Rig, watched: Watching, *chord: str) -> None:
    """Taps the chord until that is heard, where the first taps may not be."""
    while isinstance(rig, PynputRig) and not watched.events:
        for key in chord:
            await rig.press(key)
        for key in reversed(chord):
            await rig.release(key)
        with move_on_after(1):
            await watched.until(lambda: len(watched.events) == 2)
    watched.events.clear()
