"""Stages survive being written down, and tell what a later daemon must know."""

from __future__ import annotations

import msgspec
import pytest

from parleqd.core.session.outcome import HeardSegment
from parleqd.core.session.stages import (
    AudioDone,
    Began,
    Committed,
    Finished,
    Kept,
    Offered,
    Resumed,
    Stage,
    Stopped,
    Told,
    tell,
)
from tests.fakes import dictations

SEGMENTS = (HeardSegment(0.0, 1.5, "hello"), HeardSegment(1.5, 2.0, "world"))
STAGES: list[Stage] = [
    Began(dictations.spec()),
    Committed(SEGMENTS[0]),
    AudioDone(),
    AudioDone((dictations.BROKEN,)),
    Finished(dictations.outcome()),
    Offered(out=True),
    Resumed(),
    Stopped(),
    Kept(dictations.spec(), until=12.5),
]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
def test_a_stage_comes_back_as_it_was(stage: Stage) -> None:
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(stage), type=Stage) == stage


def test_every_stage_is_tried_here() -> None:
    assert {type(stage) for stage in STAGES} == set(Stage.__args__)


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: type(stage).__name__)
def test_the_name_that_is_written_never_changes(stage: Stage) -> None:
    written = msgspec.msgpack.decode(msgspec.msgpack.encode(stage))
    assert written["is"] in {"began", "committed", "audiodone", "finished", "offered", "resumed", "stopped", "kept"}


def test_nothing_tells_nothing() -> None:
    assert tell([]) == Told()


def test_a_dictation_that_was_cut_off_is_told_as_far_as_it_went() -> None:
    told = tell([Began(dictations.spec()), *map(Committed, SEGMENTS), AudioDone((dictations.BROKEN,))])
    assert told == Told(spec=dictations.spec(), segments=SEGMENTS, audio_done=AudioDone((dictations.BROKEN,)))


def test_a_claim_makes_it_somebody_elses() -> None:
    told = tell([Began(dictations.spec(owner="alice")), Began(dictations.spec(owner="bob"))])
    assert told.spec == dictations.spec(owner="bob")


def test_a_text_that_was_given_away_may_come_back() -> None:
    begun: list[Stage] = [Began(dictations.spec()), Finished(dictations.outcome()), Offered(out=True)]
    assert tell(begun).outcome == dictations.outcome()
    assert tell(begun).offered
    assert not tell([*begun, Offered(out=False)]).offered


def test_attempts_are_counted() -> None:
    assert tell([Began(dictations.spec()), Resumed(), Resumed()]).attempts == 2
    assert tell([Began(dictations.spec()), Resumed(), Stopped(), Resumed()]).attempts == 1
    assert tell([Began(dictations.spec()), Stopped()]).attempts == 0


def test_what_is_only_kept_says_how_long() -> None:
    told = tell([Kept(dictations.spec(id="s2"), until=12.5)])
    assert (told.spec, told.kept_until) == (dictations.spec(id="s2"), 12.5)
