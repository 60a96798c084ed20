"""The record of what cleanup changed: edits that replay raw text into clean text, and can be taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

import msgspec


class Edit(msgspec.Struct, frozen=True):
    """One change: ``stage`` found ``before`` at ``start`` and wrote ``after``.

    The edits of one run of a stage are a ``step``: in order, without overlap. ``start`` and ``end`` count
    characters of the text that went *into the step*, which is the raw text after all earlier steps.
    """

    stage: str
    before: str
    after: str
    start: int
    step: int = 0

    @property
    def end(self) -> int:
        """The offset behind ``before`` in the text that went into the step."""
        return self.start + len(self.before)

    @property
    def growth(self) -> int:
        """How many characters longer the text became."""
        return len(self.after) - len(self.before)


def steps(edits: Sequence[Edit]) -> Iterator[list[Edit]]:
    """The edits of each step in turn."""
    for _, group in groupby(edits, key=attrgetter("step")):
        yield list(group)


def replay(raw: str, edits: Sequence[Edit]) -> str:
    """Make all ``edits`` on ``raw``. Raises ValueError where the text is not what an edit says it found."""
    text = raw
    for group in steps(edits):
        pieces: list[str] = []
        done = 0
        for edit in group:
            if edit.start < done or text[edit.start : edit.end] != edit.before:
                raise ValueError(f"{edit.stage}: an edit at {edit.start} does not fit the text")
            pieces += (text[done : edit.start], edit.after)
            done = edit.end
        pieces.append(text[done:])
        text = "".join(pieces)
    return text


def undo(edits: Sequence[Edit], index: int) -> tuple[Edit, ...]:
    """The edits that remain when ``edits[index]`` is taken back; replayed on raw they give the text without it.

    Edits of later steps that rest on it go with it: those that overlap what it wrote, and, where it removed
    text, the one that changed what then stood at its place (the capital of a word that a filler stood before).
    Undoing all edits, in any order, gives the raw text. Raises IndexError.
    """
    undone = edits[index]
    groups = list(steps(edits))
    at = next(n for n, group in enumerate(groups) if any(edit is undone for edit in group))
    own = [edit for edit in groups[at] if edit is not undone]
    kept = [*(edit for group in groups[:at] for edit in group), *own]
    # The two texts, with the edit and without it, differ in one place: `low:high` of the text with it. From
    # `high` on, the text without it is shifted by `drift`. Each later step moves that place along.
    low = undone.start + sum(edit.growth for edit in own if edit.end <= undone.start)
    high = low + len(undone.after)
    drift = -undone.growth
    for group in groups[at + 1 :]:
        lost = [edit for edit in group if _rests_on(edit, low, high)]
        ahead = [edit for edit in group if _stands_before(edit, low, high)]
        behind = group[len(ahead) + len(lost) :]
        kept += ahead
        kept += (msgspec.structs.replace(edit, start=edit.start + drift) for edit in behind)
        low = min([low, *(edit.start for edit in lost)])
        high = max([high, *(edit.end for edit in lost)])
        moved = sum(edit.growth for edit in ahead)
        grown = sum(edit.growth for edit in lost)
        low, high, drift = low + moved, high + moved + grown, drift - grown
    return tuple(kept)


def _rests_on(edit: Edit, low: int, high: int) -> bool:
    """Whether ``edit`` changed what stands at ``low:high``, or right behind it where that is empty."""
    if low == high:
        return edit.start <= low < edit.end
    return edit.start < high and low < edit.end


def _stands_before(edit: Edit, low: int, high: int) -> bool:
    """Whether ``edit`` ends before ``low:high``. What is inserted where text was removed comes behind it."""
    return edit.end <= low and (edit.start < low or low < high)
