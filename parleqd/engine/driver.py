"""Drives the session machines: the one place where events meet them.

Events are handled one after the other, in the order in which they come; nothing waits while one is handled, so no
lock is needed. What takes long runs in tasks that post events back.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import NamedTuple, Protocol

import anyio

from parleqd.core.errors import RefusedError
from parleqd.core.ports import Log
from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session import turns
from parleqd.core.session.stages import Began, stage_between
from parleqd.core.session.states import Delivering, Ended, State
from parleqd.engine.live import LiveSession
from parleqd.protocol.names import Deliver, Reason, ReceiptStatus

EMPTY_KEPT = 100
"""Unacknowledged sessions in which nothing was said; the oldest beyond that ends."""
ENDED_REMEMBERED = 500
"""How many ended sessions are remembered, without their text, to answer late questions."""


class Remembered(NamedTuple):
    """An ended session."""

    owner: str
    claimed: bool
    state: Ended


class Performer(Protocol):
    """Does what a machine wants done."""

    def perform(self, live: LiveSession, effect: do.Effect) -> None:
        """One effect; never waits."""


class Driver:
    """Holds every session that has not ended. ``connected`` says whether an owner has a connection."""

    def __init__(
        self,
        connected: Callable[[str], bool],
        log: Log,
        empty_kept: int = EMPTY_KEPT,
        ended_remembered: int = ENDED_REMEMBERED,
    ) -> None:
        self.performer: Performer
        self.live: dict[str, LiveSession] = {}
        """In start order."""
        self.ended: OrderedDict[str, Remembered] = OrderedDict()
        self.on_rest: Callable[[], None] = _nothing
        """Called when a session ends and no other is on its way to a text."""
        self._connected = connected
        self._log = log
        self._empty_kept = empty_kept
        self._ended_remembered = ended_remembered
        self._queue: deque[tuple[LiveSession, ev.Event]] = deque()
        self._draining = False

    def find(self, session_id: str) -> LiveSession:
        """A session that has not ended. Raises ``RefusedError`` (``unknown_session``)."""
        live = self.live.get(session_id)
        if live is None:
            ended = self.ended.get(session_id)
            how = "unknown" if ended is None else f"over ({ended.state.end})"
            hint = "`parleqctl last` and `parleqctl history list` show earlier dictations"
            raise RefusedError(Reason.UNKNOWN_SESSION, f"session {session_id} is {how}", hint)
        return live

    def state_of(self, session_id: str) -> State | None:
        """Where a session is, or how it ended; ``None`` when it is not remembered."""
        known = self.live.get(session_id) or self.ended.get(session_id)
        return None if known is None else known.state

    def add(self, live: LiveSession) -> None:
        """A new session."""
        self.live[live.id] = live

    def post(self, live: LiveSession, event: ev.Event) -> None:
        """An event from inside. A refused one is a bug: it is logged and changes nothing."""
        self._queue.append((live, event))
        self._drain()

    def rouse(self) -> None:
        """A session was added in a later state than the first: see whose turn it is."""
        self._drain()

    def post_all(self, event: ev.Event) -> None:
        """The same for every session."""
        self._queue.extend((live, event) for live in self.live.values())
        self._drain()

    def ask(self, live: LiveSession, event: ev.Event) -> None:
        """An event from a client, who is told (``RefusedError``) when it is refused."""
        self._draining = True  # what it brings about is handled after it, not in its midst
        try:
            self._handle(live, event)
        finally:
            self._draining = False
        self._drain()

    def _drain(self) -> None:
        if self._draining:
            return
        self._draining = True
        try:
            while (step := self._next()) is not None:
                live, event = step
                try:
                    self._handle(live, event)
                except RefusedError as problem:
                    self._log("event_refused", session_id=live.id, detail=problem.message)
        finally:
            self._draining = False

    def _next(self) -> tuple[LiveSession, ev.Event] | None:
        """The next event; when none is left, the next session whose turn it is to be delivered."""
        if self._queue:
            return self._queue.popleft()
        waiting = turns.ready(live.session for live in self.live.values())
        return (self.live[waiting[0].spec.id], ev.TurnCame()) if waiting else None

    def _handle(self, live: LiveSession, event: ev.Event) -> None:
        was_over, before, spec = live.ended, live.state, live.spec
        effects = live.session.handle(event, anyio.current_time())
        if live.spec is not spec:
            live.entry.note(Began(live.spec))
        if (stage := stage_between(before, live.state)) is not None:
            live.entry.note(stage)
        for effect in effects:
            self.performer.perform(live, effect)
        if live.ended and not was_over:
            self._bury(live)
        elif isinstance(event, ev.TurnCame):
            self._after_turn(live)
        live.wake()

    def _after_turn(self, live: LiveSession) -> None:
        """Nobody waits for an empty text, and empty ones that nobody acknowledges do not pile up for ever."""
        if live.spec.deliver is Deliver.RETURN and not self._connected(live.spec.owner):
            self._queue.append((live, ev.OwnerLeft()))
        empty = [other for other in self.live.values() if isinstance(other.state, Delivering) and not other.pending]
        if len(empty) > self._empty_kept:
            self._queue.append((empty[0], ev.ReceiptCame(ReceiptStatus.SENT)))

    def _bury(self, live: LiveSession) -> None:
        assert isinstance(live.state, Ended)
        del self.live[live.id]
        live.release()
        live.entry.discard()
        self.ended[live.id] = Remembered(live.spec.owner, live.claimed, live.state)
        if len(self.ended) > self._ended_remembered:
            self.ended.popitem(last=False)
        if not any(other.busy for other in self.live.values()):
            self.on_rest()


def _nothing() -> None:
    pass
