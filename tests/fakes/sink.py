"""An audio sink that remembers what it was given."""

from __future__ import annotations

import anyio

from parleqd.protocol.names import SAMPLE_RATE


class MemorySink:
    """``room``: how many writes find room (None: all); the next one sets ``waiting`` and waits."""

    def __init__(self, room: int | None = None) -> None:
        self.frames: list[bytes] = []
        self.rate = SAMPLE_RATE
        self.waiting = anyio.Event()
        self._room = room
        self._roomy = anyio.Event()

    @property
    def pcm(self) -> bytes:
        """All of it."""
        return b"".join(self.frames)

    def set_rate(self, rate: int) -> None:
        self.rate = rate

    async def write(self, pcm: bytes) -> None:
        if self._room is not None and len(self.frames) >= self._room:
            self.waiting.set()
            await self._roomy.wait()
        self.frames.append(pcm)

    def push(self, pcm: bytes) -> None:
        self.frames.append(pcm)

    def make_room(self) -> None:
        """From now on there is room for everything."""
        self._roomy.set()
