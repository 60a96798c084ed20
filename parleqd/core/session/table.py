"""The one table of transitions: what each event does in each state.

Nothing else changes a session's state. A pair that is neither in ``TABLE`` nor in ``IGNORED`` is refused, the state
unchanged. The table does not know who drives it, and time is an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session.outcome import Cleaned, Heard, Outcome, Problem
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.states import Cleaning, Delivering, Ended, Offer, Recording, State, Transcribing
from parleqd.core.speech.liveness import STEP_LIMIT_S
from parleqd.protocol.names import Deliver, End, Mode, OnDisconnect, Phase, Reason, ReceiptStatus, Source, Verdict

TRANSCRIBING_BASE_S = STEP_LIMIT_S + 60.0
"""How long the recogniser may show no sign of work before a session gives up on it; grows with the audio. Longer than
it takes to notice a recogniser that hangs and to start another one."""
TRANSCRIBING_PER_AUDIO_S = 2.0
CLEANING_GRACE_S = 1.0
"""Cleanup keeps its own budget; the session's timer is the net below it."""


class Context(msgspec.Struct, frozen=True):
    """What a transition may look at besides state and event. ``now`` is monotonic seconds."""

    spec: SessionSpec
    now: float
    next_generation: int
    cleanup_budget_s: float

    def timer(self, seconds: float) -> do.SetTimer:
        """A timer of the generation that this step begins."""
        return do.SetTimer(seconds, self.next_generation)


class Step(msgspec.Struct, frozen=True):
    """Where a transition leads. ``spec`` only where it changes."""

    state: State
    effects: tuple[do.Effect, ...] = ()
    spec: SessionSpec | None = None


S = TypeVar("S", bound=State)
E = TypeVar("E", bound=ev.Event)
Pair = tuple[type[object], type[object]]
Transition = Callable[[Context, Any, Any], Step | None]

TABLE: dict[Pair, Transition] = {}
"""A transition that returns ``None`` refuses the event after all."""


def on(
    state: type[S], event: type[E]
) -> Callable[[Callable[[Context, S, E], Step | None]], Callable[[Context, S, E], Step | None]]:
    """Enter a transition into the table."""

    def enter(transition: Callable[[Context, S, E], Step | None]) -> Callable[[Context, S, E], Step | None]:
        assert (state, event) not in TABLE
        TABLE[state, event] = transition
        return transition

    return enter


# Recording


@on(Recording, ev.AudioBegan)
def _audio_began(_: Context, state: Recording, __: ev.AudioBegan) -> Step:
    """A key that is down is no recording yet: it is one from the first frame on."""
    return Step(state, (do.Announce(Phase.RECORDING),))


@on(Recording, ev.StopRequested)
def _stop_requested(context: Context, state: Recording, _: ev.StopRequested) -> Step:
    return _stop(context, state)


@on(Recording, ev.TimerFired)
def _forgotten(context: Context, state: Recording, _: ev.TimerFired) -> Step:
    """A live recording that nobody ends, fed or not, ends by itself; its text is kept."""
    step = _stop(context, state)
    return Step(step.state, (*step.effects, do.Tell(_FORGOTTEN)))


@on(Recording, ev.AudioEnded)
def _audio_ended(context: Context, state: Recording, event: ev.AudioEnded) -> Step:
    released = context.now if state.released is None else state.released
    return Step(
        Transcribing(released, event.audio_seconds, event.warnings),
        (do.Announce(Phase.TRANSCRIBING), do.FinishUtterance(), _patience(context, event.audio_seconds)),
    )


@on(Recording, ev.CaptureFailed)
def _capture_failed(context: Context, _: Recording, event: ev.CaptureFailed) -> Step:
    """Whoever asked for what is resumed is gone, so people are told."""
    tell = (do.Tell(event.problem),) if context.spec.resumed else ()
    return _give_up(End.FAILED, event.problem, do.DiscardUtterance(), *tell, keep_audio=False)


@on(Recording, ev.RecognitionFailed)
def _failed_while_recording(context: Context, state: Recording, event: ev.RecognitionFailed) -> Step:
    released = context.now if state.released is None else state.released
    return _salvage(context, released, event, (do.DropCapture(),))


@on(Recording, ev.CancelRequested)
def _cancel_recording(_: Context, __: Recording, event: ev.CancelRequested) -> Step:
    return _give_up(End.CANCELLED, _CANCELLED, do.DropCapture(), do.DiscardUtterance(), keep_audio=event.keep)


@on(Recording, ev.OwnerLeft)
def _owner_left_recording(context: Context, state: Recording, _: ev.OwnerLeft) -> Step:
    if context.spec.source is Source.FILE or context.spec.on_disconnect is OnDisconnect.CONTINUE:
        return Step(state)
    return _stop(context, state)


# Transcribing


@on(Transcribing, ev.TranscriptReady)
def _transcript_ready(context: Context, state: Transcribing, event: ev.TranscriptReady) -> Step:
    warnings = state.warnings + event.heard.warnings
    return _heard(context, state.released, msgspec.structs.replace(event.heard, warnings=warnings))


@on(Transcribing, ev.RecogniserAdvanced)
def _advanced(context: Context, state: Transcribing, _: ev.RecogniserAdvanced) -> Step:
    return Step(state, (_patience(context, state.audio_seconds),))


@on(Transcribing, ev.RecognitionFailed)
def _recognition_failed(context: Context, state: Transcribing, event: ev.RecognitionFailed) -> Step:
    return _salvage(context, state.released, event, ())


@on(Transcribing, ev.TimerFired)
def _recogniser_silent(context: Context, state: Transcribing, _: ev.TimerFired) -> Step:
    problem = Problem(
        Reason.WORKER_FAILED,
        "the speech worker did nothing for too long",
        "`parleqctl recover` tries the same audio again",
    )
    return _salvage(context, state.released, ev.RecognitionFailed(problem), (do.DiscardUtterance(),))


@on(Transcribing, ev.CancelRequested)
def _cancel_transcribing(_: Context, __: Transcribing, event: ev.CancelRequested) -> Step:
    return _give_up(End.CANCELLED, _CANCELLED, do.DiscardUtterance(), keep_audio=event.keep)


# Cleaning


@on(Cleaning, ev.TextCleaned)
def _text_cleaned(context: Context, state: Cleaning, event: ev.TextCleaned) -> Step:
    return _finished(context, state, event.cleaned)


@on(Cleaning, ev.TimerFired)
def _cleanup_silent(context: Context, state: Cleaning, _: ev.TimerFired) -> Step:
    problem = Problem(Reason.TIMEOUT, "cleanup took longer than its budget", "cleanup.budget_s sets the budget")
    text = context.spec.unchanged(state.heard.raw)
    step = _finished(context, state, Cleaned(text, Mode.RAW, fallback=problem))
    return Step(step.state, (do.DropCleanup(), *step.effects))


@on(Cleaning, ev.CancelRequested)
def _cancel_cleaning(_: Context, __: Cleaning, ___: ev.CancelRequested) -> Step:
    return _give_up(End.CANCELLED, _CANCELLED, do.DropCleanup())


# Delivering


@on(Delivering, ev.TurnCame)
def _turn_came(context: Context, state: Delivering, _: ev.TurnCame) -> Step | None:
    if state.offer is not Offer.WAITING:
        return None
    offer = do.OfferText(state.outcome)
    if context.spec.deliver is Deliver.INSERT and not state.outcome.news:
        step = _end(End.NOTHING_SAID)
        return Step(step.state, (offer, *step.effects))
    return Step(Delivering(state.outcome, Offer.READY), (offer,))


@on(Delivering, ev.HandedOut)
def _handed_out(_: Context, state: Delivering, __: ev.HandedOut) -> Step | None:
    if state.offer not in (Offer.READY, Offer.MAYBE_DELIVERED):
        return None
    return Step(Delivering(state.outcome, Offer.MAYBE_DELIVERED))


@on(Delivering, ev.InsertionBegan)
def _insertion_began(_: Context, state: Delivering, __: ev.InsertionBegan) -> Step | None:
    return Step(Delivering(state.outcome, Offer.UNDER_WAY)) if state.offer is Offer.READY else None


@on(Delivering, ev.InsertionLost)
def _insertion_lost(_: Context, state: Delivering, __: ev.InsertionLost) -> Step:
    under_way = state.offer in (Offer.UNDER_WAY, Offer.HELD)
    return Step(Delivering(state.outcome, Offer.MAYBE_DELIVERED) if under_way else state)


@on(Delivering, ev.ReceiptCame)
def _receipt_came(_: Context, state: Delivering, event: ev.ReceiptCame) -> Step | None:
    if state.offer is Offer.WAITING:
        return None
    if event.status is ReceiptStatus.HELD:  # only an inserting client can hold a text back from its owner
        held = state.offer in (Offer.UNDER_WAY, Offer.HELD)
        return Step(Delivering(state.outcome, Offer.HELD) if held else state)
    if event.status is ReceiptStatus.FAILED:
        return Step(Delivering(state.outcome, Offer.READY))
    said = End.DELIVERED if state.outcome.news else End.NOTHING_SAID
    return _end(said)


@on(Delivering, ev.OwnerLeft)
def _owner_left_delivering(context: Context, state: Delivering, _: ev.OwnerLeft) -> Step:
    if context.spec.deliver is Deliver.RETURN and not state.outcome.news and state.offer is not Offer.WAITING:
        return _end(End.NOTHING_SAID)
    return Step(state)


@on(Delivering, ev.CancelRequested)
def _cancel_delivering(_: Context, __: Delivering, ___: ev.CancelRequested) -> Step:
    return _end(End.CANCELLED, _CANCELLED)


# Another owner


def _taken_over(context: Context, state: State, event: ev.TakenOver) -> Step | None:
    if isinstance(state, Delivering) and state.offer in (Offer.UNDER_WAY, Offer.HELD):
        return None
    spec = msgspec.structs.replace(context.spec, owner=event.owner, deliver=Deliver.RETURN)
    return Step(state, spec=spec)


for _state in (Recording, Transcribing, Cleaning, Delivering):
    TABLE[_state, ev.TakenOver] = _taken_over

IGNORED: frozenset[Pair] = frozenset(
    [
        # what several people may ask for at once, and what comes too late to matter
        (Transcribing, ev.StopRequested),
        (Cleaning, ev.StopRequested),
        (Delivering, ev.StopRequested),
        (Recording, ev.RecogniserAdvanced),
        (Cleaning, ev.RecogniserAdvanced),
        (Delivering, ev.RecogniserAdvanced),
        (Transcribing, ev.OwnerLeft),
        (Cleaning, ev.OwnerLeft),
        (Delivering, ev.TextCleaned),
        (Transcribing, ev.AudioBegan),
        (Cleaning, ev.AudioBegan),
        (Delivering, ev.AudioBegan),
        (Cleaning, ev.AudioEnded),
        (Delivering, ev.AudioEnded),
        (Cleaning, ev.CaptureFailed),
        (Delivering, ev.CaptureFailed),
    ]
    # an ended session hears nothing more, but it can be neither inserted nor taken over
    + [(Ended, event) for event in ev.EVENTS if event not in (ev.InsertionBegan, ev.HandedOut, ev.TakenOver)]
)


# What several transitions share

_FORGOTTEN = Problem(
    Reason.TOO_LONG,
    "the recording came to the longest it may be and was stopped; its text is kept",
    "audio.max_minutes sets the limit",
)
_CANCELLED = Problem(Reason.CANCELLED, "the dictation was cancelled", "`parleqctl recover` redoes the last capture")


def _stop(context: Context, state: Recording) -> Step:
    if state.released is not None:
        return Step(state)
    return Step(Recording(released=context.now), (do.StopCapture(),))


def _patience(context: Context, audio_seconds: float) -> do.SetTimer:
    return context.timer(TRANSCRIBING_BASE_S + TRANSCRIBING_PER_AUDIO_S * audio_seconds)


def _end(end: End, problem: Problem | None = None) -> Step:
    reason = None if problem is None else problem.reason
    return Step(Ended(end, problem), (do.Announce(Phase.ENDED, end, reason),))


def _give_up(end: End, problem: Problem, *effects: do.Effect, keep_audio: bool = True) -> Step:
    """The end of a session that has no text."""
    step = _end(end, problem)
    owed = keep_audio and end is End.FAILED
    return Step(step.state, (*effects, do.ReleaseAudio(keep_audio, owed), *step.effects))


def _salvage(context: Context, released: float, event: ev.RecognitionFailed, effects: tuple[do.Effect, ...]) -> Step:
    """A failure after some text was committed still ends in that text; otherwise the session fails.

    Whoever takes a result is told of it there. A text that is inserted tells nothing, so people are told.
    """
    if event.heard is None or not event.heard.raw:
        return _give_up(End.FAILED, event.problem, *effects)
    heard = msgspec.structs.replace(event.heard, warnings=(*event.heard.warnings, event.problem))
    step = _heard(context, released, heard)
    tell = (do.Tell(event.problem),) if context.spec.deliver is Deliver.INSERT else ()
    return Step(step.state, (*effects, *tell, *step.effects))


def _heard(context: Context, released: float, heard: Heard) -> Step:
    state = Cleaning(released, heard, context.now)
    if not heard.raw:
        used = context.spec.mode if context.spec.baseline is None else Mode.RAW
        return _finished(context, state, Cleaned(context.spec.unchanged(""), used))
    timer = context.timer(context.cleanup_budget_s + CLEANING_GRACE_S)
    return Step(state, (do.Announce(Phase.CLEANING), timer, do.Clean(heard)))


def _finished(context: Context, state: Cleaning, cleaned: Cleaned) -> Step:
    outcome = Outcome(
        heard=state.heard,
        cleaned=cleaned,
        asked=context.spec.mode,
        release_to_raw_ms=max(0.0, state.heard_at - state.released) * 1000,
        cleanup_ms=max(0.0, context.now - state.heard_at) * 1000,
        release_to_text_ms=max(0.0, context.now - state.released) * 1000,
        baseline=context.spec.baseline,
    )
    said = state.heard.verdict is Verdict.SPEECH  # a slip of the finger does not take the place of what was said
    return Step(
        Delivering(outcome, Offer.WAITING),
        (do.ReleaseAudio(keep=said), do.Record(outcome), do.Announce(Phase.DELIVERING)),
    )
