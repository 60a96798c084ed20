"""Turns intents into dictations: begins, ends and cancels them at the daemon, and tells what becomes of them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from anyio.abc import TaskGroup

from parleq_client import ClientError, RefusedError
from parleq_hotkey.dictations import Dictation, Dictations, Review
from parleq_hotkey.foreground import Foreground
from parleq_hotkey.gesture import Gestures, Intent
from parleq_hotkey.inserting import Inserting
from parleq_hotkey.link import Link
from parleq_hotkey.placing import Placing
from parleq_hotkey.ports import Feedback
from parleq_hotkey.reviewing import Reviewing
from parleq_hotkey.waiting import Waiting
from parleqd.protocol.names import Deliver, End, OnDisconnect, Phase, Reason, Source

Object = dict[str, Any]
_RECOVER = "`parleqctl recover` tries its audio again"
_ENDS = {
    Intent.STOP: ("session/stop", {}),
    Intent.STOP_QUICK: ("session/stop", {}),
    Intent.DROP: ("session/cancel", {"keep": False}),
    Intent.CANCEL: ("session/cancel", {}),
}
_log = logging.getLogger(__name__)


class Dictating:
    """``do`` never waits: what takes time runs in ``tasks``.

    ``on_cancellable`` is told whether there is anything that the cancel key could cancel, whenever that changes.
    """

    def __init__(
        self,
        tasks: TaskGroup,
        link: Link,
        gestures: Gestures,
        placing: Placing,
        feedback: Feedback,
        on_cancellable: Callable[[bool], None] = lambda _: None,
    ) -> None:
        self.gestures = gestures
        self._dictations = Dictations()
        feedback = Foreground(feedback, lambda: self._dictations.recording, lambda: self.reviewing.shown)
        self.reviewing = Reviewing(link, placing, feedback, self._reviews_changed)
        self.waiting = Waiting(link, placing, feedback, self.reviewing.holds)
        self.reviewing.on_missed = self.waiting.missed
        self.inserting = Inserting(
            link, self._dictations, placing, feedback, self.reviewing, self.waiting, on_settled=self._forget
        )
        self._tasks = tasks
        self._link = link
        self._placing = placing
        self._feedback = feedback
        self._on_cancellable = on_cancellable
        self._cancellable = False
        self._current: Dictation | None = None
        self._early: list[Object] = []

    # What the keys want

    def do(self, intent: Intent) -> None:
        """Carries an intent out."""
        match intent:
            case Intent.START | Intent.REFINE:
                self._begin(refine=intent is Intent.REFINE)
            case Intent.HANDS_FREE | Intent.HELD:
                self._confirmed(hands_free=intent is Intent.HANDS_FREE)
            case Intent.STOP | Intent.STOP_QUICK | Intent.DROP | Intent.CANCEL:
                self._end(intent)
            case Intent.ACCEPT:
                self._in_background(self.reviewing.accept)
            case Intent.GIVE_UP:
                self._give_up()
            case Intent.OFFER:
                self._in_background(self.waiting.insert_latest)
            case Intent.UNDO:
                self._in_background(self._undo)
        self._notice_cancellable()

    def _begin(self, *, refine: bool) -> None:
        review = self.reviewing.current if refine else None
        if refine and (review is None or review.refining):  # it was accepted meanwhile, or is being changed already
            self.gestures.over()
            return
        self._current = dictation = Dictation(refines=review, unsure=refine)
        if review is not None:
            review.refining = True
        self._tasks.start_soon(self.inserting.capture, dictation)
        self._tasks.start_soon(self._start, dictation)

    def _confirmed(self, *, hands_free: bool) -> None:
        dictation = self._current
        if dictation is None:
            return
        dictation.hands_free, dictation.unsure = hands_free, False
        if dictation.phase is Phase.RECORDING:
            self._feedback.recording(hands_free)

    def _end(self, intent: Intent) -> None:
        dictation, self._current = self._current, None
        if dictation is None or dictation.ending is not None or dictation.over:
            return
        dictation.ending = intent
        if dictation.given_up and dictation.refines is not None:
            dictation.refines.refining = False
        if dictation.session_id:
            self._tasks.start_soon(self._tell_end, dictation)

    def _give_up(self) -> None:
        under_way = [one for one in self._dictations.all if one.mine and one.session_id]
        if under_way:
            latest = under_way[-1]
            latest.ending = Intent.CANCEL
            self._tasks.start_soon(self._tell_end, latest)
        else:
            self._in_background(self.reviewing.give_up)

    async def _undo(self) -> None:
        undone = await self._placing.undo()
        if not undone.done:
            self._feedback.problem(Reason.NO_INSERTION, f"nothing was taken back: {undone.detail}", "")

    # What is asked of the daemon

    async def _start(self, dictation: Dictation) -> None:
        self._dictations.begin(dictation)
        await self._feedback.before_recording()
        if not self._link.up:
            await self._link.reach()
        if dictation.given_up or (dictation.released and self._link.up):
            await self._never_began(dictation)
            return
        try:
            answer = await self._link.call("session/start", _params(dictation))
        except ClientError as problem:
            self._refused(dictation, problem)
            return
        self._register(str(answer["session_id"]), dictation)
        await self._catch_up(dictation)
        if dictation.refines is not None:
            await self._refine(dictation, dictation.refines)

    async def _never_began(self, dictation: Dictation) -> None:
        """The keys ended it before anything was recorded: a tap, or a hold of which this program has heard too late."""
        _log.info("a dictation was over before it began")
        self._forget(dictation)
        if dictation.refines is not None:
            await self.reviewing.refined(dictation.refines, "", None)
        elif dictation.given_up:
            self._feedback.dropped()
        else:
            self._feedback.nothing_said()

    async def _catch_up(self, dictation: Dictation) -> None:
        """The keys may have been faster than the daemon's answer."""
        if dictation.released and not dictation.over:
            await self._tell_end(dictation)

    async def _tell_end(self, dictation: Dictation) -> None:
        assert dictation.ending is not None
        method, params = _ENDS[dictation.ending]
        try:
            await self._link.call(method, {"session_id": dictation.session_id, **params})
        except RefusedError as refusal:
            _log.info("%s of %s refused: %s", method, dictation.session_id, refusal.reason)
        except ClientError:
            pass  # The daemon has gone, which stops the recording as well; `disconnected` tells of it.
        finally:
            dictation.told.set()

    async def _refine(self, dictation: Dictation, review: Review) -> None:
        """The new text comes to its owner, unlike one that is inserted."""
        result: Object | None = None
        try:
            result = await self._link.call("session/result", {"session_id": dictation.session_id}, timeout=None)
        except ClientError as problem:
            if not dictation.given_up:
                self._feedback.problem(problem.reason, f"the text is as it was: {problem.message}", problem.hint)
        self._forget(dictation)
        await self.reviewing.refined(review, dictation.session_id, result)

    def _refused(self, dictation: Dictation, problem: ClientError) -> None:
        _log.warning("a dictation could not begin: %s", problem.reason)
        if dictation.refines is not None:
            dictation.refines.refining = False
        self._forget(dictation)
        self._feedback.failed(problem.reason, problem.message, problem.hint)

    def _register(self, session_id: str, dictation: Dictation) -> None:
        self._dictations.name(dictation, session_id)
        early, self._early = self._early, []
        for params in early:
            self._state(params)

    def _forget(self, dictation: Dictation) -> None:
        """Nothing more will come of it."""
        self._dictations.forget(dictation)
        if not self._dictations.starting:
            self._early.clear()
        if dictation is self._current:
            self._current = None
            self.gestures.over()
        self._notice_cancellable()

    # What the daemon tells

    def told(self, method: str, params: Object) -> None:
        """A notification of the daemon."""
        if method == "session/state":
            self._state(params)
        elif method == "daemon/notice":
            self._notice(params)
        elif (dictation := self._shown(params)) is not None and dictation.recording:
            if method == "session/partial":
                self._feedback.partial(str(params.get("stable", "")), str(params.get("provisional", "")))
            elif method == "session/level":
                self._feedback.level(float(params.get("dbfs", 0.0)))

    def disconnected(self) -> bool:
        """The connection has ended: what was recorded is stopped by the daemon, or resumed by the next one.

        True when people were told, since a dictation was under way.
        """
        under_way = [one for one in self._dictations.all if one.session_id]
        for one in under_way:
            if one.refines is None:  # a refinement's end is told to the call that waits for it
                self._forget(one)
        if under_way:
            message = "parleqd has gone in the middle of a dictation; what was said is kept"
            self._feedback.failed(Reason.DAEMON_UNREACHABLE, message, "`parleqctl last` shows the text later")
        return bool(under_way)

    async def farewell(self) -> None:
        """This client ends: the daemon is to know of every recording's end first, and has what is in review."""
        for dictation in self._dictations.all:
            if dictation.released:
                await dictation.told.wait()
        await self._placing.done()
        await self.reviewing.leave()

    def _shown(self, params: Object) -> Dictation | None:
        dictation = self._dictations.find(params.get("session_id"))
        return None if dictation is None or dictation.unsure else dictation

    def _state(self, params: Object) -> None:
        dictation = self._dictations.find(params.get("session_id"))
        if dictation is None:
            if self._dictations.starting:
                self._early.append(params)  # told before the daemon has answered with its name
            return
        dictation.phase = phase = Phase(params["phase"])
        if phase is Phase.ENDED:
            self._ended(dictation, params)
        elif phase is Phase.RECORDING:
            if not dictation.unsure and dictation.ending is None:
                self._feedback.recording(dictation.hands_free)
        else:
            if dictation is self._current:  # the daemon stopped it: long silence, the longest time, another client
                self._current = None
                self.gestures.over()
            if not dictation.given_up:
                self._feedback.working(phase)
        self._notice_cancellable()

    def _ended(self, dictation: Dictation, params: Object) -> None:
        end = params.get("end")
        self._forget(dictation)
        if dictation.refines is None:
            if end == End.CANCELLED and dictation.ending is Intent.DROP:
                self._feedback.dropped()
            elif end == End.CANCELLED:
                self._feedback.cancelled()
            elif end == End.NOTHING_SAID:
                self._feedback.nothing_said()
            elif end == End.FAILED:
                self._tasks.start_soon(self._tell_failure, dictation.session_id, str(params.get("reason") or ""))

    async def _tell_failure(self, session_id: str, reason: str) -> None:
        """The note of a failure has its reason alone; the result's refusal says what was in the way."""
        message, hint = "the dictation failed", _RECOVER
        try:
            await self._link.call("session/result", {"session_id": session_id}, timeout=2.0)
        except RefusedError as refusal:
            reason, message, hint = refusal.reason, refusal.message, refusal.hint
        except ClientError:
            pass
        self._feedback.failed(reason or Reason.INTERNAL, message, hint)

    def _notice(self, params: Object) -> None:
        if params.get("reason") == Reason.NO_INSERT_CLIENT:
            return  # this client inserts: what it could not place it has told already
        told = (str(params.get(name) or "") for name in ("reason", "message", "hint"))
        self._feedback.problem(*told)

    # Small things

    def _reviews_changed(self) -> None:
        review = self.reviewing.current
        self.gestures.reviewing = review is not None
        self._notice_cancellable()

    def _notice_cancellable(self) -> None:
        active = self._current is not None or any(one.mine for one in self._dictations.all)
        cancellable = active or self.reviewing.current is not None
        if cancellable != self._cancellable:
            self._cancellable = cancellable
            self._on_cancellable(cancellable)

    def _in_background(self, action: Callable[[], Awaitable[None]]) -> None:
        self._tasks.start_soon(self._attempt, action)

    async def _attempt(self, action: Callable[[], Awaitable[None]]) -> None:
        try:
            await action()
        except ClientError as problem:
            self._feedback.problem(problem.reason, problem.message, problem.hint)


def _params(dictation: Dictation) -> Object:
    review = dictation.refines
    return {
        "source": str(Source.MICROPHONE),
        "deliver": str(Deliver.INSERT if review is None else Deliver.RETURN),
        "on_disconnect": str(OnDisconnect.STOP),
        "pressed_ms": round((monotonic() - dictation.begun) * 1000, 1),
        **({} if review is None else {"refine": {"text": review.ready.text}}),
    }
