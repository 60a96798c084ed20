"""What keeps a dictation until it is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from parleqd.core.session.stages import Stage


class JournalEntry(Protocol):
    """One session's audio and stages, kept until its text is delivered."""

    @property
    def rate(self) -> int:
        """Samples a second."""

    @property
    def samples(self) -> int:
        """How many samples have been appended since the beginning, trimmed ones included."""

    @property
    def seconds(self) -> float:
        """The same in seconds."""

    def set_rate(self, rate: int) -> None:
        """Samples a second, said before the first append; 16 000 when never said."""

    def note(self, stage: Stage) -> None:
        """Keep a stage. Never waits, never raises: what cannot be kept is told to the journal's log."""

    async def append(self, pcm: bytes) -> None:
        """Keep these frames; returns when a crash of the daemon would no longer lose them (if the journal can).

        Never raises: where the place is full or gone, the entry goes on in memory, and the journal says so once.
        """

    def read(self, start: int, count: int) -> bytes:
        """At most ``count`` samples from sample ``start``; less at the end. Trimmed samples cannot be read."""

    def trim(self, before: int) -> None:
        """Samples before ``before`` will not be read again."""

    def discard(self) -> None:
        """Forget audio and stages."""


class LeftBehind(NamedTuple):
    """An entry of a daemon that is gone: its stages in order; its audio is read from the entry."""

    session_id: str
    entry: JournalEntry
    stages: Sequence[Stage]


class Journal(Protocol):
    """Keeps what was said until it is delivered."""

    @property
    def place(self) -> str:
        """Where, in words for ``doctor``: a folder, or that it is the daemon's own memory."""

    @property
    def survives(self) -> bool:
        """Does what is kept now outlive the daemon?"""

    def open(self, session_id: str) -> JournalEntry:
        """A new, empty entry. Never raises: see ``JournalEntry.append``."""

    def inherit(self, session_id: str, entry: JournalEntry, stage: Stage) -> JournalEntry:
        """A new entry with another's audio, which has none from then on; its stages stay with it.

        ``stage`` is the new entry's first, noted before the audio is moved: audio that nothing tells of would be
        taken for a dictation after a crash.
        """

    def left_behind(self) -> Sequence[LeftBehind]:
        """What an earlier daemon on the same socket left, oldest first. Asked once, before ``open``.

        A damaged record costs only itself; an entry that cannot be understood at all is discarded and logged.
        """

    def close(self) -> None:
        """The daemon ends: what was not discarded stays for the next one, and the place is free for it."""
