"""How sure the recogniser was of each word, brought from its spans of the raw text to the tokens."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from parleqd.core.text.tokens import Token


class Span(msgspec.Struct, frozen=True):
    """The recogniser was so sure (0..1) of the characters ``start:end`` of the raw text: a word, or a segment."""

    start: int
    end: int
    confidence: float


def with_confidence(tokens: list[Token], spans: Sequence[Span]) -> list[Token]:
    """The tokens, each word with the least confidence of the spans it shares a character with.

    ``spans`` may come in any order, as long as none overlaps another; a word that no span touches keeps None.
    """
    if not spans:
        return tokens
    ordered = sorted(spans, key=lambda span: span.start)
    told = []
    start = at = 0
    for token in tokens:
        start += len(token.gap)
        end = start + len(token.text)
        while at < len(ordered) and ordered[at].end <= start:
            at += 1
        if token.is_word:
            sure = _least(ordered, at, end)
            token = token if sure is None else msgspec.structs.replace(token, confidence=sure)
        told.append(token)
        start = end
    return told


def _least(ordered: list[Span], at: int, end: int) -> float | None:
    least: float | None = None
    while at < len(ordered) and ordered[at].start < end:
        sure = ordered[at].confidence
        least = sure if least is None else min(least, sure)
        at += 1
    return least
