"""A join of two decodes is listened to once more: what one decode across it hears there, neither half may have heard.

Whisper drops a short word that a stretch begins with ("Now,") or ends with; with voice before and behind, it hears
it. Only words between others that both have heard alike are taken over, so nothing else can change.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.speech.joins import mended
from parleqd.core.speech.repeats import said_as
from parleqd.core.speech.segmenting import Span
from parleqd.core.speech.transcript import TimedText, join
from parleqd.protocol.names import SAMPLE_RATE

BEFORE, BEHIND = 4 * SAMPLE_RATE, 3 * SAMPLE_RATE
"""Samples around the join: enough for the words beside it, and decoded in a moment."""
SURE = 2
"""So many words on either side are heard alike, or the join is left alone."""
MOST = 3
"""So many words, at most, are put in: more were hardly missed by both halves."""
_LONGER = 4 / 3
"""So much longer, in letters, is more than one word written apart."""


class Seams:
    """The joins of one utterance, named by their samples: which is to be listened to, and what was heard there.

    ``start``: the utterance's first sample.
    """

    def __init__(self, start: int = 0) -> None:
        self._start = start
        self._due: int | None = None
        self._across: dict[int, str] = {}

    def cut(self, at: int) -> None:
        """A segment ends there. One before it that nobody had time for is left alone."""
        self._due = at

    def span(self, heard: int) -> Span | None:
        """What is to be decoded; ``None``: nothing, or not enough is ``heard`` yet."""
        if self._due is None or heard < self._due + BEHIND:
            return None
        return Span(self.needed_from(self._due), self._due + BEHIND)

    def hear(self, span: Span, across: str) -> None:
        """What one decode of this span has heard."""
        self._across[span.end - BEHIND] = across
        if self._due == span.end - BEHIND:
            self._due = None

    def sewn(self, before: str, decodes: Sequence[tuple[int, Sequence[TimedText]]]) -> list[TimedText]:
        """The texts of decodes, each with the sample that it begins at, with what they lack at their joins.

        ``before``: the text in front of the first.
        """
        texts: list[TimedText] = []
        for at, decoded in decodes:
            left = join((before, *(text.text for text in texts)))
            across = self._across.get(at)
            texts += decoded if across is None else _sewn(left, decoded, across)
        return texts

    def forget(self, until: int) -> None:
        """Text was committed up to this sample."""
        self._across = {at: across for at, across in self._across.items() if at >= until}

    def needed_from(self, at: int) -> int:
        """The first sample that a join at this sample needs."""
        return max(self._start, at - BEFORE)


def _sewn(left: str, texts: Sequence[TimedText], across: str) -> list[TimedText]:
    if not texts:
        return []
    first, *others = texts
    behind = join(text.text for text in others)
    return [first._replace(text=sewn(left, first.text, behind, across)), *others]


def sewn(before: str, after: str, behind: str, across: str) -> str:
    """``after`` with the words that ``across`` has heard between it and ``before``; ``behind`` follows it.

    A first word of ``after`` that ``across`` hears otherwise gives way, if there is clearly more in its place.
    """
    left, right, heard = _spoken(before), _spoken(join((after, behind))), _spoken(across)
    if len(left) < SURE or not after.strip():
        return after
    found = [
        more
        for at in range(SURE, len(heard))
        if _alike(left[-SURE:], heard[at - SURE : at]) and (more := _more(right, heard[at:])) is not None
    ]
    if len(found) != 1:  # said nowhere, or more than once
        return after
    missing, replaced = found[0]
    return join(mended([join(word.written for word in some) for some in (missing, _spoken(after)[replaced:])]))


class _Word(NamedTuple):
    """``said``: without case and punctuation, as which words are compared."""

    written: str
    said: str


def _spoken(text: str) -> list[_Word]:
    return [_Word(*word) for word in zip(text.split(), said_as(text), strict=True) if word[1]]


def _alike(some: Sequence[_Word], others: Sequence[_Word]) -> bool:
    return [word.said for word in some] == [word.said for word in others]


def _more(right: Sequence[_Word], heard: Sequence[_Word]) -> tuple[Sequence[_Word], int] | None:
    """The words that ``heard`` has before those of ``right``, and how many first words of ``right`` they replace."""
    for count in range(min(MOST, len(heard) - SURE) + 1):
        missing, following = heard[:count], heard[count : count + SURE]
        if _alike(right[:SURE], following):
            return (missing, 0) if missing else None
        if count > 1 and _alike(right[1 : 1 + SURE], following):
            letters, old = "".join(word.said for word in missing), right[0].said
            return (missing, 1) if old.isalpha() and len(letters) > _LONGER * len(old) else None
    return None
