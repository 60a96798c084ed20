"""A session's audio in its folder: chunks of which the newest is also in memory, and what no file would take."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

from parleqd.adapters.journal.chunk import CHUNK_BYTES, Chunk, chunks_in
from parleqd.adapters.journal.memory import MemoryEntry
from parleqd.adapters.journal.seal import Seal
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE


class Track:
    """Samples are numbered from the session's beginning.

    Memory stays bounded: a copy of the newest chunk, and one older chunk, the last that was read. ``chunk_bytes``: how
    much audio goes into one.
    """

    def __init__(self, seal: Seal, rate: int = SAMPLE_RATE, chunk_bytes: int = CHUNK_BYTES) -> None:
        self.rate = rate
        self._chunk_bytes = chunk_bytes
        self.samples = 0
        self._seal = seal
        self._trimmed = 0
        self._chunks: list[Chunk] = []
        self._newest = bytearray()
        self._read: tuple[Chunk, bytearray] | None = None
        self._memory: MemoryEntry | None = None
        self._memory_from = 0

    @classmethod
    def found(cls, folder: Path, seal: Seal) -> Track:
        """What lies in ``folder``. Raises ``OSError``."""
        track = cls(seal)
        track._chunks = chunks_in(folder)
        if track._chunks:
            newest = track._chunks[-1]
            track.rate, track._trimmed = newest.rate, track._chunks[0].first
            track._newest = newest.pcm(seal)
            track.samples = newest.first + len(track._newest) // SAMPLE_BYTES
        return track

    @property
    def in_files(self) -> bool:
        """Does everything lie in files so far?"""
        return self._memory is None

    def append(self, folder: Path, pcm: bytes) -> OSError | None:
        """Keep these frames: in memory from the first on that no file would take, with the error that says why."""
        if self._memory is None:
            try:
                self._write(folder, pcm)
                return None
            except OSError as error:
                self.go_on_in_memory()
                self._remember(pcm)
                return error
        self._remember(pcm)
        return None

    def read(self, start: int, count: int) -> bytes:
        """As the port's. What cannot be read from its file any more is silence."""
        if start < self._trimmed:
            raise ValueError(f"sample {start} was trimmed: the first that is kept is {self._trimmed}")
        end = min(start + count, self.samples)
        pieces = []
        while start < end:
            piece = self._piece(start, end)
            pieces.append(piece)
            start += len(piece) // SAMPLE_BYTES
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def trim(self, before: int) -> None:
        """Delete the files that end before it. Raises ``OSError``."""
        self._trimmed = min(max(before, self._trimmed), self.samples)
        if self._memory is not None:
            self._memory.trim(self._trimmed)
        while len(self._chunks) > 1 and self._chunks[1].first <= self._trimmed:
            self._chunks.pop(0).remove()
        if self._chunks and self._trimmed == self.samples:
            self._chunks.pop().remove()
            self._newest = bytearray()

    def go_on_in_memory(self) -> None:
        """From now on no file is written."""
        if self._memory is None:
            self._memory, self._memory_from = MemoryEntry(self.rate, first=self.samples), self.samples

    def hand_over(self, folder: Path) -> tuple[Track, OSError | None]:
        """A new track with this one's audio, its files moved to ``folder``, or left where they are with the error."""
        heir = Track(self._seal, self.rate, self._chunk_bytes)
        heir.samples, heir._trimmed = self.samples, self._trimmed
        heir._chunks, heir._newest, heir._read = self._chunks, self._newest, self._read
        heir._memory, heir._memory_from = self._memory, self._memory_from
        self.drop()
        problem = None
        for chunk in heir._chunks:
            try:
                chunk.move(folder)
            except OSError as error:
                problem = error
        if problem:
            heir.go_on_in_memory()
        return heir, problem

    def drop(self) -> None:
        """Have no audio any more. The files stay; `close` lets go of them."""
        self._chunks, self._newest, self._read = [], bytearray(), None
        self._trimmed = self.samples
        self._memory = None
        self.go_on_in_memory()

    def close(self) -> None:
        """Let go of the files."""
        for chunk in self._chunks:
            chunk.close()

    def _write(self, folder: Path, pcm: bytes) -> None:
        if not self._chunks or len(self._newest) + len(pcm) > self._chunk_bytes:
            chunk = Chunk(folder, self.samples, self.rate)
            chunk.create()
            self._chunks.append(chunk)
            self._newest = bytearray()
        self._chunks[-1].write(self.samples, pcm, self._seal)
        self._newest += pcm
        self.samples += len(pcm) // SAMPLE_BYTES

    def _remember(self, pcm: bytes) -> None:
        assert self._memory is not None
        self._memory.keep(pcm)
        self.samples = self._memory.samples

    def _piece(self, start: int, end: int) -> bytes:
        """From ``start`` on, at most up to ``end`` and to the end of what holds ``start``; never empty."""
        if self._memory is not None:
            if start >= self._memory_from:
                return self._memory.read(start, end - start)
            end = min(end, self._memory_from)
        at = bisect_right(self._chunks, start, key=lambda chunk: chunk.first) - 1
        chunk, pcm = self._chunks[at], self._newest
        if at < len(self._chunks) - 1:
            end, pcm = min(end, self._chunks[at + 1].first), self._older(chunk)
        piece = bytes(pcm[(start - chunk.first) * SAMPLE_BYTES : (end - chunk.first) * SAMPLE_BYTES])
        return piece.ljust((end - start) * SAMPLE_BYTES, b"\0")

    def _older(self, chunk: Chunk) -> bytearray:
        if self._read is None or self._read[0] is not chunk:
            try:
                self._read = (chunk, chunk.pcm(self._seal))
            except OSError:
                self._read = (chunk, bytearray())
        return self._read[1]
