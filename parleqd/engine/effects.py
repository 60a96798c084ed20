"""Does what the session machine wants done."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import anyio
from anyio.abc import TaskGroup

from parleqd.core.ports import Log
from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session.behaviour import Behaviour
from parleqd.core.session.outcome import Cleaned, Heard, Outcome, Problem
from parleqd.core.speech.languages import of_text
from parleqd.core.speech.live_input import LONGEST_WAIT_S
from parleqd.core.speech.verdict import MIN_AUDIO_S
from parleqd.engine.bugs import bug_in
from parleqd.engine.bus import Bus
from parleqd.engine.history import Entry, History
from parleqd.engine.insertion import Insertion
from parleqd.engine.live import LiveSession
from parleqd.engine.metrics import Metrics
from parleqd.engine.recognition import Recognition
from parleqd.engine.recovery import Recovery
from parleqd.protocol import messages as m
from parleqd.protocol.methods import SESSION_FINAL, SESSION_STATE
from parleqd.protocol.names import Deliver, Mode, Phase, Reason, ReceiptStatus, Source, Topic

KEY_WITHIN_MS = 60_000.0
"""A key that went down before that, or has yet to, is a client's error, and would spoil what is measured."""


class Cleaner(Protocol):
    """What cleans: `engine.cleanup`."""

    def prepare(self, mode: Mode, *, begins: bool) -> None:
        """A text will come that is to be cleaned in this mode; its dictation ``begins``, or ends. Never waits."""

    async def clean(self, raw: str, mode: Mode, language: str, behaviour: Behaviour) -> Cleaned:
        """The cleaned text; never fails."""

    async def refine(self, text: str, instruction: str, mode: Mode, language: str, behaviour: Behaviour) -> Cleaned:
        """The text changed as the instruction says; never fails."""


class Records:
    """What outlives a session: history, metrics, the last capture's audio, the log."""

    def __init__(self, history: History, metrics: Metrics, recovery: Recovery, log: Log) -> None:
        self.history = history
        self.metrics = metrics
        self.recovery = recovery
        self.log = log

    def bug(self, event: str, error: Exception, session_id: str) -> Problem:
        """Something failed that should not: log it, and say so."""
        bug = bug_in(error)
        self.log(event, error=bug.error, where=bug.where, session_id=session_id)
        return Problem(Reason.INTERNAL, f"a bug in parleqd ({bug.error})", "please report it")

    def acknowledged(self, session_id: str, status: ReceiptStatus) -> None:
        """A client said what became of a text."""
        self.metrics.count(f"receipt_{status}")
        self.log("acknowledged", session_id=session_id, status=status)


class Effects:
    """Performs effects; long ones in tasks of ``tasks``, which report back with ``post``."""

    def __init__(
        self,
        tasks: TaskGroup,
        post: Callable[[LiveSession, ev.Event], None],
        bus: Bus,
        recognition: Recognition,
        insertion: Insertion,
        records: Records,
        cleaner: Cleaner,
    ) -> None:
        self._tasks = tasks
        self._post = post
        self._bus = bus
        self._recognition = recognition
        self._insertion = insertion
        self._records = records
        self._cleaner = cleaner

    def perform(self, live: LiveSession, effect: do.Effect) -> None:  # noqa: C901 - one arm an effect
        """Do one thing; never waits."""
        match effect:
            case do.StopCapture():
                self._stop_capture(live)
            case do.DropCapture():
                live.dropped = True
                live.capture_scope.cancel()
            case do.FinishUtterance():
                self._recognition.finish(live.id)
                # A connection that was opened at key-down may have been idle for too long by now.
                self._cleaner.prepare(live.spec.mode, begins=False)
            case do.DiscardUtterance():
                self._recognition.discard(live.id)
            case do.Clean():
                live.cleanup_scope = anyio.CancelScope()
                self._tasks.start_soon(self._clean, live, effect.heard)
            case do.DropCleanup():
                live.cleanup_scope.cancel()
            case do.SetTimer():
                live.timer_scope.cancel()
                live.timer_scope = anyio.CancelScope()
                self._tasks.start_soon(self._timer, live, live.timer_scope, effect)
            case do.Record():
                self._record(live, effect.outcome)
            case do.Announce():
                self._announce(live, effect)
            case do.OfferText():
                self._offer(live, effect.outcome)
            case do.Tell():
                problem = effect.problem
                self._bus.notice(problem.reason, problem.message, problem.hint, live.id)
            case do.ReleaseAudio():
                self._release_audio(live, effect)

    def _stop_capture(self, live: LiveSession) -> None:
        if live.spec.source is Source.STREAM:
            self._post(live, ev.AudioEnded(live.entry.seconds))
        elif live.spec.source is Source.MICROPHONE:
            self._tasks.start_soon(self._let_last_word_end, live)
        else:
            live.capture_scope.cancel()

    async def _let_last_word_end(self, live: LiveSession) -> None:
        live.input.release()
        with anyio.move_on_after(LONGEST_WAIT_S):
            while not live.input.may_close:
                await live.more_heard.wait()
        live.capture_scope.cancel()

    async def _clean(self, live: LiveSession, heard: Heard) -> None:
        language = of_text(heard.language or live.spec.language, translate=live.spec.translate)
        with live.cleanup_scope:
            try:
                await self._insertion.placed(live)
                live.asked, spec = None, live.spec  # whoever says now where the text goes is too late
                if spec.baseline is None:
                    cleaned = await self._cleaner.clean(heard.raw, spec.mode, language, spec.behaviour)
                else:
                    cleaned = await self._cleaner.refine(spec.baseline, heard.raw, spec.mode, language, spec.behaviour)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong here, the raw text is delivered
                problem = self._records.bug("cleanup_failed", error, live.id)
                cleaned = Cleaned(live.spec.unchanged(heard.raw), Mode.RAW, fallback=problem)
            self._post(live, ev.TextCleaned(cleaned))

    async def _timer(self, live: LiveSession, scope: anyio.CancelScope, timer: do.SetTimer) -> None:
        with scope:
            await anyio.sleep(timer.seconds)
            self._post(live, ev.TimerFired(timer.generation))

    def _record(self, live: LiveSession, outcome: Outcome) -> None:
        heard = outcome.heard
        self._records.history.record(Entry(live.spec, outcome))
        metrics = self._records.metrics
        metrics.count(f"verdict_{heard.verdict}")
        metrics.count(f"mode_{outcome.cleaned.used}")
        if outcome.cleaned.fallback is not None:
            metrics.count(f"fallback_{outcome.cleaned.fallback.reason}")
        for stage, took in (
            ("decode", heard.decode_ms),
            ("release_to_raw", outcome.release_to_raw_ms),
            ("cleanup", outcome.cleanup_ms),
            ("release_to_text", outcome.release_to_text_ms),
        ):
            metrics.took(stage, took)
        self._log_stages(live, outcome)

    def _log_stages(self, live: LiveSession, outcome: Outcome) -> None:
        heard, cleaned, log = outcome.heard, outcome.cleaned, self._records.log
        log(
            "transcribed",
            session_id=live.id,
            verdict=heard.verdict,
            took_ms=round(outcome.release_to_raw_ms),
            decode_ms=round(heard.decode_ms),
            audio_seconds=round(heard.audio_seconds, 2),
            characters=len(heard.raw),
            segments=len(heard.segments),
            warnings=len(heard.warnings),
        )
        log(
            "cleaned",
            session_id=live.id,
            asked=outcome.asked,
            used=cleaned.used,
            reason=None if cleaned.fallback is None else cleaned.fallback.reason,
            took_ms=round(outcome.cleanup_ms),
            release_to_text_ms=round(outcome.release_to_text_ms),
            characters=len(cleaned.text),
            edits=len(cleaned.edits),
        )

    def _announce(self, live: LiveSession, effect: do.Announce) -> None:
        spec = live.spec
        if effect.phase is Phase.RECORDING and spec.source is Source.MICROPHONE:
            self._began(live)
        self._records.log(
            "session",
            session_id=spec.id,
            phase=effect.phase,
            source=spec.source,
            end=effect.end,
            reason=effect.reason,
            audio_seconds=round(live.audio_seconds, 2),
        )
        if effect.end is not None:
            self._records.metrics.count(f"session_{effect.end}")
        note = m.SessionStateNote(
            session_id=spec.id,
            phase=effect.phase,
            source=spec.source,
            deliver=spec.deliver,
            end=effect.end,
            reason=effect.reason,
        )
        self._bus.publish(Topic.STATE, spec.owner, SESSION_STATE, note)

    def _began(self, live: LiveSession) -> None:
        took, key_ms = (time.monotonic() - live.asked_at) * 1000, None
        self._records.metrics.took("start_to_recording", took)
        if live.pressed_ms is not None and 0 <= live.pressed_ms <= KEY_WITHIN_MS:
            since_key = live.pressed_ms + took
            key_ms = round(since_key)
            self._records.metrics.took("key_to_recording", since_key)
        self._records.log("recording_began", session_id=live.id, took_ms=round(took), key_ms=key_ms)

    def _offer(self, live: LiveSession, outcome: Outcome) -> None:
        note = m.SessionFinalNote(session_id=live.id, verdict=outcome.heard.verdict)
        self._bus.publish(Topic.STATE, live.spec.owner, SESSION_FINAL, note)
        if live.spec.resumed:
            self._announce_resumed(live, outcome)
        elif live.spec.deliver is Deliver.INSERT and outcome.news and self._insertion.begin(live):
            self._tasks.start_soon(self._insert, live, outcome)

    async def _insert(self, live: LiveSession, outcome: Outcome) -> None:
        began = anyio.current_time()
        status = await self._insertion.send(live, outcome)
        took = (anyio.current_time() - began) * 1000
        self._records.metrics.took("insertion", took)
        self._records.metrics.count(f"receipt_{'unknown' if status is None else status}")
        self._records.log("inserted", session_id=live.id, status=status, took_ms=round(took))

    def _announce_resumed(self, live: LiveSession, outcome: Outcome) -> None:
        if outcome.news:
            seconds = outcome.heard.audio_seconds
            message = f"a dictation of {seconds:.0f} s, cut off when the daemon ended, is finished; its text waits"
            self._bus.notice(Reason.RESUMED, message, "`parleqctl last` shows it", live.id)

    def _release_audio(self, live: LiveSession, effect: do.ReleaseAudio) -> None:
        live.released_seconds = seconds = live.entry.seconds
        worth_it = seconds >= MIN_AUDIO_S
        is_file = live.spec.source is Source.FILE
        if effect.owed and worth_it and not is_file:
            self._records.recovery.owe(live.spec, live.entry)
            message = f"a dictation of {seconds:.0f} s could not be transcribed; its audio is kept"
            self._bus.notice(Reason.WORKER_FAILED, message, "`parleqctl recover` tries it again", live.id)
        elif effect.owed and is_file and live.dropped:  # who knows how much of it was read: heard again from its path
            self._records.recovery.keep(live.spec, None)
        elif effect.keep and worth_it and self._records.history.keep > 0:
            self._records.recovery.keep(live.spec, live.entry)
        live.entry.trim(live.entry.samples)
