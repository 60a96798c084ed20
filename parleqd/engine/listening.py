"""Takes what the recogniser says of one session: hypotheses to those who read them, the transcript to the machine."""

from __future__ import annotations

from collections.abc import Callable

from parleqd.core.session import events as ev
from parleqd.core.session.outcome import Heard, Problem
from parleqd.core.session.states import Recording
from parleqd.engine.bus import Bus
from parleqd.engine.live import LiveSession
from parleqd.protocol import messages as m
from parleqd.protocol.methods import SESSION_LEVEL, SESSION_PARTIAL
from parleqd.protocol.names import Reason, Source, Topic


class Listening:
    """One session's ``Listener``. ``stop_after_silence_s`` ends a microphone's recording; 0 does not."""

    def __init__(
        self,
        live: LiveSession,
        bus: Bus,
        post: Callable[[LiveSession, ev.Event], None],
        stop_after_silence_s: float = 0.0,
    ) -> None:
        self._stop_after_silence_s = stop_after_silence_s
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

    def level(self, dbfs: float, silent_seconds: float) -> None:
        """How loud it is; and is this recording a forgotten one?"""
        note = m.SessionLevelNote(session_id=self._live.id, dbfs=dbfs)
        self._bus.publish(Topic.LEVEL, self._live.spec.owner, SESSION_LEVEL, note)
        if 0 < self._stop_after_silence_s <= silent_seconds and self._records():
            message = f"the recording was stopped after {silent_seconds:.0f} s of silence; its text is kept"
            hint = "audio.stop_after_silence_s sets the limit"
            self._bus.notice(Reason.LONG_SILENCE, message, hint, self._live.id)
            self._post(self._live, ev.StopRequested())

    def _records(self) -> bool:
        state = self._live.state
        return isinstance(state, Recording) and state.released is None and self._live.spec.source is Source.MICROPHONE

    def done(self, heard: Heard) -> None:
        """The transcript."""
        self._post(self._live, ev.TranscriptReady(heard))

    def failed(self, problem: Problem, heard: Heard | None) -> None:
        """No transcript, or only what had been committed."""
        self._post(self._live, ev.RecognitionFailed(problem, heard))
