"""Watches keys through pynput: the way on macOS, and X11's second choice, for a key that cannot be grabbed.

pynput's thread sees every key of the user. Its callbacks keep nothing but which watched keys and modifiers are down,
and never suppress: the focused application gets the key too.
"""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable
from time import monotonic
from typing import Any, Protocol

import anyio
from anyio import to_thread

from parleq_hotkey.keys.held import HeldKeys
from parleq_hotkey.keys.matching import WatchedKeys
from parleq_hotkey.keys.names import KEYS
from parleq_hotkey.ports import DesktopError, KeyEvent, Keys, Role
from parleqd.protocol.names import Reason

CHECK_S = 0.25
"""How often the listener's thread is asked whether it lives: its death is told nobody."""

_START_S = 5.0
_STOP_S = 1.0
_LEVEL3_SHIFT = 0xFE03  # the keysym of AltGr, which pynput has no name for
_MACOS_HINT = (
    "allow it in System Settings → Privacy & Security → Input Monitoring and Accessibility, then start it again"
)


class Listener(Protocol):
    """As much of ``pynput.keyboard.Listener``, a thread, as is used."""

    def start(self) -> None:
        """Starts the thread."""

    def wait(self) -> None:
        """Blocks until it listens, or has died."""

    def is_alive(self) -> bool:
        """Does the thread run? The only sign of a display that ended."""

    def stop(self) -> None:
        """Asks it to end."""

    def join(self, timeout: float) -> None:
        """Waits for its end."""


StartListener = Callable[..., Listener]
"""``pynput.keyboard.Listener``, or what stands for it: called with ``on_press`` and ``on_release``."""


def load(library_name: str = "pynput.keyboard") -> StartListener:
    """Imports pynput, which connects to the display as it does. Raises DesktopError."""
    try:
        library = importlib.import_module(library_name)
    except ModuleNotFoundError as problem:
        hint = "pip install 'parleqd[hotkey]' (on Linux it needs a C compiler: apt-get install gcc python3-dev)"
        raise DesktopError(Reason.NO_KEY_SOURCE, "pynput is not installed", hint) from problem
    except ImportError as problem:
        hint = "start parleq-hotkey within the desktop session"
        raise DesktopError(Reason.NO_DISPLAY, "pynput finds no display", hint) from problem

    class Told(library.Listener):  # type: ignore[misc, name-defined]
        """pynput's own leaves those who wait for it waiting, should it die before it listens."""

        def run(self) -> None:
            """As the thread's. It ends quietly with its display: `is_alive` tells."""
            try:
                super().run()
            except Exception:  # noqa: BLE001, S110 — whatever the display's library raises; it would go to stderr
                pass
            finally:
                self._mark_ready()

    return Told


class PynputKeys:
    """The key source "pynput", on the display that DISPLAY names; ``load`` gives the listener's class."""

    name = "pynput"
    sees_release = True

    def __init__(self, load: Callable[[], StartListener] = load) -> None:
        self._load = load
        self._cancel_wanted = False

    async def watch(self, keys: Keys, on_event: Callable[[KeyEvent], None], ready: Callable[[], None]) -> None:
        """As the port."""
        watched = WatchedKeys(keys)
        for chord in watched.chords.values():
            if not chord.key.pynput:
                hint = f"choose another key, such as F9 or Pause, or another hotkey.source than {self.name}"
                raise DesktopError(Reason.KEY_UNKNOWN, f"pynput does not tell the key {chord.key.name}", hint)
        start_listener = await to_thread.run_sync(self._load)
        held = HeldKeys(on_event)
        pressed, loop = _Pressed(watched, held), asyncio.get_running_loop()

        def on_press(key: Any, *_: Any) -> None:
            loop.call_soon_threadsafe(self._pressed, pressed, _identity(key), monotonic())

        def on_release(key: Any, *_: Any) -> None:
            loop.call_soon_threadsafe(pressed.released, _identity(key), monotonic())

        listener = start_listener(on_press=on_press, on_release=on_release)
        listener.start()
        try:
            await _listening(listener)
            ready()
            while listener.is_alive():  # noqa: ASYNC110 — a thread that dies sets no event
                await anyio.sleep(CHECK_S)
            raise DesktopError(Reason.NO_DISPLAY, "pynput's listener has ended, as it does with its display")
        finally:
            pressed.over = True
            held.release_all(monotonic())
            await _end(listener)

    def listen_for_cancel(self, wanted: bool) -> None:
        """As the port."""
        self._cancel_wanted = wanted

    def let_chords_through(self, wanted: bool) -> None:
        """As the port: nothing is in their way."""

    def _pressed(self, pressed: _Pressed, identity: str, at: float) -> None:
        pressed.pressed(identity, at, cancel_wanted=self._cancel_wanted)


class _Pressed:
    """What is known of the keyboard: the watched keys and the modifiers that are down. ``over``: nothing counts now."""

    def __init__(self, watched: WatchedKeys, held: HeldKeys) -> None:
        self._watched = watched
        self._held = held
        self._modifiers: set[str] = set()
        self.over = False

    def pressed(self, identity: str, at: float, *, cancel_wanted: bool) -> None:
        """A key went down, or repeats."""
        name, modifier = _KEYS_BY_IDENTITY.get(identity, "?"), _MODIFIERS_BY_IDENTITY.get(identity)
        if self.over:
            return
        modifiers = frozenset(_MODIFIERS_BY_IDENTITY[key] for key in self._modifiers - {identity})
        role = self._watched.role(name, modifiers, self._held.roles)
        if role is not None and (role is not Role.CANCEL or cancel_wanted):
            self._held.press(role, at, by=identity)
        if modifier is not None:
            self._modifiers.add(identity)

    def released(self, identity: str, at: float) -> None:
        """A key went up."""
        self._modifiers.discard(identity)
        self._held.release(at, by=identity)


async def _listening(listener: Listener) -> None:
    """Waits until the listener listens. Raises DesktopError when it does not."""
    with anyio.move_on_after(_START_S):
        await to_thread.run_sync(listener.wait, abandon_on_cancel=True)
    if not listener.is_alive():
        raise DesktopError(Reason.NO_DISPLAY, "pynput's listener does not start", "is the display still there?")
    if not getattr(listener, "IS_TRUSTED", True):
        raise DesktopError(Reason.INPUT_FORBIDDEN, "macOS does not let this program see keys", _MACOS_HINT)


async def _end(listener: Listener) -> None:
    """Ends the thread. One that has died of its display is left alone: asking it to stop would fail."""
    if listener.is_alive():
        with anyio.CancelScope(shield=True):
            listener.stop()
            await to_thread.run_sync(listener.join, _STOP_S)


def _identity(key: Any) -> str:
    """What tells a key from others, of pynput's ``Key`` (its name) or ``KeyCode`` (its character)."""
    if getattr(key, "vk", None) == _LEVEL3_SHIFT:
        return "alt_gr"
    return str(getattr(key, "name", None) or (getattr(key, "char", None) or "").lower())


# What pynput calls the left key of a pair is the pair's own name, where both are one member of its ``Key``.
_PAIRS = {"ctrl_l": "ctrl", "shift_l": "shift", "alt_l": "alt", "cmd_l": "cmd"}
_IDENTITIES = [(identity, key) for key in KEYS.values() for identity in {key.pynput, _PAIRS.get(key.pynput, "")} - {""}]
_KEYS_BY_IDENTITY = {identity: key.name for identity, key in _IDENTITIES}
_MODIFIERS_BY_IDENTITY = {identity: key.modifier for identity, key in _IDENTITIES if key.modifier}
