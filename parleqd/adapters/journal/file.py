"""A journal in files, a folder a session, which the next daemon on the same socket takes up."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from parleqd.adapters.journal.entry import GONE, FileEntry, delete
from parleqd.adapters.journal.place import LOCK, Place
from parleqd.adapters.journal.seal import Seal
from parleqd.adapters.journal.track import Track
from parleqd.core.ports import JournalEntry, LeftBehind
from parleqd.core.session.stages import Stage, tell
from parleqd.protocol.names import Reason

Report = Callable[[Reason, str, str], None]
"""Told of what cannot be kept: reason, message, hint."""


class FileJournal:
    """Fills the ``Journal`` port. ``on_disk``: the place is no memory, so audio is written in a thread.

    ``report`` is told once when nothing can be kept any more, and again only after something could be.
    """

    def __init__(self, place: Place, seal: Seal, report: Report, *, on_disk: bool = False) -> None:
        self._place = place
        self._seal = seal
        self._report = report
        self._on_disk = on_disk
        self._failing = False
        self._undeleted: set[Path] = set()

    @property
    def survives(self) -> bool:
        """Unless the last attempt to keep something failed."""
        return not self._failing

    @property
    def place(self) -> str:
        """The folder, and what is not as usual about it."""
        return f"{self._place.folder} (on disk, encrypted)" if self._on_disk else str(self._place.folder)

    def open(self, session_id: str) -> FileEntry:
        """A new, empty entry."""
        track = Track(self._seal)
        entry = self._entry(self._place.folder / session_id, track)
        try:
            os.mkdir(self._place.folder / session_id, 0o700)
        except OSError as error:
            track.go_on_in_memory()
            self._told(error)
        return entry

    def inherit(self, session_id: str, entry: JournalEntry, stage: Stage) -> FileEntry:
        """A new entry with another's audio, which has none from then on. Raises ``TypeError`` for another journal's."""
        if not isinstance(entry, FileEntry):
            raise TypeError(f"a journal in files cannot take over a {type(entry).__name__}")
        heir = self.open(session_id)
        heir.note(stage)
        entry.hand_over(heir)
        return heir

    def left_behind(self) -> Sequence[LeftBehind]:
        """What an earlier daemon left; what nothing can be made of is deleted and reported."""
        found: list[tuple[float, int, LeftBehind]] = []
        for name in self._names():
            folder = self._place.folder / name
            try:
                if name.startswith(GONE):
                    delete(folder)
                    continue
                entry = self._entry(folder, Track.found(folder, self._seal))
                stages = entry.stages()
                spec = tell(stages).spec
                if spec is not None:
                    found.append((spec.started, spec.number, LeftBehind(name, entry, stages)))
                elif entry.read(0, entry.samples).strip(b"\0"):  # whose it was is lost, but not what was said
                    found.append((folder.stat().st_mtime, 0, LeftBehind(name, entry, stages)))
                else:
                    self._give_up(folder, entry)
            except OSError as error:
                self._report(Reason.JOURNAL_FAILED, f"what an earlier daemon left in {folder} is lost: {error}", "")
        return [left for *_, left in sorted(found, key=lambda one: one[:2])]

    def close(self) -> None:
        """Free the place; delete it if nothing is pending."""
        self._delete_the_rest()
        self._place.release()

    def _entry(self, folder: Path, track: Track) -> FileEntry:
        return FileEntry(folder, track, self._seal, self._told, self._delete, on_disk=self._on_disk)

    def _names(self) -> list[str]:
        try:
            return sorted(name for name in os.listdir(self._place.folder) if name != LOCK)
        except OSError as error:
            self._told(error)
            return []

    def _give_up(self, folder: Path, entry: FileEntry) -> None:
        """Nothing tells whose it is. Where it holds nothing at all, that daemon ended before there was anything."""
        if any((folder / name).stat().st_size for name in os.listdir(folder)):
            message = f"what an earlier daemon left in {folder} cannot be understood and is deleted"
            hint = f"{entry.seconds:.1f} s of audio; the journal was damaged, or its key in the keyring is another now"
            self._report(Reason.JOURNAL_FAILED, message, hint)
        entry.discard()

    def _delete(self, folder: Path) -> None:
        try:
            delete(folder)
        except OSError as error:
            self._undeleted.add(folder)
            self._told(error)

    def _delete_the_rest(self) -> None:
        """What could not be deleted would come back with the next daemon, as if nobody had taken it."""
        for folder in tuple(self._undeleted):
            with suppress(OSError):
                delete(folder)
                self._undeleted.remove(folder)

    def _told(self, error: OSError | None) -> None:
        if error is not None and not self._failing:
            message = f"what is said is no longer kept for after a crash: {error.strerror or error} in {self.place}"
            self._report(Reason.JOURNAL_FAILED, message, "make room there, or restart parleqd if the folder is gone")
        self._failing = error is not None
        if error is None:
            self._delete_the_rest()
