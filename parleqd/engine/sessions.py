"""What clients can do with sessions, and who may: ownership, pending results, claims."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import NamedTuple

import anyio
import msgspec
from anyio import to_thread
from anyio.abc import TaskGroup

from parleqd.core.applications.placing import Asked, completed, placed
from parleqd.core.errors import ParleqError, RefusedError
from parleqd.core.ports import AudioSource, Journal, JournalEntry, LeftBehind, MicrophoneStatus
from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import HeardSegment
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.stages import Began, Resumed, Stopped
from parleqd.core.session.states import Delivering, Ended, Offer, Recording
from parleqd.core.settings import Settings
from parleqd.core.speech import messages as speech
from parleqd.engine import resuming
from parleqd.engine.bus import Bus
from parleqd.engine.cleanup import Cleanup
from parleqd.engine.driver import Driver
from parleqd.engine.effects import Effects, Records
from parleqd.engine.hearing import Hearing
from parleqd.engine.history import Entry
from parleqd.engine.insertion import Insertion
from parleqd.engine.listening import Listening
from parleqd.engine.live import LiveSession
from parleqd.engine.peers import Peers
from parleqd.engine.recognition import Recognition
from parleqd.engine.utterance import Utterance
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.messages import Nothing, Receipt, SessionContext
from parleqd.protocol.methods import SETTINGS_CHANGED
from parleqd.protocol.names import Deliver, Pace, Phase, Reason, Source, Topic


class Outside(NamedTuple):
    """Where audio comes from and where it is kept."""

    sources: Mapping[Source, AudioSource]
    journal: Journal


class Sessions:
    """Starts sessions and answers for them; the ``Driver`` moves them."""

    def __init__(
        self,
        peers: Peers,
        bus: Bus,
        recognition: Recognition,
        outside: Outside,
        records: Records,
        cleanup: Cleanup,
        vocabulary: Vocabulary,
    ) -> None:
        self._cleanup_budget_s = 4.0
        self.stop_after_silence_s = 0.0
        self._settings = Settings()
        self.driver = Driver(peers.connected, records.log)
        self.hearing = Hearing(outside.sources, recognition, bus, self.driver.post, records.bug)
        self.insertion = Insertion(peers, bus, self.driver.post)
        self._peers = peers
        self._bus = bus
        self._recognition = recognition
        self.cleanup = cleanup
        self._vocabulary = vocabulary
        self._journal = outside.journal
        self._records = records
        self._started = 0
        self._tasks: TaskGroup
        self.insertion.on_place = self._placed
        recognition.on_advance = lambda: self.driver.post_all(ev.RecogniserAdvanced())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Sessions can be started inside this block; whatever still runs at its end is cancelled."""
        async with anyio.create_task_group() as self._tasks:
            self.driver.performer = Effects(
                self._tasks,
                self.driver.post,
                self._bus,
                self._recognition,
                self.insertion,
                self._records,
                self.cleanup,
            )
            for left in await to_thread.run_sync(self._journal.left_behind):
                self._resume(left)
            try:
                yield
            finally:  # what is unfinished stays in the journal for the next daemon; the rest would only be heard again
                for live in self.busy():
                    live.entry.note(Stopped())
                self._records.recovery.forget_kept()
            self._tasks.cancel_scope.cancel()

    @property
    def settings(self) -> Settings:
        """What places are looked up in."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        """Clients that apply some of them are told to read them again."""
        self._settings = settings
        self._bus.publish(Topic.STATE, "", SETTINGS_CHANGED, Nothing())

    @property
    def cleanup_budget_s(self) -> float:
        """What the cleanup of a text may take, seconds."""
        return self._cleanup_budget_s

    @cleanup_budget_s.setter
    def cleanup_budget_s(self, seconds: float) -> None:
        """For every one that has not begun."""
        self._cleanup_budget_s = seconds
        for live in self.busy():
            live.session.cleanup_budget_s = seconds

    def start(self, spec: SessionSpec, asked: Asked | None = None) -> str:
        """Begin a session; its ``id``, ``number`` and ``started`` are chosen here.

        ``asked``: what the spec is made anew from when an inserting client says where the text goes.

        Raises ``RefusedError``: ``queue_full``, ``microphone_busy``, ``no_microphone``.
        """
        live = self._open(spec)
        live.asked = asked if spec.deliver is Deliver.INSERT else None
        if live.spec.source is not Source.STREAM:
            self._tasks.start_soon(self.hearing.hear, live)
        return live.id

    def recover(self, owner: str) -> str:
        """Redo the last capture as a ``return`` session of ``owner``. Raises ``RefusedError`` (``no_capture``)."""
        last = self._records.recovery.last()
        spec = msgspec.structs.replace(last.spec, owner=owner, deliver=Deliver.RETURN, pace=Pace.FAST)
        if last.entry is None:
            return self.start(spec)
        live = self._open(msgspec.structs.replace(spec, source=Source.STREAM, resumed=False), last.entry)
        self._records.recovery.let_go(last)
        self.driver.post(live, ev.AudioEnded(live.entry.seconds))
        return live.id

    async def audio(self, session_id: str, owner: str, pcm: bytes) -> None:
        """Frames for a stream session; returns once they are in the journal."""
        ended = self.driver.ended.get(session_id)
        if ended is not None and ended.owner == owner and ended.state.problem is not None:
            raise _over(session_id, ended.state)  # why it hears nothing more
        await self.hearing.push(self._owned(session_id, owner), pcm)

    def stop(self, session_id: str | None, owner: str, redirect: bool) -> str:
        """End a recording. ``redirect`` makes ``owner`` the owner of an ``insert`` session, now ``return``."""
        live = self._shared(session_id, owner)
        if redirect and live.spec.deliver is Deliver.INSERT:
            self.driver.ask(live, ev.TakenOver(owner))
        self.driver.ask(live, ev.StopRequested())
        return live.id

    def cancel(self, session_id: str | None, owner: str, *, keep: bool = True) -> str:
        """Give a session up. One that has ended stays as it is. ``keep``: as in ``SessionCancelParams``."""
        if session_id is not None and session_id in self.driver.ended:
            return session_id
        live = self._shared(session_id, owner)
        self.driver.ask(live, ev.CancelRequested(keep))
        return live.id

    async def result(self, session_id: str, owner: str) -> LiveSession:
        """Wait until the session's text may be handed out; its state is then ``Delivering``.

        Raises ``RefusedError`` (``unknown_session``, ``not_owner``, ``wrong_phase``), or the session's own problem.
        """
        ended = self.driver.ended.get(session_id)
        if ended is not None and ended.owner == owner:
            raise _over(session_id, ended.state)
        live = self._owned(session_id, owner)
        while not live.can_hand_out:
            if isinstance(live.state, Ended):
                raise _over(session_id, live.state)
            if live.spec.deliver is Deliver.INSERT:
                message = f"the text of session {session_id} goes to the inserting client"
                raise RefusedError(Reason.WRONG_PHASE, message, 'session/stop with deliver "return" redirects it')
            await live.changed()
            if live.spec.owner != owner:
                raise _not_owner(session_id)
        self.driver.ask(live, ev.HandedOut())
        return live

    def acknowledge(self, session_id: str, owner: str, receipt: Receipt) -> None:
        """What became of the text. Acknowledging an ended session again changes nothing."""
        ended = self.driver.ended.get(session_id)
        if ended is not None and ended.owner == owner:
            return
        live = self.driver.find(session_id)
        inserting = live.inserting.owner if live.inserting is not None else live.spec.owner
        has_it = isinstance(live.state, Delivering) and live.state.offer in (Offer.UNDER_WAY, Offer.HELD)
        if owner != inserting and (has_it or owner != live.spec.owner):
            raise _not_owner(session_id)  # while an inserting client has the text, it alone knows
        self.driver.ask(live, ev.ReceiptCame(receipt.status))
        self._records.acknowledged(session_id, receipt.status)

    def claim(self, session_id: str, owner: str) -> LiveSession:
        """Make an orphan the caller's. Raises ``RefusedError`` (``already_claimed``, ``not_owner``, …)."""
        ended = self.driver.ended.get(session_id)
        if ended is not None and ended.claimed and ended.owner != owner:
            raise _already_claimed(session_id)
        live = self.driver.find(session_id)
        if live.busy:
            message = f"session {session_id} is still {live.state.phase}: only finished ones can be claimed"
            raise RefusedError(Reason.WRONG_PHASE, message)
        if not self._is_orphan(live) and (live.spec.owner != owner or live.spec.deliver is Deliver.INSERT):
            raise _already_claimed(session_id) if live.claimed else _not_owner(session_id)
        self.driver.ask(live, ev.TakenOver(owner))
        live.claimed = True
        return live

    def pending(self, owner: str | None = None) -> list[LiveSession]:
        """Finished, unacknowledged sessions with a text, in start order: one owner's, or everybody's."""
        found = [live for live in self.driver.live.values() if live.pending]
        return [live for live in found if owner is None or live.spec.owner == owner]

    def busy(self) -> list[LiveSession]:
        """Sessions on their way to a text."""
        return [live for live in self.driver.live.values() if live.busy]

    def give_up_orphans(self) -> list[str]:
        """End finished sessions whose text nobody will fetch; which they were."""
        orphans = [live for live in self.pending() if self._is_orphan(live)]
        for live in orphans:
            self.driver.post(live, ev.CancelRequested())
        return [live.id for live in orphans]

    def microphone_is(self, status: MicrophoneStatus) -> None:
        """How the microphone is now."""
        self.hearing.microphone_is(status, self.busy())

    def owner_left(self, owner: str) -> None:
        """The last connection of an owner ended."""
        for live in list(self.driver.live.values()):
            if live.spec.owner == owner:
                self.driver.post(live, ev.OwnerLeft())
            inserts = live.inserting is not None and live.inserting.owner == owner
            if inserts and isinstance(live.state, Delivering) and live.state.offer is Offer.HELD:
                self.driver.post(live, ev.InsertionLost())

    def _open(self, spec: SessionSpec, audio: JournalEntry | None = None) -> LiveSession:
        """A session that records, or (``audio``) has its whole recording already."""
        self.hearing.admit(spec.source, self.busy(), len(self.pending()))
        partials = self._peers.wants_partials(spec.owner) or self._bus.wanted(Topic.PARTIAL)
        spec = msgspec.structs.replace(
            spec, id=secrets.token_hex(8), number=self._next_number(), started=time.time(), partials=partials
        )
        if audio is None:
            entry = self._journal.open(spec.id)
            entry.note(Began(spec))
        else:
            entry = self._journal.inherit(spec.id, audio, Began(spec))
        self.cleanup.prepare(spec.mode)
        live = LiveSession(Session(spec, self._cleanup_budget_s), entry)
        self.driver.add(live)
        self.hearing.open(live, self._utterance(live))
        if spec.source is not Source.MICROPHONE:  # that one says itself when it hears something
            self.driver.performer.perform(live, do.Announce(Phase.RECORDING))
        if spec.source is not Source.FILE and audio is None:
            self.driver.performer.perform(live, do.SetTimer(self.hearing.max_live_s, generation=0))
        if spec.deliver is Deliver.INSERT:
            self._tasks.start_soon(self.insertion.prepare, live)
        return live

    def _placed(self, live: LiveSession, place: SessionContext) -> None:
        """Where its text goes is known. The place itself is forgotten at once."""
        asked, live.asked = live.asked, None
        if asked is not None and live.busy:
            live.session.spec = spec = placed(live.spec, completed(asked, place), self.settings)
            live.entry.note(Began(spec))
            self.cleanup.prepare(spec.mode)

    def _next_number(self) -> int:
        self._started += 1
        return self._started

    def _utterance(self, live: LiveSession, segments: Sequence[HeardSegment] = ()) -> Utterance:
        spec = live.spec
        source = _heard_as(spec)
        opened = speech.Open(
            spec.id,
            spec.language,
            urgent=source is not Source.FILE,  # somebody is speaking
            partials=spec.partials,
            languages=spec.languages,
            translate=spec.translate,
            hotwords=self._vocabulary.expected(there=spec.behaviour.vocabulary),
        )
        return Utterance(
            opened,
            live.entry,
            Listening(live, self._bus, self.driver.post, self.stop_after_silence_s),
            live=source is Source.MICROPHONE,
            keep_s=self._records.recovery.longest_s(spec.source),
            segments=segments,
        )

    def _resume(self, left: LeftBehind) -> None:
        """Take up what an earlier daemon left: its text is offered, never inserted unasked."""
        plan = resuming.plan(left, time.time(), keep=self._records.history.keep > 0)
        self._records.log("left_behind", session_id=left.session_id, plan=type(plan).__name__)
        match plan:
            case resuming.Forget():
                left.entry.discard()
            case resuming.KeepForRecover():
                self._records.recovery.restore(plan.spec, left.entry, plan.until)
            case resuming.OfferText():
                live = self._take_up(left.entry, plan.spec, plan.state)
                live.released_seconds = plan.state.outcome.heard.audio_seconds
                self._records.history.record(Entry(live.spec, plan.state.outcome))
                self.driver.rouse()
            case resuming.Finish():
                left.entry.note(Resumed())
                self._finish(self._take_up(left.entry, plan.spec), plan)

    def _take_up(self, entry: JournalEntry, spec: SessionSpec, state: Delivering | None = None) -> LiveSession:
        spec = msgspec.structs.replace(spec, number=self._next_number())
        self.cleanup.prepare(spec.mode)
        live = LiveSession(Session(spec, self._cleanup_budget_s, state), entry)
        self.driver.add(live)
        return live

    def _finish(self, live: LiveSession, plan: resuming.Finish) -> None:
        if plan.hopeless is None:
            self.hearing.open(live, self._utterance(live, plan.segments))
        if plan.unread:
            self._tasks.start_soon(self.hearing.hear, live)
        else:
            self.driver.post(live, ev.AudioEnded(live.entry.seconds, plan.warnings))
        if plan.hopeless is not None:
            self.driver.post(live, ev.RecognitionFailed(plan.hopeless, plan.saved(live.entry.seconds)))

    def _is_orphan(self, live: LiveSession) -> bool:
        """An ``insert`` session is everybody's until its delivery is under way; a ``return`` session while alone."""
        if live.spec.deliver is Deliver.INSERT:
            return isinstance(live.state, Delivering) and live.state.offer not in (Offer.UNDER_WAY, Offer.HELD)
        return not self._peers.connected(live.spec.owner)

    def _owned(self, session_id: str, owner: str) -> LiveSession:
        live = self.driver.find(session_id)
        if live.spec.owner != owner:
            raise _not_owner(session_id)
        return live

    def _shared(self, session_id: str | None, owner: str) -> LiveSession:
        """The microphone session may be stopped by everybody, any other by its owner, or anybody once that is gone."""
        if session_id is None:
            recording = [
                live
                for live in self.busy()
                if live.spec.source is Source.MICROPHONE
                and isinstance(live.state, Recording)
                and live.state.released is None  # one that was stopped only hears its last word
            ]
            if recording:
                return recording[-1]
            hint = "`parleqctl start` begins one; `parleqctl last` shows the last, also if it ended by itself"
            raise RefusedError(Reason.UNKNOWN_SESSION, "the microphone is not recording", hint)
        live = self.driver.find(session_id)
        if live.spec.source is Source.MICROPHONE or not self._peers.connected(live.spec.owner):
            return live
        return self._owned(session_id, owner)


def _heard_as(spec: SessionSpec) -> Source:
    """A file at the pace of speech is heard as if somebody spoke; what is taken up again, as nobody does any more."""
    if spec.resumed:
        return Source.FILE
    return Source.STREAM if spec.source is Source.FILE and spec.pace is Pace.REALTIME else spec.source


def _over(session_id: str, state: Ended) -> ParleqError:
    """Why an ended session has no result."""
    if state.problem is not None:
        return RefusedError(state.problem.reason, state.problem.message, state.problem.hint)
    hint = "`parleqctl last` and `parleqctl history list` show earlier dictations"
    return RefusedError(Reason.UNKNOWN_SESSION, f"session {session_id} has been acknowledged", hint)


def _not_owner(session_id: str) -> RefusedError:
    return RefusedError(Reason.NOT_OWNER, f"session {session_id} belongs to another client")


def _already_claimed(session_id: str) -> RefusedError:
    return RefusedError(Reason.ALREADY_CLAIMED, f"session {session_id} was claimed by another client")
