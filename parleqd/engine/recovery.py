"""The last capture's audio, kept in the journal until the next capture or for ten minutes, so that it can be redone."""

from __future__ import annotations

import asyncio
import time

from parleqd.core.errors import RefusedError
from parleqd.core.ports import Journal, JournalEntry
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.stages import Kept
from parleqd.protocol.names import Reason, Source

KEPT_S = 600.0
FILE_AUDIO_KEPT_S = 300.0
"""A longer file is not kept, but heard again from its path (what came from standard input has none by then)."""
LIVE_AUDIO_KEPT_S = 1200.0
"""Of longer recordings the journal keeps only what is not transcribed yet: they cannot be redone."""


class LastCapture:
    """A session's spec and audio; ``entry`` is ``None`` for one that was too long."""

    def __init__(self, spec: SessionSpec, entry: JournalEntry | None) -> None:
        self.spec = spec
        self.entry = entry


class Recovery:
    """Holds at most one capture, for ``kept_s``. ``file_s``, ``live_s``: up to which length audio is kept whole."""

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
        self._last: LastCapture | None = None
        self._expiry: asyncio.TimerHandle | None = None

    def longest_s(self, source: Source) -> float:
        """Up to which length audio of this source is kept whole."""
        return self._file_s if source is Source.FILE else self._live_s

    def keep(self, spec: SessionSpec, entry: JournalEntry) -> None:
        """Keep a session's audio instead of whatever was kept. Its entry has none from now on."""
        self.forget()
        kept = None
        if entry.seconds <= self.longest_s(spec.source):
            kept = self._journal.inherit(f"kept-{spec.id}", entry)
            kept.note(Kept(spec, time.time() + self._kept_s))
        self._hold(LastCapture(spec, kept), self._kept_s)

    def restore(self, spec: SessionSpec, entry: JournalEntry, until: float) -> None:
        """Keep on what an earlier daemon kept."""
        self.forget()
        self._hold(LastCapture(spec, entry), until - time.time())

    def last(self) -> LastCapture:
        """The last capture; it is still kept. Raises ``RefusedError`` (``no_capture``)."""
        last = self._last
        if last is None:
            raise RefusedError(
                Reason.NO_CAPTURE,
                "there is no audio to redo",
                "the last capture is kept for 10 minutes, and not at all with history.keep = 0",
            )
        if last.entry is None and last.spec.source is not Source.FILE:
            raise RefusedError(
                Reason.NO_CAPTURE,
                f"the last recording was longer than {self._live_s / 60:g} minutes: its audio is not kept",
                "`parleqctl last` shows its text",
            )
        return last

    def forget(self) -> None:
        """Drop the audio, whatever another session has not inherited of it."""
        if self._last is not None and self._last.entry is not None:
            self._last.entry.discard()
        if self._expiry is not None:
            self._expiry.cancel()
        self._last = self._expiry = None

    def _hold(self, capture: LastCapture, seconds: float) -> None:
        self._last = capture
        self._expiry = asyncio.get_running_loop().call_later(seconds, self.forget)
