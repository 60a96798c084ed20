"""One file of a session's audio: some seconds of it, in records that say where they belong.

Plain ``write`` calls: what a call has taken is the kernel's, and outlives the daemon. (A file mapped into memory would
do the same without the call, but a full or vanished place would then be a signal that ends the daemon, where here it is
an error.)
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

from parleqd.adapters.journal.records import frame, scan, write
from parleqd.adapters.journal.seal import Seal
from parleqd.protocol.names import SAMPLE_BYTES

CHUNK_BYTES = 1 << 20
"""Half a minute at 16 kHz: what is trimmed at a time, and held in memory as the newest."""

_FLAGS = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
KIND = "audio"
_NAME = re.compile(rf"{KIND}-(\d+)-([1-9]\d*)")


class Chunk:
    """Begins at sample ``first``; ``rate`` samples a second. Both stand in the file's name."""

    def __init__(self, folder: Path, first: int, rate: int) -> None:
        self.first = first
        self.rate = rate
        self.path = folder / f"{KIND}-{first:015}-{rate}"
        self._file: int | None = None

    def create(self) -> None:
        """Make the file. Raises ``OSError``."""
        self._file = os.open(self.path, _FLAGS | os.O_CREAT | os.O_EXCL, 0o600)

    def hold(self) -> int:
        """The open file: once held, the audio can be read even when somebody deletes it. Raises ``OSError``."""
        if self._file is None:
            self._file = os.open(self.path, _FLAGS)
        return self._file

    def write(self, first: int, pcm: bytes, seal: Seal) -> None:
        """Append the samples from ``first`` on. Raises ``OSError``: the place is full, or the file was deleted."""
        file = self.hold()
        if os.fstat(file).st_nlink == 0:
            raise FileNotFoundError(errno.ENOENT, "the file was deleted", str(self.path))
        write(file, frame(first, seal.seal(KIND, first, pcm)))

    def pcm(self, seal: Seal) -> bytearray:
        """All of its audio. Samples of a damaged record are silence, so that those after it keep their time.

        Raises ``OSError``.
        """
        file = self.hold()
        pcm = bytearray()
        for number, sealed, offset in scan(os.pread(file, os.fstat(file).st_size, 0)):
            samples = seal.unseal(KIND, number, sealed)
            gap = (number - self.first) * SAMPLE_BYTES - len(pcm)
            if samples is not None and 0 <= gap <= offset:  # more than the bytes before it cannot have been lost
                pcm += bytes(gap) + samples
        return pcm

    def move(self, folder: Path) -> None:
        """Into another folder. Raises ``OSError``; then it stays held and readable where it is."""
        self.hold()
        os.rename(self.path, folder / self.path.name)
        self.path = folder / self.path.name

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def remove(self) -> None:
        """Let go of the file and delete it; one that is not there is no error. Raises ``OSError``."""
        self.close()
        self.path.unlink(missing_ok=True)


def chunks_in(folder: Path) -> list[Chunk]:
    """The audio of a session's folder, oldest first. Raises ``OSError``."""
    names = (_NAME.fullmatch(name) for name in os.listdir(folder))
    return sorted((Chunk(folder, int(name[1]), int(name[2])) for name in names if name), key=lambda one: one.first)
