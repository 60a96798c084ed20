"""A journal in the daemon's own memory: nothing survives its end."""

from __future__ import annotations

from parleqd.protocol.names import SAMPLE_BYTES


class MemoryEntry:
    """One session's audio."""

    def __init__(self) -> None:
        self._pcm = bytearray()
        self._trimmed = 0

    @property
    def samples(self) -> int:
        """How many samples were appended, trimmed ones included."""
        return self._trimmed + len(self._pcm) // SAMPLE_BYTES

    async def append(self, pcm: bytes) -> None:
        """Keep these frames."""
        self._pcm += pcm

    def read(self, start: int, count: int) -> bytes:
        """At most ``count`` samples from sample ``start``. Raises ``ValueError`` for trimmed ones."""
        if start < self._trimmed:
            raise ValueError(f"sample {start} was trimmed: the first that is kept is {self._trimmed}")
        first = (start - self._trimmed) * SAMPLE_BYTES
        return bytes(self._pcm[first : first + count * SAMPLE_BYTES])

    def trim(self, before: int) -> None:
        """Free the memory of the samples before this one."""
        gone = min(max(before, self._trimmed), self.samples)
        del self._pcm[: (gone - self._trimmed) * SAMPLE_BYTES]
        self._trimmed = gone

    def discard(self) -> None:
        """Free all of it."""
        self.trim(self.samples)


class MemoryJournal:
    """Fills the ``Journal`` port."""

    def open(self, session_id: str) -> MemoryEntry:
        """A new, empty entry; memory needs no name for it."""
        return MemoryEntry()
