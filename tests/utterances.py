"""The worker's utterance driven by hand: what it is given, what it does with it, and what it says."""

from __future__ import annotations

from collections.abc import Sequence

from parleqd.core.speech import messages as m
from parleqd.core.speech.transcript import join
from parleqd.speech_worker.utterance import Utterance


def work(utterance: Utterance) -> list[m.Event]:
    """Do all that is to be done now."""
    events: list[m.Event] = []
    while (piece := utterance.next_piece()) is not None and not utterance.done:
        events += utterance.work(piece)
    return events


def hear(utterance: Utterance, pcm: bytes) -> list[m.Event]:
    """The utterance goes on, and all that is to be done is done."""
    utterance.receive(pcm)
    return work(utterance)


def finish(utterance: Utterance) -> list[m.Event]:
    """It has ended, and all is done."""
    utterance.finish()
    return work(utterance)


def segments(events: Sequence[m.Event]) -> list[m.Segment]:
    return [event for event in events if isinstance(event, m.Segment)]


def text(events: Sequence[m.Event]) -> str:
    """What is committed."""
    return join(segment.text for segment in segments(events))


def partials(events: Sequence[m.Event]) -> list[str]:
    """What is only a hypothesis."""
    return [event.provisional for event in events if isinstance(event, m.Partial)]


def final(events: Sequence[m.Event]) -> m.Final:
    assert isinstance(events[-1], m.Final)
    return events[-1]
