"""A session under way: its machine, and what the engine holds for it."""

from __future__ import annotations

import time

import anyio

from parleqd.core.applications.placing import Asked
from parleqd.core.ports import JournalEntry
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import Problem
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.states import Delivering, Ended, Offer, State
from parleqd.core.speech.live_input import LiveInput
from parleqd.engine.capture import Capture
from parleqd.engine.peers import Peer
from parleqd.protocol.names import Deliver, Phase, Reason


class LiveSession:
    """One session's machine and resources."""

    def __init__(self, session: Session, entry: JournalEntry) -> None:
        self.session = session
        self.entry = entry
        self.asked_at = time.monotonic()
        self.pressed_ms: float | None = None
        """So long before that the key had gone down, where there was one."""
        self.capture: Capture | None = None
        self.released_seconds: float | None = None
        """How much audio there was, once the entry has been relieved of it."""
        self.input = LiveInput()
        """What a microphone's frames tell at once."""
        self.more_heard = anyio.Event()
        self.trouble: dict[Reason, Problem] = {}
        """What happened to its microphone meanwhile: why something may be missing."""
        self.capture_scope = anyio.CancelScope()
        self.dropped = False
        """The capture was given up: its end means nothing."""
        self.timer_scope = anyio.CancelScope()
        self.cleanup_scope = anyio.CancelScope()
        self.asked: Asked | None = None
        """What its starter asked for, until it is known where the text goes."""
        self.inserting: Peer | None = None
        self.target = ""
        self.prepared = anyio.Event()
        self.claimed = False
        self._changed = anyio.Event()

    @property
    def id(self) -> str:
        """The session's id."""
        return self.session.spec.id

    @property
    def spec(self) -> SessionSpec:
        """What it was asked to be."""
        return self.session.spec

    @property
    def state(self) -> State:
        """Where it is."""
        return self.session.state

    @property
    def audio_seconds(self) -> float:
        """How much audio was heard."""
        return self.entry.seconds if self.released_seconds is None else self.released_seconds

    @property
    def busy(self) -> bool:
        """Is it still on its way to a text?"""
        return self.state.phase in (Phase.RECORDING, Phase.TRANSCRIBING, Phase.CLEANING)

    @property
    def pending(self) -> bool:
        """Does a text wait to be acknowledged?"""
        return isinstance(self.state, Delivering) and self.state.outcome.news

    @property
    def can_hand_out(self) -> bool:
        """May the answer to ``session/result`` be given now?"""
        return (
            isinstance(self.state, Delivering)
            and self.spec.deliver is Deliver.RETURN
            and self.state.offer in (Offer.READY, Offer.MAYBE_DELIVERED)
        )

    @property
    def ended(self) -> bool:
        """Is it over?"""
        return isinstance(self.state, Ended)

    async def changed(self) -> None:
        """Wait for the next change of state or owner."""
        await self._changed.wait()

    def wake(self) -> None:
        """Something changed."""
        self._changed.set()
        self._changed = anyio.Event()

    def release(self) -> None:
        """Stop everything that still runs for this session."""
        self.dropped = True
        for scope in (self.capture_scope, self.timer_scope, self.cleanup_scope):
            scope.cancel()
