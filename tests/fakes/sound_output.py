"""As much of sounddevice as sounds use: streams that keep what is written to them."""

from __future__ import annotations

from threading import Event
from typing import Any


class PortAudioError(Exception):
    """As sounddevice's."""


class FakeOutput:
    """In place of the module. ``events``: what was done, in order; ``hang``: where the library waits, and for what."""

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        self.played: list[bytes] = []
        self.events: list[str] = []
        self.hang: dict[str, Event] = {}
        self.failure: PortAudioError | None = None
        self.loads = 0
        self.latency = 0.0

    def load(self) -> FakeOutput:
        self.loads += 1
        return self

    def RawOutputStream(self, **options: Any) -> FakeOutput:
        if self.failure is not None:
            raise self.failure
        self._at("open")
        self.played.append(b"")
        return self

    def start(self) -> None:
        self._at("start")

    def write(self, pcm: bytes) -> None:
        self._at("write")
        self.played[-1] += pcm

    def stop(self) -> None:
        self._at("stop")

    def abort(self) -> None:
        self._at("abort")

    def close(self) -> None:
        self._at("close")

    def _at(self, event: str) -> None:
        if self.events[-1:] != [event]:
            self.events.append(event)
        if event in self.hang:
            self.hang[event].wait(10)
