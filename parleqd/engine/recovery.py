"""Audio that may be redone: the last capture's, for ten minutes, and all that never became a text, until it does."""

from __future__ import annotations

import asyncio
import secrets
import time

import msgspec

from parleqd.core.errors import RefusedError
from parleqd.core.ports import Journal, JournalEntry
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.stages import AudioDone, Began, Kept
from parleqd.protocol.names import Reason, Source

KEPT_S = 600.0
FILE_AUDIO_KEPT_S = 300.0
"""A longer file is not kept, but heard again from its path (what came from standard input has none by then)."""
LIVE_AUDIO_KEPT_S = 1200.0
"""Of longer recordings the journal keeps only what is not transcribed yet: they cannot be redone."""
OWED_AT_MOST = 20
"""Dictations without a text, beyond which the oldest goes: twenty minutes each are 38 MB of memory."""


class Capture:
    """A session's spec and audio; ``entry`` is ``None`` for one that was too long, or a file to be read again."""

    def __init__(self, spec: SessionSpec, entry: JournalEntry | None) -> None:
        self.spec = spec
        self.entry = entry


class Recovery:
    """Holds the last capture, for ``kept_s``, and what is owed.

    ``file_s``, ``live_s``: up to which length audio is kept whole.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        kept_s: float = KEPT_S,
        file_s: float = FILE_AUDIO_KEPT_S,
        live_s: float = LIVE_AUDIO_KEPT_S,
    ) -> None:
        self._journal = journal
        self._kept_s = kept_s
        self._file_s = file_s
        self._live_s = live_s
        self._kept: Capture | None = None
        self._owed: list[Capture] = []
        self._expiry: asyncio.TimerHandle | None = None

    def longest_s(self, source: Source) -> float:
        """Up to which length audio of this source is kept whole."""
        return self._file_s if source is Source.FILE else self._live_s

    def keep(self, spec: SessionSpec, entry: JournalEntry | None) -> None:
        """Keep a session's audio instead of whatever was kept. Its entry has none from now on."""
        self.forget_kept()
        kept = None
        if entry is not None and entry.seconds <= self.longest_s(spec.source):
            kept = self._journal.inherit(f"kept-{spec.id}", entry, Kept(spec, time.time() + self._kept_s))
        self._hold(Capture(spec, kept), self._kept_s)

    def restore(self, spec: SessionSpec, entry: JournalEntry, until: float) -> None:
        """Keep on what an earlier daemon kept."""
        self.forget_kept()
        earlier = msgspec.structs.replace(spec, number=0)  # than all that this daemon has heard
        self._hold(Capture(earlier, entry), min(until - time.time(), self._kept_s))

    def owe(self, spec: SessionSpec, entry: JournalEntry) -> None:
        """Keep the audio of a dictation that has no text, whatever becomes of the daemon: a later one tries it again.

        Its entry has none from now on, and may still be deleted under its name: what is owed has a name of its own.
        """
        named = msgspec.structs.replace(spec, id=f"owed-{secrets.token_hex(8)}")
        owed = self._journal.inherit(named.id, entry, Began(named))
        owed.note(AudioDone())
        self._owed.append(Capture(spec, owed))
        if len(self._owed) > OWED_AT_MOST:
            self.let_go(self._owed[0])

    def last(self) -> Capture:
        """The latest of all, whatever the clock has said since. Raises ``RefusedError`` (``no_capture``)."""
        captures = [*self._owed, *([self._kept] if self._kept is not None else [])]
        if not captures:
            raise RefusedError(
                Reason.NO_CAPTURE,
                "there is no audio to redo",
                "the last capture is kept for 10 minutes, and not at all with history.keep = 0",
            )
        last = max(captures, key=lambda capture: capture.spec.number)
        if last.entry is None and last.spec.source is not Source.FILE:
            raise RefusedError(
                Reason.NO_CAPTURE,
                f"the last recording was longer than {self._live_s / 60:g} minutes: its audio is not kept",
                "`parleqctl last` shows its text",
            )
        return last

    def let_go(self, capture: Capture) -> None:
        """Drop one, or whatever of it another session has not inherited."""
        if capture is self._kept:
            self.forget_kept()
        elif capture in self._owed:
            self._owed.remove(capture)
            _discard(capture)

    def forget_kept(self) -> None:
        """Drop the last capture; what is owed stays."""
        if self._kept is not None:
            _discard(self._kept)
        if self._expiry is not None:
            self._expiry.cancel()
        self._kept = self._expiry = None

    def forget(self) -> None:
        """Drop everything."""
        self.forget_kept()
        for capture in tuple(self._owed):
            self.let_go(capture)

    def _hold(self, capture: Capture, seconds: float) -> None:
        self._kept = capture
        self._expiry = asyncio.get_running_loop().call_later(seconds, self.forget_kept)


def _discard(capture: Capture) -> None:
    if capture.entry is not None:
        capture.entry.discard()
