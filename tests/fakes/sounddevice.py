"""As much of sounddevice as the microphone uses: devices out of a list, streams whose frames the test gives."""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Event
from typing import Any


class PortAudioError(Exception):
    """As sounddevice's: text, then PortAudio's number."""


class FakeStream:
    """An open stream. ``feed`` and ``vanish`` are what a device does; closing waits for ``hang``.

    ``source``: what the environment asked the sound server for.
    """

    def __init__(self, library: FakeSoundDevice, options: dict[str, Any]) -> None:
        self.options = options
        self.source = os.environ.get("PULSE_SOURCE", "")
        self.running = False
        self.hang: Event | None = None
        self._library = library

    def start(self) -> None:
        if self._library.start_failure is not None:
            raise self._library.start_failure
        self.running = True
        for pcm in self._library.at_once:
            self.feed(pcm)

    def feed(self, pcm: bytes, flags: int = 0) -> None:
        """The next block."""
        frames = len(pcm) // 2 // self.options["channels"]
        self.options["callback"](memoryview(pcm), frames, None, flags)

    def vanish(self) -> None:
        """The stream ends unasked."""
        self.running = False
        self.options["finished_callback"]()

    def abort(self, ignore_errors: bool = True) -> None:
        """Nothing that matters here."""

    def close(self, ignore_errors: bool = True) -> None:
        if self.hang is not None:
            self.hang.wait(10)
        if self in self._library.open:
            self._library.open.remove(self)
            self._library.closed.set()


class FakeSoundDevice:
    """In place of the module. ``refused``: rates that no device takes; ``failures`` of the next openings, in order.

    ``at_once``: blocks that every stream gives at its start; ``go``: opening waits for it. ``closed``: a stream
    has been closed.
    """

    PortAudioError = PortAudioError

    def __init__(self, *devices: tuple[str, int]) -> None:
        self.devices = list(devices or [("default", 1)])
        self.open: list[FakeStream] = []
        self.opened: list[FakeStream] = []
        self.refused: set[int] = set()
        self.failures: list[Exception] = []
        self.start_failure: Exception | None = None
        self.at_once: list[bytes] = []
        self.renewals = 0
        self.closed = Event()
        self.go: Event | None = None
        self.on_open: Callable[[], None] = lambda: None
        self.default = self

    @property
    def device(self) -> tuple[int, int]:
        """``sounddevice.default.device``: input, output."""
        return (0 if self.devices else -1, -1)

    def query_hostapis(self) -> list[dict[str, Any]]:
        return [{"name": "Fake", "default_input_device": 0 if self.devices else -1}]

    def query_devices(self) -> list[dict[str, Any]]:
        return [
            {
                "index": index,
                "name": name,
                "hostapi": 0,
                "max_input_channels": channels,
                "default_samplerate": 44_100.0,
            }
            for index, (name, channels) in enumerate(self.devices)
        ]

    def RawInputStream(self, **options: Any) -> FakeStream:
        self.on_open()
        if self.go is not None:
            self.go.wait(10)
        if self.failures:
            raise self.failures.pop(0)
        if options["samplerate"] in self.refused:
            raise PortAudioError("Invalid sample rate", -9997)
        stream = FakeStream(self, options)
        self.open.append(stream)
        self.opened.append(stream)
        return stream

    def _terminate(self) -> None:
        assert not self.open, "PortAudio ends under open streams"

    def _initialize(self) -> None:
        self.renewals += 1
