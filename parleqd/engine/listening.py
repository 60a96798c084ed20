"""Takes what the recogniser says of one session: hypotheses to those who read them, the transcript to the machine."""

from __future__ import annotations

from collections.abc import Callable

from parleqd.core.session import events as ev
from parleqd.core.session.outcome import Heard, Problem
from parleqd.engine.bus import Bus
from parleqd.engine.live import LiveSession
from parleqd.protocol import messages as m
from parleqd.protocol.methods import SESSION_LEVEL, SESSION_PARTIAL
from parleqd.protocol.names import Topic


class Listening:
    """One session's ``Listener``."""

    def __init__(self, live: LiveSession, bus: Bus, post: Callable[[LiveSession, ev.Event], None]) -> None:
        self._live = live
        self._bus = bus
        self._post = post
        self._revision = 0

    def partial(self, stable: str, provisional: str) -> None:
        """A hypothesis of the text so far."""
        self._revision += 1
        note = m.SessionPartialNote(
            session_id=self._live.id, revision=self._revision, stable=stable, provisional=provisional
        )
        self._bus.publish(Topic.PARTIAL, self._live.spec.owner, SESSION_PARTIAL, note)

    def level(self, dbfs: float) -> None:
        """How loud it is."""
        note = m.SessionLevelNote(session_id=self._live.id, dbfs=dbfs)
        self._bus.publish(Topic.LEVEL, self._live.spec.owner, SESSION_LEVEL, note)

    def done(self, heard: Heard) -> None:
        """The transcript."""
        self._post(self._live, ev.TranscriptReady(heard))

    def failed(self, problem: Problem, heard: Heard | None) -> None:
        """No transcript, or only what had been committed."""
        self._post(self._live, ev.RecognitionFailed(problem, heard))
