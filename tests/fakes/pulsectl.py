"""As much of pulsectl as the microphone uses: a sound server out of a list of sources."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import Any


class PulseError(Exception):
    """As pulsectl's."""


class FakeServer:
    """In place of the module, and of the server behind it. ``heard``: the source that this process records from."""

    PulseError = PulseError

    def __init__(self, *names: str) -> None:
        self.names = list(names)
        self.muted: set[str] = set()
        self.default = names[0] if names else ""
        self.heard = ""
        self.up = True
        self.connections = 0
        self.steered: list[str] = []

    def Pulse(self, name: str) -> FakeServer:
        self._check()
        self.connections += 1
        return self

    def close(self) -> None:
        self.connections -= 1

    def server_info(self) -> Any:
        self._check()
        return SimpleNamespace(default_source_name=self.default)

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
            )
            for index, name in enumerate(self.names)
        ]

    def source_output_list(self) -> list[Any]:
        own = {"application.process.id": str(os.getpid())}
        found = [SimpleNamespace(index=7, source=0, proplist={})]
        if self.heard in self.names:
            found.append(SimpleNamespace(index=8, source=self.names.index(self.heard), proplist=own))
        return found

    def source_output_move(self, output: int, source: int) -> None:
        assert output == 8
        self.heard = self.names[source]
        self.steered.append(self.heard)

    def _check(self) -> None:
        if not self.up:
            raise PulseError("connection refused")
