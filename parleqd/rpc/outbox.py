"""What a connection is yet to be told: bounded, so that a slow reader costs itself and nobody else.

Levels and partials are the first to go (a newer one says more than an older one); everything else goes only when a
reader has stopped reading altogether. What was dropped is counted, and the count is sent.
"""

from __future__ import annotations

from collections import deque

from parleqd.protocol import envelope
from parleqd.protocol.messages import EventsDropped, Message
from parleqd.protocol.methods import EVENTS_DROPPED, SESSION_LEVEL, SESSION_PARTIAL, Notification, P

PASSING_KEPT = 64
"""Levels and partials that may wait."""
LASTING_KEPT = 1024
"""Other notifications that may wait."""

_PASSING = (SESSION_LEVEL.name, SESSION_PARTIAL.name)


class Outbox:
    """A queue of notifications for one connection."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[str, Message]] = deque()
        self._passing = 0
        self._dropped = {SESSION_LEVEL.name: 0, SESSION_PARTIAL.name: 0, "": 0}

    def put(self, method: Notification[P], params: P) -> None:
        """Queue a notification; drops the oldest of its kind when there are too many."""
        passing = method.name in _PASSING
        kept = self._passing if passing else len(self._waiting) - self._passing
        if kept >= (PASSING_KEPT if passing else LASTING_KEPT):
            self._drop_oldest(passing)
        self._passing += passing
        self._waiting.append((method.name, params))

    def take(self) -> bytes | None:
        """The next message to send, ``None`` when there is none."""
        if any(self._dropped.values()):
            counts = EventsDropped(
                partials=self._dropped[SESSION_PARTIAL.name],
                levels=self._dropped[SESSION_LEVEL.name],
                others=self._dropped[""],
            )
            self._dropped = dict.fromkeys(self._dropped, 0)
            return envelope.encode_call(EVENTS_DROPPED.name, counts)
        if not self._waiting:
            return None
        name, params = self._waiting.popleft()
        self._passing -= name in _PASSING
        return envelope.encode_call(name, params)

    def _drop_oldest(self, passing: bool) -> None:
        at = next(at for at, (name, _) in enumerate(self._waiting) if (name in _PASSING) == passing)
        name = self._waiting[at][0]
        del self._waiting[at]
        self._passing -= passing
        self._dropped[name if passing else ""] += 1
