"""The real microphone adapter over fakes of its two libraries, with a device that a test plays on."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import anyio

from parleqd.adapters.audio.microphone.source import MicrophoneSource
from parleqd.core.capture.ladder import Rung
from parleqd.core.errors import OutsideError
from parleqd.core.ports import CaptureRequest, MicrophoneChoice, MicrophoneStatus
from parleqd.protocol.names import MicrophoneState, Source
from tests.fakes.log import MemoryLog
from tests.fakes.pulsectl import FakeServer
from tests.fakes.sink import MemorySink
from tests.fakes.sounddevice import FakeSoundDevice, FakeStream

BLOCK = bytes(range(64)) * 10
QUICK = (Rung(0.0, False), Rung(0.0, True), Rung(0.0, True), Rung(0.0, True))


class Stage:
    """A source, its libraries, and every status that it told."""

    def __init__(
        self,
        library: FakeSoundDevice | None = None,
        server: FakeServer | None = None,
        rungs: Sequence[Rung] = QUICK,
    ) -> None:
        self.library = library or FakeSoundDevice()
        self.server = server or FakeServer()
        self.server.up = server is not None
        self.library.on_open = self._link
        self.log = MemoryLog()
        self.statuses: list[MicrophoneStatus] = []
        self.problem: OutsideError | None = None
        self.source = MicrophoneSource(self.log, lambda: self.library, lambda: self.server, rungs, ask_s=0.01)

    @asynccontextmanager
    async def running(self, choice: MicrophoneChoice | None = None) -> AsyncIterator[None]:
        """With `run`, and prepared."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.source.run, choice or MicrophoneChoice(), self.statuses.append)
            await until(lambda: bool(self.statuses))
            yield
            tasks.cancel_scope.cancel()

    @asynccontextmanager
    async def capturing(self, sink: MemorySink) -> AsyncIterator[None]:
        """During a capture; its failure is kept in ``problem``."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._capture, sink)
            yield
            tasks.cancel_scope.cancel()

    async def stream(self, number: int = 1) -> FakeStream:
        """The ``number``-th stream that was opened, once it is."""
        await until(lambda: len(self.library.opened) >= number)
        return self.library.opened[number - 1]

    async def status(self, state: MicrophoneState, holds: Callable[[MicrophoneStatus], bool] = bool) -> None:
        """Wait until the status is so."""
        await until(lambda: self.source.status.state is state and holds(self.source.status))

    def _link(self) -> None:
        """A stream that is opened records from what the environment names."""
        self.server.heard = os.environ.get("PULSE_SOURCE", self.server.default)

    async def _capture(self, sink: MemorySink) -> None:
        try:
            await self.source.capture(CaptureRequest(Source.MICROPHONE), sink)
        except OutsideError as problem:
            self.problem = problem


async def until(holds: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait for something that becomes true in another task or thread."""
    with anyio.fail_after(within_s):
        while not holds():  # noqa: ASYNC110 - a thread's work sets no event of the loop
            await anyio.sleep(0.002)
