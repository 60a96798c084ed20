"""A session's folder: its audio, and its stages in one more file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import anyio
import anyio.to_thread
import msgspec

from parleqd.adapters.journal.records import frame, scan, write
from parleqd.adapters.journal.seal import Seal
from parleqd.adapters.journal.track import Track
from parleqd.core.session.stages import Stage

KIND = "stages"
GONE = ".gone-"
"""Before the name of a folder that is being deleted: a daemon that dies over it leaves nothing to take up."""

_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW


class FileEntry:
    """Fills the ``JournalEntry`` port.

    ``told`` hears of every error, and with ``None`` of every write that a crash would not undo. ``delete`` deletes the
    folder, now or later.

    ``on_disk``: audio is written in a thread, since a disk may be busy. Stages are written where they arise, into the
    system's cache, and older audio is read from there: that is little and rare, but a disk under great load can hold
    it up.
    """

    def __init__(
        self,
        folder: Path,
        track: Track,
        seal: Seal,
        told: Callable[[OSError | None], None],
        delete: Callable[[Path], None],
        *,
        on_disk: bool,
    ) -> None:
        self._folder = folder
        self._track = track
        self._seal = seal
        self._told = told
        self._delete = delete
        self._turn = anyio.Lock() if on_disk else None
        self._noted = 0
        self._discarded = False

    @property
    def rate(self) -> int:
        """Samples a second."""
        return self._track.rate

    @property
    def samples(self) -> int:
        """How many samples were appended, trimmed ones included."""
        return self._track.samples

    @property
    def seconds(self) -> float:
        """The same in seconds."""
        return self._track.samples / self._track.rate

    def set_rate(self, rate: int) -> None:
        """Samples a second, said before the first append."""
        self._track.rate = rate

    def note(self, stage: Stage) -> None:
        """Append a stage to the file."""
        if not self._discarded:
            payload = self._seal.seal(KIND, self._noted, msgspec.msgpack.encode(stage))
            if self._succeeds(lambda: self._write(frame(self._noted, payload))):
                self._told(None)
            self._noted += 1

    def stages(self) -> Sequence[Stage]:
        """What was noted, without what is damaged. Raises ``OSError``."""
        decoder = msgspec.msgpack.Decoder(Stage)
        stages: list[Stage] = []
        for number, sealed, _ in scan(_content(self._folder / KIND)):
            self._noted = number + 1
            payload = self._seal.unseal(KIND, number, sealed)
            try:
                stages += [] if payload is None else [decoder.decode(payload)]
            except msgspec.DecodeError:
                continue  # of another version of parleqd
        return stages

    async def append(self, pcm: bytes) -> None:
        """Keep these frames."""
        if self._turn is None:
            self._hear(self._track.append(self._folder, pcm))
            return
        with anyio.CancelScope(shield=True):  # a thread cannot be called back
            async with self._turn:
                if not self._discarded:
                    self._hear(await anyio.to_thread.run_sync(self._track.append, self._folder, pcm))
            if self._discarded:
                self._forget()

    def read(self, start: int, count: int) -> bytes:
        """At most ``count`` samples from sample ``start``. Raises ``ValueError`` for trimmed ones."""
        return self._track.read(start, count)

    def trim(self, before: int) -> None:
        """Delete the files that end before this sample."""
        self._succeeds(lambda: self._track.trim(before))

    def discard(self) -> None:
        """Delete the folder."""
        self._discarded = True
        if self._turn is None or not self._turn.locked():
            self._forget()

    def hand_over(self, heir: FileEntry) -> None:
        """Give the audio to a new, empty entry."""
        heir._track, error = self._track.hand_over(heir._folder)
        if error is not None:
            self._told(error)

    def _hear(self, error: OSError | None) -> None:
        """Of an append; one that found its way into memory only, after an earlier error, is no news."""
        if error is not None or self._track.in_files:
            self._told(error)

    def _write(self, record: bytes) -> None:
        file = os.open(self._folder / KIND, _APPEND, 0o600)
        try:
            write(file, record)
        finally:
            os.close(file)

    def _forget(self) -> None:
        self._track.close()
        self._track.drop()
        self._delete(self._folder)

    def _succeeds(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except OSError as error:
            self._told(error)
            return False
        return True


def delete(folder: Path) -> None:
    """Delete a session's folder, all at once as far as a later daemon can see. Raises ``OSError``."""
    gone = folder if folder.name.startswith(GONE) else folder.with_name(GONE + folder.name)
    with suppress(FileNotFoundError):  # an earlier attempt came so far
        os.rename(folder, gone)
    try:
        for name in os.listdir(gone):
            os.unlink(gone / name)
        os.rmdir(gone)
    except FileNotFoundError:
        return


def _content(path: Path) -> bytes:
    try:
        with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW), "rb") as file:
            return file.read()
    except FileNotFoundError:
        return b""
