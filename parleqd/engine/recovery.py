"""The last capture's audio, kept in memory until the next capture or for ten minutes, so that it can be redone."""

from __future__ import annotations

import asyncio

from parleqd.core.errors import RefusedError
from parleqd.core.ports import JournalEntry
from parleqd.core.session.spec import SessionSpec
from parleqd.protocol.names import Reason

KEPT_S = 600.0
FILE_AUDIO_KEPT_S = 300.0
"""A longer file is not kept, but heard again from its path (what came from standard input has none by then)."""


class LastCapture:
    """A session's spec and audio; ``entry`` is ``None`` for a long file."""

    def __init__(self, spec: SessionSpec, entry: JournalEntry | None) -> None:
        self.spec = spec
        self.entry = entry


class Recovery:
    """Holds at most one capture."""

    def __init__(self) -> None:
        self._last: LastCapture | None = None
        self._expiry: asyncio.TimerHandle | None = None

    def keep(self, capture: LastCapture) -> None:
        """Keep this one instead of whatever was kept."""
        self.forget()
        self._last = capture
        self._expiry = asyncio.get_running_loop().call_later(KEPT_S, self.forget)

    def last(self) -> LastCapture:
        """The last capture; it is still kept. Raises ``RefusedError`` (``no_capture``)."""
        if self._last is None:
            raise RefusedError(
                Reason.NO_CAPTURE,
                "there is no audio to redo",
                "the last capture is kept for 10 minutes, and not at all with history.keep = 0",
            )
        return self._last

    def forget(self) -> None:
        """Drop the audio."""
        if self._last is not None and self._last.entry is not None:
            self._last.entry.discard()
        self.hand_over()

    def hand_over(self) -> None:
        """Keep it no longer: another session has the audio now."""
        if self._expiry is not None:
            self._expiry.cancel()
        self._last = self._expiry = None
