from __future__ import annotations

import msgspec
import pytest

from parleqd.adapters.journal.memory import MemoryJournal
from parleqd.core.session.behaviour import Behaviour
from parleqd.core.session.machine import Session
from parleqd.core.session.outcome import Cleaned, Problem
from parleqd.core.session.states import Delivering, Ended, Offer, Recording, State
from parleqd.core.text.edits import Edit
from parleqd.engine.history import Entry
from parleqd.engine.live import LiveSession
from parleqd.protocol.names import Deliver, End, Mode, PendingState, Reason
from parleqd.rpc import translate
from tests.fakes.dictations import BROKEN, heard, outcome, spec

LIMITED = Problem(Reason.RATE_LIMITED, "too many", "wait", target="eastus")


def test_the_result_object_has_the_fields_of_the_interface() -> None:
    edited = msgspec.structs.replace(
        outcome("Hello.", "um hello"),
        heard=heard("um hello", 2.0, BROKEN),
        cleaned=Cleaned("Hello.", Mode.INSTANT, (Edit("fillers", "um ", "", 0),), LIMITED),
        asked=Mode.POLISHED,
        release_to_raw_ms=1.23456,
    )
    assert msgspec.to_builtins(translate.session_result(spec(), edited)) == {
        "session_id": "s1",
        "verdict": "speech",
        "raw": "um hello",
        "text": "Hello.",
        "mode": {"asked": "polished", "used": "instant"},
        "fallback": {"reason": "rate_limited", "message": "too many", "hint": "wait", "target": "eastus"},
        "segments": [{"start": 0.0, "end": 2.0, "text": "um hello"}],
        "edits": [{"stage": "fillers", "before": "um ", "after": ""}],
        "audio_seconds": 2.0,
        "timings_ms": {"release_to_raw": 1.235, "cleanup": 1.0, "release_to_text": 21.0, "decode": 10.0},
        "model": {"name": "tiny.en", "compute_type": "int8"},
        "warnings": [{"reason": "worker_failed", "message": "it broke", "hint": "mend it"}],
        "language": "",
        "baseline": None,
        "trailing_space": False,
    }


def test_a_result_tells_whether_whoever_inserts_it_puts_a_blank_behind() -> None:
    spaced = spec(behaviour=Behaviour(trailing_space=True))
    assert translate.session_result(spaced, outcome()).trailing_space


def test_no_fallback_is_null() -> None:
    assert translate.session_result(spec(), outcome()).fallback is None


@pytest.mark.parametrize(
    ("offer", "state"),
    [
        (Offer.WAITING, PendingState.READY),
        (Offer.READY, PendingState.READY),
        (Offer.UNDER_WAY, PendingState.MAYBE_DELIVERED),
        (Offer.HELD, PendingState.MAYBE_DELIVERED),
        (Offer.MAYBE_DELIVERED, PendingState.MAYBE_DELIVERED),
    ],
)
@pytest.mark.asyncio
async def test_what_waits_is_listed_without_its_text(offer: Offer, state: PendingState) -> None:
    machine = Session(spec(deliver=Deliver.INSERT))
    machine.state = Delivering(outcome("Secret."), offer)
    listed = translate.pending_session(LiveSession(machine, MemoryJournal().open("s1")))
    assert msgspec.to_builtins(listed) == {
        "session_id": "s1",
        "state": state.value,
        "deliver": "insert",
        "started": 1_700_000_000.0,
        "audio_seconds": 2.0,
    }


@pytest.mark.parametrize(
    ("state", "delivery"),
    [
        (None, "delivered"),
        (Delivering(outcome(), Offer.READY), "pending"),
        (Delivering(outcome(), Offer.MAYBE_DELIVERED), "pending"),
        (Ended(End.DELIVERED), "delivered"),
        (Ended(End.CANCELLED), "cancelled"),
        (Ended(End.NOTHING_SAID), "nothing_said"),
        (Recording(), "delivered"),
    ],
)
def test_the_history_says_what_became_of_a_text(state: State | None, delivery: str) -> None:
    entry = translate.history_entry(Entry(spec(), outcome()), state)
    assert (entry.session_id, entry.delivery, entry.result.text) == ("s1", delivery, "Hello.")


def test_a_refinement_tells_the_text_before_and_an_entry_all_texts() -> None:
    refined = msgspec.structs.replace(outcome("New.", "make it new"), baseline="Old.")
    assert translate.session_result(spec(), refined).baseline == "Old."
    texts = translate.history_entry(Entry(spec(), outcome("Hello.", "um hello")), None).texts
    assert (texts.raw, texts.instant, texts.polished) == ("um hello", "Hello.", None)
