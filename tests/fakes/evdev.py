"""As much of evdev as the hotkey client uses: keyboards out of pipes, which come, go and lose events."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import time

from parleq_hotkey.keys.names import KEYS

EV_SYN, EV_KEY, SYN_DROPPED = 0, 1, 3
FIRST, SECOND = "/dev/input/event3", "/dev/input/event10"


@dataclass(frozen=True)
class FakeEvent:
    """As ``evdev.InputEvent``; ``value``: 1 down, 0 up, 2 repeated."""

    type: int
    code: int
    value: int
    stamp: float

    def timestamp(self) -> float:
        """The time of day at which it happened."""
        return self.stamp


class FakeDevice:
    """An open device: what ``evdev.InputDevice(path)`` gives."""

    def __init__(self, codes: Iterable[int]) -> None:
        self.fd, self._writer = os.pipe2(os.O_NONBLOCK)
        self.codes = list(codes)
        self.down: set[int] = set()
        self.events: list[FakeEvent] = []
        self.gone = False
        self.closed = False

    def capabilities(self) -> dict[int, list[int]]:
        """What it can send."""
        return {EV_SYN: [], EV_KEY: self.codes}

    def active_keys(self) -> list[int]:
        """The keys that are down."""
        if self.gone:
            raise OSError(errno.ENODEV, "no such device")
        return sorted(self.down)

    def read(self) -> list[FakeEvent]:
        """What happened since."""
        if self.gone:
            raise OSError(errno.ENODEV, "no such device")
        os.read(self.fd, 4096)  # BlockingIOError when nothing did
        events, self.events = self.events, []
        return events

    def close(self) -> None:
        """As the real one."""
        self.closed = True
        os.close(self.fd)
        if not self.gone:
            os.close(self._writer)

    def happen(self, event: FakeEvent) -> None:
        """The kernel has an event for who reads."""
        self.events.append(event)
        os.write(self._writer, b".")

    def vanish(self) -> None:
        """It is unplugged: reads fail from now on."""
        self.gone = True
        os.close(self._writer)


class FakeInput:
    """In place of the library and of /dev/input. ``forbidden``: who opens a device is refused."""

    def __init__(self) -> None:
        names = sorted({key.evdev for key in KEYS.values()} - {""})
        self.codes: Mapping[str, int] = {name: number for number, name in enumerate(names, 1)}
        self.forbidden = False
        self.plugged: dict[str, list[FakeDevice]] = {}
        self._capable: dict[str, list[int]] = {}

    def load(self) -> tuple[Callable[[str], FakeDevice], dict[str, int]]:
        """How to open a device, and the codes by their names."""
        return self.open, dict(self.codes)

    def paths(self) -> list[str]:
        """The paths of the devices."""
        return sorted(self.plugged)

    def open(self, path: str) -> FakeDevice:
        """As the constructor of ``InputDevice``."""
        if path not in self.plugged:
            raise FileNotFoundError(errno.ENOENT, "no such file", path)
        if self.forbidden:
            raise PermissionError(errno.EACCES, "permission denied", path)
        device = FakeDevice(self._capable[path])
        self.plugged[path].append(device)
        return device

    def plug(self, path: str, keys: Iterable[str] | None = None) -> None:
        """A device with these keys (by their codes' names), all of them unless told."""
        self.plugged[path] = []
        self._capable[path] = [self.codes[key] for key in (self.codes if keys is None else keys)]

    def unplug(self, path: str) -> None:
        """It goes, with its file."""
        for device in self.plugged.pop(path):
            if not device.closed:
                device.vanish()

    def press(self, name: str, path: str = FIRST) -> None:
        """A key goes down (by its name in X11), or repeats."""
        for device, code in self._at(name, path):
            repeated = code in device.down
            device.down.add(code)
            device.happen(FakeEvent(EV_KEY, code, 2 if repeated else 1, time()))

    def release(self, name: str, path: str = FIRST) -> None:
        """It goes up."""
        for device, code in self._at(name, path):
            device.down.discard(code)
            device.happen(FakeEvent(EV_KEY, code, 0, time()))

    def overrun(self, name: str, path: str = FIRST) -> None:
        """It goes up, and that event is lost with others."""
        for device, code in self._at(name, path):
            device.down.discard(code)
            device.happen(FakeEvent(EV_SYN, SYN_DROPPED, 0, time()))

    @property
    def read(self) -> bool:
        """Has all that happened been read?"""
        return not any(device.events for opened in self.plugged.values() for device in opened if not device.closed)

    def _at(self, name: str, path: str) -> list[tuple[FakeDevice, int]]:
        return [(device, self.codes[KEYS[name].evdev]) for device in self.plugged[path] if not device.closed]
