"""The texts of a dictation: raw, Instant and Polished, and what comes of it when some of its edits are taken back."""

from __future__ import annotations

from collections.abc import Iterable

from parleqd.core.session.outcome import Outcome
from parleqd.core.text.edits import Edit, replay, undo
from parleqd.protocol.names import Mode

POLISHED_STAGE, REFINED_STAGE = "polished", "refined"
"""A model's edits: each replaces the whole text that it was given, so it rests on all edits before it."""


def instant_of(outcome: Outcome) -> str | None:
    """The text as it was cleaned on the device; ``None`` where it was not."""
    cleaned = outcome.cleaned
    if outcome.baseline is not None or cleaned.used is Mode.RAW:
        return None
    return next((edit.before for edit in cleaned.edits if edit.stage == POLISHED_STAGE), cleaned.text)


def polished_of(outcome: Outcome) -> str | None:
    """The text that a model made of it; ``None`` where none did."""
    return outcome.cleaned.text if outcome.cleaned.used is Mode.POLISHED else None


def rewritten(outcome: Outcome) -> tuple[str, str] | None:
    """The texts before and after a model wrote it; ``None`` where none did."""
    if outcome.cleaned.used is not Mode.POLISHED:
        return None
    before = instant_of(outcome) if outcome.baseline is None else outcome.baseline
    return (outcome.heard.raw if before is None else before), outcome.cleaned.text


def texts_of(outcome: Outcome) -> list[str]:
    """All there are, those that are the same more than once."""
    texts = (outcome.heard.raw, outcome.cleaned.text, outcome.baseline, instant_of(outcome), polished_of(outcome))
    return [text for text in texts if text is not None]


def without(outcome: Outcome, numbers: Iterable[int]) -> tuple[str, tuple[Edit, ...]]:
    """The text with these edits taken back, counted from 1, and the edits that are left.

    What rests on one of them goes with it; a model's text rests on every edit before it. Without all of them it is the
    raw text, or that of before the refinement. Raises ``IndexError`` for a number that no edit has.
    """
    edits = outcome.cleaned.edits
    places = set()
    for number in numbers:
        if not 1 <= number <= len(edits):
            raise IndexError(number)
        places.add(number - 1)
    if places:
        places |= {place for place, edit in enumerate(edits) if edit.stage == POLISHED_STAGE}
    if len(places) == len(edits):
        edits, places = (), set()  # at once: one after the other would take time by the square of how many there are
    for place in sorted(places, reverse=True):  # from the last on: those before it stay where they are
        edits = undo(edits, place)
    return replay(outcome.heard.raw if outcome.baseline is None else outcome.baseline, edits), edits


def behind(edits: tuple[Edit, ...], text: str, polished: str) -> tuple[Edit, ...]:
    """The edits that lead to ``text``, and a model's behind them."""
    if polished == text:
        return edits
    return (*edits, Edit(POLISHED_STAGE, text, polished, 0, edits[-1].step + 1 if edits else 0))


def refined(baseline: str, text: str) -> tuple[Edit, ...]:
    """What a refinement changed."""
    return () if text == baseline else (Edit(REFINED_STAGE, baseline, text, 0),)
