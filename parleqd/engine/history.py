"""Earlier dictations, in memory, bounded; nothing at all when the user keeps none."""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from parleqd.core.errors import RefusedError
from parleqd.core.session.outcome import Outcome
from parleqd.core.session.spec import SessionSpec
from parleqd.protocol.names import Reason


class Entry(msgspec.Struct, frozen=True):
    """A finished dictation."""

    spec: SessionSpec
    outcome: Outcome


class History:
    """The latest ``keep`` dictations, by session id."""

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    @property
    def keep(self) -> int:
        """How many dictations are kept."""
        return self._keep

    @keep.setter
    def keep(self, keep: int) -> None:
        """Keep so many from now on, and forget the oldest beyond them."""
        self._keep = keep
        self._trim()

    def record(self, entry: Entry) -> None:
        """Keep a dictation, and forget the oldest beyond the bound. One in which nothing was said is not kept."""
        if entry.outcome.heard.raw:
            self._entries[entry.spec.id] = entry
            self._trim()

    def latest(self, limit: int) -> list[Entry]:
        """Newest first."""
        return list(reversed(self._entries.values()))[:limit]

    def show(self, session_id: str) -> Entry:
        """One dictation. Raises ``RefusedError`` (``unknown_session``)."""
        entry = self._entries.get(session_id)
        if entry is None:
            raise RefusedError(
                Reason.UNKNOWN_SESSION,
                f"no dictation {session_id!r} in the history",
                "`parleqctl history list` shows their ids",
            )
        return entry

    def search(self, words: str, limit: int) -> list[Entry]:
        """Those whose text or raw text holds every word, newest first."""
        wanted = words.casefold().split()
        return [entry for entry in reversed(self._entries.values()) if _holds(entry.outcome, wanted)][:limit]

    def clear(self) -> list[str]:
        """Forget everything; the ids of all there were."""
        forgotten = list(self._entries)
        self._entries.clear()
        return forgotten

    def _trim(self) -> None:
        while len(self._entries) > self._keep:
            self._entries.popitem(last=False)


def _holds(outcome: Outcome, wanted: list[str]) -> bool:
    text = f"{outcome.cleaned.text}\n{outcome.heard.raw}".casefold()
    return all(word in text for word in wanted)
