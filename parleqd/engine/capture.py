"""The bridge that audio crosses: from a source, on the event loop or on a foreign thread, into the journal.

This is the one place where another thread reaches into the daemon (PortAudio's callback, by ``push``). The ring is
bounded and counts what it drops; everything else happens on the event loop.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

import anyio

from parleqd.core.ports import JournalEntry
from parleqd.protocol.names import SAMPLE_BYTES

RING_SECONDS = 5.0
"""How far the event loop may fall behind a foreign thread before frames are dropped."""


class Capture:
    """One session's ``AudioSink``.

    ``on_frames`` is told of frames that are in the journal, and may hold back a file.
    """

    def __init__(self, entry: JournalEntry, on_frames: Callable[[bytes], Awaitable[None]]) -> None:
        self._entry = entry
        self._on_frames = on_frames
        self._loop = asyncio.get_running_loop()
        self._ring: deque[bytes] = deque()
        self._pushed_bytes = 0  # counted by the foreign thread alone: `+=` is no atomic step
        self._taken_bytes = 0  # counted by the event loop alone
        self._filled = asyncio.Event()
        self.dropped_samples = 0

    @property
    def seconds(self) -> float:
        """How much audio is in the journal."""
        return self._entry.seconds

    def set_rate(self, rate: int) -> None:
        """So many samples a second will come."""
        self._entry.set_rate(rate)

    async def write(self, pcm: bytes) -> None:
        """From the event loop."""
        await self._entry.append(pcm)
        await self._on_frames(pcm)

    def push(self, pcm: bytes) -> None:
        """From any thread, but from one at a time."""
        waiting = self._pushed_bytes - self._taken_bytes
        if waiting + len(pcm) > RING_SECONDS * self._entry.rate * SAMPLE_BYTES:
            self.dropped_samples += len(pcm) // SAMPLE_BYTES
            return
        self._pushed_bytes += len(pcm)
        self._ring.append(pcm)
        self._loop.call_soon_threadsafe(self._filled.set)

    async def drain(self) -> None:
        """Move what foreign threads pushed into the journal, for ever; cancel it after a last ``flush``."""
        while True:
            await self._filled.wait()
            await self.flush()

    async def flush(self) -> None:
        """Move what was pushed so far."""
        self._filled.clear()
        while self._ring:
            pcm = self._ring.popleft()
            self._taken_bytes += len(pcm)
            with anyio.CancelScope(shield=True):  # out of the ring and not yet in the journal: no stop may lose it
                await self._entry.append(pcm)
            await self._on_frames(pcm)
