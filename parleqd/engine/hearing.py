"""Brings a session's audio from its source into the journal, and on to the recogniser."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import anyio

from parleqd.core.errors import ParleqError, RefusedError
from parleqd.core.ports import AudioSource, CaptureRequest, MicrophoneStatus
from parleqd.core.session import events as ev
from parleqd.core.session.outcome import Problem
from parleqd.core.session.states import Recording
from parleqd.core.speech.live_input import LiveInput
from parleqd.engine.bus import Bus
from parleqd.engine.capture import Capture
from parleqd.engine.live import LiveSession
from parleqd.engine.recognition import Recognition
from parleqd.engine.utterance import Utterance
from parleqd.protocol.names import SAMPLE_BYTES, Phase, Reason, Source

SESSIONS_AT_ONCE = 64
"""File and stream sessions that may be on their way to a text at the same time."""
PENDING_KEPT = 500
"""Finished, unacknowledged texts beyond which only the microphone is heard."""

DEAD = Problem(
    Reason.DEAD_INPUT,
    "the microphone gives nothing at all: it may be muted, switched off, or the wrong one",
    "`parleqctl devices` lists them, `parleqctl doctor` tries the one that is chosen",
)

Post = Callable[[LiveSession, ev.Event], None]
OnBug = Callable[[str, Exception, str], Problem]


class Hearing:
    """``sources`` says what can be heard besides streams.

    ``max_live_s`` bounds a forgotten recording, ``sessions_at_once`` the sessions of files and streams.
    """

    def __init__(
        self, sources: Mapping[Source, AudioSource], recognition: Recognition, bus: Bus, post: Post, on_bug: OnBug
    ) -> None:
        self.max_live_s = 20 * 60.0
        self.sessions_at_once = SESSIONS_AT_ONCE
        self._sources = sources
        self._recognition = recognition
        self._bus = bus
        self._post = post
        self._on_bug = on_bug

    def sources(self) -> list[Source]:
        """What can be heard."""
        return [Source.STREAM, *self._sources]

    def microphone_is(self, status: MicrophoneStatus, busy: list[LiveSession]) -> None:
        """How the microphone is now: whoever records with it may miss something when it is not well."""
        if status.reason is not None:
            for live in filter(_holds_microphone, busy):
                problem = Problem(status.reason, status.message, status.hint)
                live.trouble.setdefault(status.reason, problem)

    def hears_nothing(self, busy: list[LiveSession]) -> bool:
        """Is somebody speaking into a dead input at this moment?"""
        return any(_holds_microphone(live) and live.input.is_dead for live in busy)

    def admit(self, source: Source, busy: list[LiveSession], pending: int) -> None:
        """May another session of this source begin? The microphone is a lease; the others are bounded in number,
        and so are the texts that wait: none is ever dropped to make room.

        Raises ``RefusedError``: ``microphone_busy``, ``no_microphone``, ``queue_full``.
        """
        if source is Source.MICROPHONE:
            for holder in filter(_holds_microphone, busy):
                if _is_released(holder):  # only its last word is still listened for, and that ends now
                    holder.capture_scope.cancel()
                    continue
                raise RefusedError(
                    Reason.MICROPHONE_BUSY,
                    f"the microphone is recording for {holder.spec.owner} (session {holder.id})",
                    "stop or cancel that session first",
                )
            if source not in self._sources:
                raise RefusedError(
                    Reason.NO_MICROPHONE,
                    "this daemon has no microphone",
                    "dictate a file with `parleqctl dictate FILE`, or push audio with a stream session",
                )
        elif sum(live.spec.source is not Source.MICROPHONE for live in busy) >= self.sessions_at_once:
            message = f"{self.sessions_at_once} file and stream sessions are under way already"
            raise RefusedError(Reason.QUEUE_FULL, message, "try again when one of them is done")
        elif pending >= PENDING_KEPT:
            message = f"{pending} finished dictations wait to be acknowledged"
            hint = "fetch them (session/pending, session/claim), or `parleqctl history clear` gives them up"
            raise RefusedError(Reason.QUEUE_FULL, message, hint)

    def open(self, live: LiveSession, utterance: Utterance) -> None:
        """Make a session ready for audio."""

        async def on_frames(pcm: bytes) -> None:
            if live.spec.source is Source.MICROPHONE:
                self._attend(live, pcm)
            await self._recognition.feed(utterance)

        self._recognition.open(utterance)
        live.capture = Capture(live.entry, on_frames)

    def _attend(self, live: LiveSession, pcm: bytes) -> None:
        """What a microphone's frames tell at once."""
        if live.entry.samples * SAMPLE_BYTES == len(pcm):
            live.input = LiveInput(live.entry.rate)
            self._post(live, ev.AudioBegan())
        if live.input.hear(pcm) and Reason.SOURCE_MUTED not in live.trouble:  # that was told when it was seen
            live.trouble[DEAD.reason] = DEAD
            self._bus.notice(DEAD.reason, DEAD.message, DEAD.hint, live.id)
        live.more_heard.set()
        live.more_heard = anyio.Event()

    async def hear(self, live: LiveSession) -> None:
        """Run a file's or microphone's source until it ends or is stopped."""
        assert live.capture is not None
        request = CaptureRequest(live.spec.source, live.spec.path, live.spec.pace)
        problem: Problem | None = None
        with live.capture_scope:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(live.capture.drain)
                try:
                    await self._sources[request.source].capture(request, live.capture)
                except ParleqError as error:
                    problem = Problem(error.reason, error.message, error.hint)
                except Exception as error:  # noqa: BLE001 - what was heard before it is still a dictation
                    problem = self._on_bug("capture_failed", error, live.id)
                tasks.cancel_scope.cancel()
        if live.dropped:
            return
        await live.capture.flush()
        if problem is not None and not live.entry.samples:
            self._post(live, ev.CaptureFailed(problem))
        else:
            if problem is not None:
                live.trouble[problem.reason] = problem
            self._post(live, ev.AudioEnded(live.entry.seconds, _warnings(live, live.capture)))

    async def push(self, live: LiveSession, pcm: bytes) -> None:
        """Frames that a client brings; returns once they are in the journal."""
        if live.spec.source is not Source.STREAM or live.capture is None:
            raise RefusedError(Reason.WRONG_PHASE, f"session {live.id} hears a {live.spec.source}, not a stream")
        if not isinstance(live.state, Recording):
            long = live.capture.seconds > self.max_live_s
            reason = Reason.TOO_LONG if long else Reason.WRONG_PHASE
            raise RefusedError(reason, f"session {live.id} hears nothing more: it is {live.state.phase}")
        await live.capture.write(pcm)
        if live.capture.seconds > self.max_live_s and isinstance(live.state, Recording):
            message = f"the recording was stopped after {self.max_live_s / 60:g} minutes; its text is kept"
            self._bus.notice(Reason.TOO_LONG, message, "audio.max_minutes sets the limit", live.id)
            self._post(live, ev.StopRequested())


def _warnings(live: LiveSession, capture: Capture) -> tuple[Problem, ...]:
    """Why something that was said may be missing."""
    dropped = capture.dropped_samples / live.entry.rate
    if dropped:
        message = f"{dropped:.1f} s of audio came faster than the daemon could keep it, and are missing"
        live.trouble[Reason.AUDIO_INCOMPLETE] = Problem(Reason.AUDIO_INCOMPLETE, message, "was the machine too busy?")
    return tuple(live.trouble.values())


def _is_released(live: LiveSession) -> bool:
    return isinstance(live.state, Recording) and live.state.released is not None


def _holds_microphone(live: LiveSession) -> bool:
    return live.spec.source is Source.MICROPHONE and live.state.phase is Phase.RECORDING
