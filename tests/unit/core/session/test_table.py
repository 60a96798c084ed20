from __future__ import annotations

import pytest

from parleqd.core.errors import RefusedError
from parleqd.core.session import effects as do
from parleqd.core.session import events as ev
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import Cleaned
from parleqd.core.session.states import Cleaning, Delivering, Ended, Offer, Recording, State, Transcribing
from parleqd.core.session.table import TRANSCRIBING_BASE_S
from parleqd.core.speech.liveness import STEP_LIMIT_S
from parleqd.protocol.names import Deliver, End, Mode, OnDisconnect, Phase, Reason, ReceiptStatus, Source
from tests.fakes.dictations import BROKEN, heard, outcome, spec

NOW = 100.0
CLEANED = Cleaned("Hello.", Mode.INSTANT)


def session(state: State | None = None, /, **fields: object) -> Session:
    machine = Session(spec(**fields), cleanup_budget_s=4.0)
    if state is not None:
        machine.state = state
    return machine


def delivering(offer: Offer, text: str = "Hello.") -> Delivering:
    return Delivering(outcome(text), offer)


def kinds(effects: tuple[do.Effect, ...]) -> list[type[do.Effect]]:
    return [type(effect) for effect in effects]


def refused(machine: Session, event: ev.Event) -> RefusedError:
    """Held to changing nothing."""
    before = machine.state, machine.spec
    with pytest.raises(RefusedError) as raised:
        machine.handle(event, NOW)
    assert (machine.state, machine.spec) == before
    return raised.value


# Recording


@pytest.mark.parametrize("source", list(Source))
def test_a_stop_lets_the_capture_end_in_order(source: Source) -> None:
    machine = session(source=source)
    assert machine.handle(ev.StopRequested(), NOW) == (do.StopCapture(),)
    assert machine.state == Recording(released=NOW)


def test_a_second_stop_changes_nothing() -> None:
    machine = session(Recording(released=90.0))
    assert machine.handle(ev.StopRequested(), NOW) == ()
    assert machine.state == Recording(released=90.0)


def test_the_end_of_the_audio_begins_transcribing_and_the_patience_grows_with_it() -> None:
    machine = session()
    effects = machine.handle(ev.AudioEnded(30.0), NOW)
    assert machine.state == Transcribing(NOW, 30.0)
    assert effects[:2] == (do.Announce(Phase.TRANSCRIBING), do.FinishUtterance())
    short, long = effects[2], session().handle(ev.AudioEnded(3600.0), NOW)[2]
    assert isinstance(short, do.SetTimer)
    assert isinstance(long, do.SetTimer)
    assert long.seconds > short.seconds + 3000


def test_a_recogniser_that_hangs_is_replaced_before_its_session_gives_up() -> None:
    assert TRANSCRIBING_BASE_S > STEP_LIMIT_S


def test_release_counts_from_the_stop_not_from_the_end_of_the_audio() -> None:
    machine = session(Recording(released=90.0))
    machine.handle(ev.AudioEnded(3.0), NOW)
    assert machine.state == Transcribing(90.0, 3.0)


def test_audio_that_broke_off_leaves_a_warning_and_no_failure() -> None:
    machine = session()
    machine.handle(ev.AudioEnded(3.0, (BROKEN,)), NOW)
    machine.handle(ev.TranscriptReady(heard("hello")), NOW)
    assert isinstance(machine.state, Cleaning)
    assert machine.state.heard.warnings == (BROKEN,)


def test_a_capture_that_gave_nothing_fails_the_session_and_keeps_no_audio() -> None:
    machine = session()
    effects = machine.handle(ev.CaptureFailed(BROKEN), NOW)
    assert machine.state == Ended(End.FAILED, BROKEN)
    assert effects == (
        do.DiscardUtterance(),
        do.ReleaseAudio(keep=False),
        do.Announce(Phase.ENDED, End.FAILED, Reason.WORKER_FAILED),
    )
    assert do.Tell(BROKEN) in session(resumed=True).handle(ev.CaptureFailed(BROKEN), NOW)  # nobody else would know


def test_a_recogniser_that_gives_up_while_recording_ends_the_capture_and_keeps_the_audio() -> None:
    machine = session()
    effects = machine.handle(ev.RecognitionFailed(BROKEN), NOW)
    assert machine.state == Ended(End.FAILED, BROKEN)
    assert kinds(effects) == [do.DropCapture, do.ReleaseAudio, do.Announce]
    assert do.ReleaseAudio(keep=True, owed=True) in effects


@pytest.mark.parametrize("state", [Recording(), Transcribing(90.0, 2.0)])
def test_what_was_committed_before_a_failure_is_delivered_with_a_warning(state: State) -> None:
    machine = session(state)
    effects = machine.handle(ev.RecognitionFailed(BROKEN, heard("half a")), NOW)
    assert isinstance(machine.state, Cleaning)
    assert machine.state.heard.warnings == (BROKEN,)
    assert do.Clean in kinds(effects)
    effects = session(state, deliver=Deliver.INSERT).handle(ev.RecognitionFailed(BROKEN, heard("half a")), NOW)
    assert do.Tell(BROKEN) in effects


# Leaving


@pytest.mark.parametrize(
    ("fields", "stops"),
    [
        ({"source": Source.STREAM}, True),
        ({"source": Source.MICROPHONE}, True),
        ({"source": Source.STREAM, "on_disconnect": OnDisconnect.CONTINUE}, False),
        ({"source": Source.FILE}, False),
        ({"source": Source.FILE, "on_disconnect": OnDisconnect.STOP}, False),
    ],
)
def test_the_loss_of_the_owner_stops_a_recording_and_never_cancels_it(fields: dict[str, object], stops: bool) -> None:
    machine = session(**fields)
    assert machine.handle(ev.OwnerLeft(), NOW) == ((do.StopCapture(),) if stops else ())
    assert machine.state == Recording(released=NOW if stops else None)


@pytest.mark.parametrize(
    ("state", "gone"),
    [
        (Recording(), [do.DropCapture, do.DiscardUtterance, do.ReleaseAudio]),
        (Transcribing(90.0, 2.0), [do.DiscardUtterance, do.ReleaseAudio]),
        (Cleaning(90.0, heard(), 95.0), [do.DropCleanup, do.ReleaseAudio]),
        (delivering(Offer.WAITING), []),
        (delivering(Offer.READY), []),
        (delivering(Offer.UNDER_WAY), []),
        (delivering(Offer.MAYBE_DELIVERED), []),
    ],
)
def test_a_cancel_ends_a_session_from_everywhere(state: State, gone: list[type[do.Effect]]) -> None:
    machine = session(state)
    effects = machine.handle(ev.CancelRequested(), NOW)
    assert kinds(effects) == [*gone, do.Announce]
    assert isinstance(machine.state, Ended)
    assert machine.state.end is End.CANCELLED
    assert machine.state.problem is not None
    assert machine.state.problem.reason is Reason.CANCELLED


def test_what_is_cancelled_can_be_recovered() -> None:
    assert do.ReleaseAudio(keep=True) in session().handle(ev.CancelRequested(), NOW)


# Transcribing and cleaning


def test_a_transcript_is_cleaned_within_a_budget() -> None:
    machine = session(Transcribing(90.0, 2.0))
    effects = machine.handle(ev.TranscriptReady(heard("um hello")), NOW)
    assert machine.state == Cleaning(90.0, heard("um hello"), NOW)
    announced, timer, clean = effects
    assert (announced, clean) == (do.Announce(Phase.CLEANING), do.Clean(heard("um hello")))
    assert isinstance(timer, do.SetTimer)
    assert timer.seconds > 4.0


def test_a_transcript_of_nothing_is_finished_at_once() -> None:
    machine = session(Transcribing(90.0, 2.0))
    effects = machine.handle(ev.TranscriptReady(heard("")), NOW)
    assert isinstance(machine.state, Delivering)
    assert machine.state.outcome.cleaned.text == ""
    assert do.Clean not in kinds(effects)


def test_a_sign_of_life_renews_the_patience() -> None:
    machine = session()
    machine.handle(ev.AudioEnded(2.0), 0.0)
    (timer,) = machine.handle(ev.RecogniserAdvanced(), 60.0)
    assert isinstance(timer, do.SetTimer)
    assert machine.handle(ev.TimerFired(timer.generation - 1), 70.0) == ()
    assert isinstance(machine.state, Transcribing)


def test_a_recogniser_without_a_sign_of_life_fails_the_session_and_keeps_the_audio() -> None:
    machine = session()
    timer = machine.handle(ev.AudioEnded(2.0), 0.0)[2]
    assert isinstance(timer, do.SetTimer)
    effects = machine.handle(ev.TimerFired(timer.generation), timer.seconds)
    assert isinstance(machine.state, Ended)
    assert machine.state.end is End.FAILED
    assert kinds(effects) == [do.DiscardUtterance, do.ReleaseAudio, do.Announce]
    assert do.ReleaseAudio(keep=True, owed=True) in effects


def test_a_cleaned_text_is_recorded_and_waits_for_its_turn() -> None:
    machine = session(Cleaning(98.0, heard("um hello"), 99.5))
    effects = machine.handle(ev.TextCleaned(CLEANED), NOW)
    state = machine.state
    assert isinstance(state, Delivering)
    assert state.offer is Offer.WAITING
    assert (state.outcome.cleaned, state.outcome.asked) == (CLEANED, Mode.INSTANT)
    assert effects == (do.ReleaseAudio(keep=True), do.Record(state.outcome), do.Announce(Phase.DELIVERING))


def test_the_times_of_an_outcome_count_from_the_release_in_milliseconds() -> None:
    machine = session(Cleaning(98.0, heard("um hello"), 99.5))
    machine.handle(ev.TextCleaned(CLEANED), NOW)
    assert isinstance(machine.state, Delivering)
    times = machine.state.outcome
    assert (times.release_to_raw_ms, times.cleanup_ms, times.release_to_text_ms) == (1500.0, 500.0, 2000.0)


def test_cleanup_beyond_its_budget_gives_the_raw_text() -> None:
    machine = session(Transcribing(90.0, 2.0))
    timer = machine.handle(ev.TranscriptReady(heard("um hello")), NOW)[1]
    assert isinstance(timer, do.SetTimer)
    effects = machine.handle(ev.TimerFired(timer.generation), NOW + timer.seconds)
    assert isinstance(machine.state, Delivering)
    cleaned = machine.state.outcome.cleaned
    assert (cleaned.text, cleaned.used) == ("um hello", Mode.RAW)
    assert cleaned.fallback is not None
    assert cleaned.fallback.reason is Reason.TIMEOUT
    assert kinds(effects)[0] is do.DropCleanup


def test_a_text_that_comes_after_its_budget_is_ignored() -> None:
    machine = session(delivering(Offer.READY))
    assert machine.handle(ev.TextCleaned(CLEANED), NOW) == ()


# Delivering


@pytest.mark.parametrize("deliver", list(Deliver))
def test_a_text_whose_turn_has_come_is_offered(deliver: Deliver) -> None:
    machine = session(delivering(Offer.WAITING), deliver=deliver)
    assert machine.handle(ev.TurnCame(), NOW) == (do.OfferText(outcome()),)
    assert machine.state == delivering(Offer.READY)


@pytest.mark.parametrize("offer", [offer for offer in Offer if offer is not Offer.WAITING])
def test_a_turn_comes_once(offer: Offer) -> None:
    refused(session(delivering(offer)), ev.TurnCame())


def test_an_empty_text_is_offered_to_its_owner_but_inserted_by_nobody() -> None:
    returned = session(delivering(Offer.WAITING, ""))
    returned.handle(ev.TurnCame(), NOW)
    assert returned.state == delivering(Offer.READY, "")
    inserted = session(delivering(Offer.WAITING, ""), deliver=Deliver.INSERT)
    assert kinds(inserted.handle(ev.TurnCame(), NOW)) == [do.OfferText, do.Announce]
    assert inserted.state == Ended(End.NOTHING_SAID)


@pytest.mark.parametrize("offer", [Offer.READY, Offer.MAYBE_DELIVERED])
def test_a_text_can_be_handed_out_again_and_again(offer: Offer) -> None:
    machine = session(delivering(offer))
    assert machine.handle(ev.HandedOut(), NOW) == ()
    assert machine.state == delivering(Offer.MAYBE_DELIVERED)


@pytest.mark.parametrize("offer", [Offer.WAITING, Offer.UNDER_WAY, Offer.HELD])
def test_a_text_that_waits_or_is_being_inserted_is_not_handed_out(offer: Offer) -> None:
    refused(session(delivering(offer)), ev.HandedOut())


def test_an_insertion_begins_once() -> None:
    machine = session(delivering(Offer.READY), deliver=Deliver.INSERT)
    machine.handle(ev.InsertionBegan(), NOW)
    assert machine.state == delivering(Offer.UNDER_WAY)
    refused(machine, ev.InsertionBegan())


@pytest.mark.parametrize(
    ("offer", "then"),
    [
        (Offer.UNDER_WAY, Offer.MAYBE_DELIVERED),
        (Offer.HELD, Offer.MAYBE_DELIVERED),
        (Offer.READY, Offer.READY),
        (Offer.MAYBE_DELIVERED, Offer.MAYBE_DELIVERED),
    ],
)
def test_a_lost_insertion_leaves_a_text_of_which_nobody_knows(offer: Offer, then: Offer) -> None:
    machine = session(delivering(offer), deliver=Deliver.INSERT)
    assert machine.handle(ev.InsertionLost(), NOW) == ()
    assert machine.state == delivering(then)


@pytest.mark.parametrize("status", [ReceiptStatus.VERIFIED, ReceiptStatus.READ, ReceiptStatus.SENT])
@pytest.mark.parametrize("offer", [Offer.READY, Offer.UNDER_WAY, Offer.HELD, Offer.MAYBE_DELIVERED])
def test_a_receipt_ends_the_session(status: ReceiptStatus, offer: Offer) -> None:
    machine = session(delivering(offer))
    assert machine.handle(ev.ReceiptCame(status), NOW) == (do.Announce(Phase.ENDED, End.DELIVERED),)
    assert machine.state == Ended(End.DELIVERED)


def test_a_receipt_for_an_empty_text_ends_with_nothing_said() -> None:
    machine = session(delivering(Offer.MAYBE_DELIVERED, ""))
    machine.handle(ev.ReceiptCame(ReceiptStatus.READ), NOW)
    assert machine.state == Ended(End.NOTHING_SAID)


def test_a_failed_insertion_leaves_the_text_pending() -> None:
    machine = session(delivering(Offer.UNDER_WAY), deliver=Deliver.INSERT)
    machine.handle(ev.ReceiptCame(ReceiptStatus.FAILED), NOW)
    assert machine.state == delivering(Offer.READY)


def test_an_inserting_client_may_hold_the_text_and_report_later() -> None:
    machine = session(delivering(Offer.UNDER_WAY), deliver=Deliver.INSERT)
    states: list[State] = []
    for status in (ReceiptStatus.HELD, ReceiptStatus.VERIFIED):
        machine.handle(ev.ReceiptCame(status), NOW)
        states.append(machine.state)
    assert states == [delivering(Offer.HELD), Ended(End.DELIVERED)]


@pytest.mark.parametrize("offer", [Offer.READY, Offer.MAYBE_DELIVERED])
def test_a_text_that_no_inserting_client_has_cannot_be_held_back(offer: Offer) -> None:
    """Held by its owner, it stays within reach: it can be asked for again, and claimed."""
    machine = session(delivering(offer))
    machine.handle(ev.ReceiptCame(ReceiptStatus.HELD), NOW)
    assert machine.state == delivering(offer)


def test_no_receipt_is_taken_for_a_text_that_nobody_was_given() -> None:
    refused(session(delivering(Offer.WAITING)), ev.ReceiptCame(ReceiptStatus.READ))


def test_nobody_waits_for_an_empty_text() -> None:
    machine = session(delivering(Offer.READY, ""))
    machine.handle(ev.OwnerLeft(), NOW)
    assert machine.state == Ended(End.NOTHING_SAID)


@pytest.mark.parametrize(
    ("state", "deliver"),
    [
        (delivering(Offer.READY), Deliver.RETURN),
        (delivering(Offer.READY, ""), Deliver.INSERT),
        (delivering(Offer.WAITING, ""), Deliver.RETURN),
    ],
)
def test_any_other_text_outlives_its_owner(state: Delivering, deliver: Deliver) -> None:
    machine = session(state, deliver=deliver)
    assert machine.handle(ev.OwnerLeft(), NOW) == ()
    assert machine.state == state


# Another owner


@pytest.mark.parametrize(
    "state",
    [
        Recording(),
        Transcribing(90.0, 2.0),
        Cleaning(90.0, heard(), 95.0),
        delivering(Offer.WAITING),
        delivering(Offer.READY),
        delivering(Offer.MAYBE_DELIVERED),
    ],
)
def test_a_session_taken_over_is_the_takers_and_returns_its_text(state: State) -> None:
    machine = session(state, deliver=Deliver.INSERT)
    assert machine.handle(ev.TakenOver("bob"), NOW) == ()
    assert (machine.spec.owner, machine.spec.deliver) == ("bob", Deliver.RETURN)
    assert machine.state == state


@pytest.mark.parametrize("offer", [Offer.UNDER_WAY, Offer.HELD])
def test_a_text_that_an_inserting_client_has_cannot_be_taken_over(offer: Offer) -> None:
    refused(session(delivering(offer), deliver=Deliver.INSERT), ev.TakenOver("bob"))


# The end


@pytest.mark.parametrize("event", [ev.InsertionBegan(), ev.HandedOut(), ev.TakenOver("bob")])
def test_an_ended_session_gives_no_text(event: ev.Event) -> None:
    refused(session(Ended(End.DELIVERED)), event)


@pytest.mark.parametrize("event", [ev.StopRequested(), ev.CancelRequested(), ev.TranscriptReady(heard())])
def test_an_ended_session_stays_as_it_is(event: ev.Event) -> None:
    machine = session(Ended(End.DELIVERED))
    assert machine.handle(event, NOW) == ()
    assert machine.state == Ended(End.DELIVERED)
