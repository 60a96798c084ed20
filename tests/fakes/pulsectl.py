"""As much of pulsectl as the microphone uses: a sound server out of a list of sources."""

from __future__ import annotations

import os
from threading import Event
from types import SimpleNamespace
from typing import Any

_NONE = 0xFFFFFFFF  # PA_INVALID_INDEX
_OWN = {"application.process.id": str(os.getpid())}


class PulseError(Exception):
    """As pulsectl's."""


class CallError(Exception):
    """As libpulse's own in pulsectl, for a question to a server that has just died; it is no ``PulseError``."""


class FakeServer:
    """In place of the module, and of the server behind it. ``heard``: the source that this process records from.

    ``own_alsa``: by PipeWire's own ALSA plugin, whose streams do not tell their process; ``shows_late``: so many looks
    do not find the stream yet; ``linked_late``: then so many find it without a source. ``hang``: answers wait for it.
    ``asked``: how often.
    ``failures`` of the next answers, in order. ``properties``: of sources, by name; ``sinks``: of sinks, of which the
    first is the default one.
    """

    PulseError = PulseError
    _pulsectl = SimpleNamespace(LibPulse=SimpleNamespace(CallError=CallError))

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.muted: set[str] = set()
        self.turned_down: set[str] = set()
        self.suspended: set[str] = set()
        self.properties: dict[str, dict[str, str]] = {}
        self.sinks: dict[str, dict[str, str]] = {}
        self.default = names[0] if names else ""
        self.heard = ""
        self.own_alsa = False
        self.shows_late = 0
        self.linked_late = 0
        self.up = True
        self.hang: Event | None = None
        self.connections = 0
        self.asked = 0
        self.failures: list[Exception] = []
        self.steered: list[str] = []

    def Pulse(self, name: str) -> FakeServer:
        self._check()
        self.connections += 1
        return self

    def close(self) -> None:
        self.connections -= 1

    def server_info(self) -> Any:
        self._check()
        self.asked += 1
        return SimpleNamespace(default_source_name=self.default, default_sink_name=next(iter(self.sinks), None))

    def sink_list(self) -> list[Any]:
        self._check()
        return [SimpleNamespace(name=name, proplist=properties) for name, properties in self.sinks.items()]

    def source_list(self) -> list[Any]:
        self._check()
        return [
            SimpleNamespace(
                index=index,
                name=name,
                description=name.title(),
                monitor_of_sink_name="sink" if name.endswith("monitor") else None,
                channel_count=1,
                sample_spec=SimpleNamespace(rate=48_000),
                mute=int(name in self.muted),
                volume=SimpleNamespace(value_flat=0.0 if name in self.turned_down else 1.0),
                state="suspended" if name in self.suspended else "running",
                proplist=self.properties.get(name, {}),
            )
            for index, name in enumerate(self.names)
        ]

    def client_list(self) -> list[Any]:
        self._check()
        return [SimpleNamespace(index=3, proplist={}), SimpleNamespace(index=4, proplist=_OWN)]

    def source_output_list(self) -> list[Any]:
        found = [SimpleNamespace(index=7, source=0, client=3, proplist={})]
        if self.heard in self.names and self.shows_late:
            self.shows_late -= 1
        elif self.heard in self.names:
            client, told = (4, {}) if self.own_alsa else (5, _OWN)
            source = _NONE if self.linked_late else self.names.index(self.heard)
            self.linked_late = max(0, self.linked_late - 1)
            found.append(SimpleNamespace(index=8, source=source, client=client, proplist=told))
        return found

    def source_output_move(self, output: int, source: int) -> None:
        assert output == 8
        self.heard = self.names[source]
        self.steered.append(self.heard)

    def _check(self) -> None:
        if self.hang is not None:
            self.hang.wait(10)
        if not self.up:
            raise PulseError("connection refused")
        if self.failures:
            raise self.failures.pop(0)
