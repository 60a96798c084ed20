"""Watches keys at the kernel's input devices, where the user may read them: on every desktop, and on none.

All keyboards count, those plugged in later too. Nothing is grabbed (that would take the whole keyboard), so the focused
application gets the key as well. A key is where it is: KEY_A is the key right of Caps Lock whatever the layout says.
"""

from __future__ import annotations

import asyncio
import getpass
import importlib
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic, time
from typing import Any

import anyio
from anyio import to_thread

from parleq_hotkey.keys.held import HeldKeys
from parleq_hotkey.keys.matching import WatchedKeys
from parleq_hotkey.keys.names import KEYS
from parleq_hotkey.ports import DesktopError, KeyEvent, Keys, Role
from parleqd.protocol.names import Reason

CHECK_S = 0.5
"""How often devices are looked for, and held keys are asked after."""

FOLDER = Path("/dev/input")
_LATEST_S = 5.0
_EV_SYN, _EV_KEY, _SYN_DROPPED, _DOWN, _UP = 0, 1, 3, 1, 0

Open = Callable[[str], Any]
"""Opens a device, as ``evdev.InputDevice`` does. Raises OSError."""


def list_devices(folder: Path = FOLDER) -> list[str]:
    """The paths of all input devices, whoever may read them."""
    return sorted(str(path) for path in folder.glob("event*"))


def load(library_name: str = "evdev") -> tuple[Open, dict[str, int]]:
    """Imports evdev: how to open a device, and the codes by their names. Raises DesktopError."""
    try:
        library = importlib.import_module(library_name)
    except ImportError as problem:
        hint = "pip install 'parleqd[hotkey]', which needs apt-get install gcc python3-dev linux-libc-dev"
        raise DesktopError(Reason.NO_KEY_SOURCE, "evdev is not installed", hint) from problem
    return library.InputDevice, library.ecodes.ecodes


class EvdevKeys:
    """The key source "evdev". ``load`` and ``devices`` stand for the library and the folder of devices."""

    name = "evdev"
    sees_release = True

    def __init__(
        self, load: Callable[[], tuple[Open, dict[str, int]]] = load, devices: Callable[[], list[str]] = list_devices
    ) -> None:
        self._load = load
        self._list = devices
        self._cancel_wanted = False

    async def watch(self, keys: Keys, on_event: Callable[[KeyEvent], None], ready: Callable[[], None]) -> None:
        """As the port. A keyboard that goes is a release of what it held; watching goes on with the others."""
        watched = WatchedKeys(keys)
        open_device, codes = await to_thread.run_sync(self._load)
        held = HeldKeys(on_event)
        keyboards = _Keyboards(watched, _names(watched, codes), held, lambda: self._cancel_wanted)
        try:
            await self._look(keyboards, open_device)
            keyboards.expect_some()
            ready()
            while True:
                await anyio.sleep(CHECK_S)
                await self._look(keyboards, open_device)
                keyboards.check_held()
        finally:
            keyboards.close()
            held.release_all(monotonic())

    def listen_for_cancel(self, wanted: bool) -> None:
        """As the port."""
        self._cancel_wanted = wanted

    def let_chords_through(self, wanted: bool) -> None:
        """As the port: nothing is in their way."""

    async def _look(self, keyboards: _Keyboards, open_device: Open) -> None:
        paths = await to_thread.run_sync(self._list)
        keyboards.forget_all_but(paths)
        new = [path for path in paths if path not in keyboards.looked_at]
        if new:
            keyboards.add(await to_thread.run_sync(_open, new, open_device))


class _Keyboards:
    """The open keyboards, and what happens at them. ``looked_at``: every device, None for one that is not read."""

    def __init__(
        self, watched: WatchedKeys, names: dict[int, str], held: HeldKeys, cancel_wanted: Callable[[], bool]
    ) -> None:
        self._watched = watched
        self._names = names
        self._codes = {code for code, name in names.items() if name in watched.names}
        self._modifiers = {code: KEYS[name].modifier for code, name in names.items() if KEYS[name].modifier}
        self._modifiers_down: set[tuple[str, int]] = set()
        self._held = held
        self._cancel_wanted = cancel_wanted
        self._loop = asyncio.get_running_loop()
        self._forbidden = False
        self.looked_at: dict[str, Any] = {}

    def add(self, opened: Iterable[tuple[str, Any]]) -> None:
        """Devices that are new here: a device, or the OSError that opening it gave."""
        for path, device in opened:
            if isinstance(device, PermissionError):
                self._forbidden = True  # Asked anew each time: udev may grant it a moment after the device appears.
            elif isinstance(device, OSError):
                pass  # Gone again.
            elif self._codes & set(device.capabilities().get(_EV_KEY, ())):
                self.looked_at[path] = device
                self._loop.add_reader(device.fd, self._read, path, device)
            else:
                self.looked_at[path] = None
                device.close()

    def expect_some(self) -> None:
        """Raises DesktopError when no keyboard can be read."""
        if any(device is not None for device in self.looked_at.values()):
            return
        if self._forbidden:
            raise forbidden()
        message = "no input device has the key" if self.looked_at else "there are no input devices"
        raise DesktopError(Reason.NO_KEY_SOURCE, f"{message} (looked in {FOLDER})", "choose another hotkey.source")

    def forget_all_but(self, paths: list[str]) -> None:
        """Devices whose files are gone."""
        for path in set(self.looked_at) - set(paths):
            self._drop(path)

    def check_held(self) -> None:
        """Releases keys that are up without having told so."""
        for path in {path for path, _code in self._down()}:
            try:
                still_down = set(self.looked_at[path].active_keys())
            except OSError:
                still_down = set()  # It is gone.
            for by in self._down():
                if by[0] == path and by[1] not in still_down:
                    self._up(by, monotonic())

    def close(self) -> None:
        """Closes all."""
        for path in tuple(self.looked_at):
            self._drop(path)

    def _read(self, path: str, device: Any) -> None:
        """What happened at one device."""
        try:
            events = list(device.read())
        except BlockingIOError:
            return
        except OSError:
            self._drop(path)
            return
        for event in events:
            if event.type == _EV_KEY and (event.code in self._codes or event.code in self._modifiers):
                self._happened((path, event.code), event.value, _monotonic(event.timestamp()))
            elif event.type == _EV_SYN and event.code == _SYN_DROPPED:
                self.check_held()

    def _happened(self, by: tuple[str, int], value: int, at: float) -> None:
        """A watched key or a modifier went up or down; a repeat is neither."""
        if value == _UP:
            self._up(by, at)
        elif value == _DOWN:
            code = by[1]
            modifiers = frozenset(self._modifiers[other] for _path, other in self._modifiers_down if other != code)
            role = self._watched.role(self._names[code], modifiers, self._held.roles)
            if role is not None and (role is not Role.CANCEL or self._cancel_wanted()):
                self._held.press(role, at, by=by)
            if code in self._modifiers:
                self._modifiers_down.add(by)

    def _up(self, by: tuple[str, int], at: float) -> None:
        self._modifiers_down.discard(by)
        self._held.release(at, by=by)

    def _down(self) -> list[tuple[str, int]]:
        """The watched keys and the modifiers that are down: device and code."""
        held = {by for by in self._held.down if isinstance(by, tuple)}
        return sorted(held | self._modifiers_down)

    def _drop(self, path: str) -> None:
        """A device is gone: what it held is up."""
        device = self.looked_at.pop(path)
        if device is None:
            return
        self._loop.remove_reader(device.fd)
        device.close()
        for by in self._down():
            if by[0] == path:
                self._up(by, monotonic())


def forbidden() -> DesktopError:
    """Input devices are there, but this user may not read them."""
    hint = (
        f"sudo usermod -aG input {getpass.getuser()}, then log out and in again (programs of yours can then read keys)"
    )
    return DesktopError(Reason.INPUT_FORBIDDEN, f"this user may not read the input devices in {FOLDER}", hint)


def _open(paths: list[str], open_device: Open) -> list[tuple[str, Any]]:
    """Each device, or why it cannot be read."""
    opened: list[tuple[str, Any]] = []
    for path in paths:
        try:
            opened.append((path, open_device(path)))
        except OSError as problem:
            opened.append((path, problem))
    return opened


def _names(watched: WatchedKeys, codes: dict[str, int]) -> dict[int, str]:
    """Keys by their codes. Raises DesktopError for a watched key that has none."""
    names = {codes[key.evdev]: key.name for key in KEYS.values() if key.evdev in codes}
    for chord in watched.chords.values():
        if chord.key.evdev not in codes:
            hint = "choose another key, such as F9 or Pause"
            raise DesktopError(Reason.KEY_UNKNOWN, f"evdev does not tell the key {chord.key.name}", hint)
        names[codes[chord.key.evdev]] = chord.key.name  # some codes have two names: Menu and Multi_key
    return names


def _monotonic(stamp_s: float) -> float:
    """When an event happened, on the monotonic clock; its stamp is the time of day, which somebody may set."""
    return monotonic() - min(max(time() - stamp_s, 0.0), _LATEST_S)
