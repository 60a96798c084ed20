"""A journal in the daemon's own memory: nothing survives its end."""

from __future__ import annotations

from collections.abc import Sequence

from parleqd.core.ports import JournalEntry, LeftBehind
from parleqd.core.session.stages import Stage
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE


class MemoryEntry:
    """One session's audio, from sample ``first`` on."""

    def __init__(self, rate: int = SAMPLE_RATE, first: int = 0) -> None:
        self._rate = rate
        self._pcm = bytearray()
        self._trimmed = first

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self._rate

    @property
    def samples(self) -> int:
        """How many samples were appended, trimmed ones included."""
        return self._trimmed + len(self._pcm) // SAMPLE_BYTES

    @property
    def seconds(self) -> float:
        """The same in seconds."""
        return self.samples / self._rate

    def set_rate(self, rate: int) -> None:
        """Samples a second, said before the first append."""
        self._rate = rate

    def note(self, stage: Stage) -> None:
        """Nothing is kept: only a later daemon would read it, and that one finds nothing here."""

    async def append(self, pcm: bytes) -> None:
        """Keep these frames."""
        self.keep(pcm)

    def keep(self, pcm: bytes) -> None:
        """The same, from anywhere."""
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

    def hand_over(self) -> MemoryEntry:
        """A new entry with this one's audio."""
        heir = MemoryEntry(self._rate)
        heir._pcm, heir._trimmed = self._pcm, self._trimmed
        self._pcm, self._trimmed = bytearray(), self.samples
        return heir


class MemoryJournal:
    """Fills the ``Journal`` port. ``why`` not in files, if that was wished for."""

    survives = False

    def __init__(self, why: str = "") -> None:
        self._why = why

    @property
    def place(self) -> str:
        """The daemon's own memory."""
        return f"the daemon's own memory ({self._why})" if self._why else "the daemon's own memory"

    def open(self, session_id: str) -> MemoryEntry:
        """A new, empty entry; memory needs no name for it."""
        return MemoryEntry()

    def inherit(self, session_id: str, entry: JournalEntry, stage: Stage) -> MemoryEntry:
        """A new entry with another's audio, which has none from then on. Raises ``TypeError`` for another journal's."""
        if not isinstance(entry, MemoryEntry):
            raise TypeError(f"a journal in memory cannot take over a {type(entry).__name__}")
        return entry.hand_over()

    def left_behind(self) -> Sequence[LeftBehind]:
        """Nothing: that is what this journal is."""
        return ()

    def close(self) -> None:
        """The daemon ends, and everything with it."""
