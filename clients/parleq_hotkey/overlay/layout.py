"""Lines of text from spans: wrapped at a width, and clipped with an ellipsis to so many lines."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from parleq_hotkey.overlay.changes import Kind, Span

Measure = Callable[[str], int]
"""The width of a text, in pixels."""

_ELLIPSIS = "…"
_NO_BREAK_BEFORE = frozenset("。、，．！？：；）」』】》”’…")
_JOINS = frozenset("\u200d\ufe0f\ufe0e\u20e3")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of one line, drawn in one way: from ``x``, ``width`` pixels wide."""

    x: int
    width: int
    text: str
    kind: Kind


Line = tuple[Run, ...]


def lines(spans: Iterable[Span], measure: Measure, width: int, most: int, *, tail: bool = False) -> list[Line]:
    """At most ``most`` lines, none wider than ``width``: the first ones, or with ``tail`` the last ones.

    An ellipsis stands where text was left out.
    """
    wrapped = [_trimmed(line) for line in _wrapped(spans, measure, width)]
    while wrapped and not wrapped[-1]:
        wrapped.pop()
    if len(wrapped) > most:
        wrapped = _last(wrapped, measure, width, most) if tail else _first(wrapped, measure, width, most)
    return [_placed(line, measure) for line in wrapped]


def _wrapped(spans: Iterable[Span], measure: Measure, width: int) -> Iterator[list[Span]]:
    """Lines of pieces. A line break ends a line, a word that does not fit begins one; one wider than all is split."""
    line: list[Span] = []
    used = 0
    for word in _words(spans):
        if word[0].text == "\n":
            yield line
            line, used = [], 0
            continue
        wide = sum(measure(piece.text) for piece in word)
        if used + wide > width and word[0].text.isspace():
            continue  # the blanks at which the line is broken
        if used + wide > width and line:
            yield line
            line, used = [], 0
        if wide > width:
            *full, word = _split(word, measure, width)
            yield from full
            wide = sum(measure(piece.text) for piece in word)
        if line or not word[0].text.isspace():
            line += word
            used += wide
    yield line


def _words(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """What is not broken over lines, each a list of pieces; blanks and line breaks each for themselves."""
    word: list[Span] = []
    before = ""
    for span in spans:
        piece = ""
        for c in span.text:
            if _breaks(before, c):
                if piece:
                    word.append(Span(piece, span.kind))
                if word:
                    yield word
                word, piece = [], ""
            piece += c
            before = c
        if piece:
            word.append(Span(piece, span.kind))
    if word:
        yield word


def _breaks(before: str, c: str) -> bool:
    """May a line end between the two?"""
    if not before or "\n" in (before, c):
        return True
    if before.isspace() or c.isspace():
        return before.isspace() != c.isspace()
    if c in _JOINS or before == "\u200d" or unicodedata.combining(c) or c in _NO_BREAK_BEFORE:
        return False
    return _is_wide(before) or _is_wide(c)


def _is_wide(c: str) -> bool:
    return unicodedata.east_asian_width(c) in ("W", "F")


def _split(word: Sequence[Span], measure: Measure, width: int) -> list[list[Span]]:
    """A word that is wider than a line, in pieces that are not."""
    parts: list[list[Span]] = [[]]
    used = 0
    for span in word:
        for c in span.text:
            wide = measure(c)
            if used + wide > width and parts[-1]:
                parts.append([])
                used = 0
            parts[-1].append(Span(c, span.kind))
            used += wide
    return parts


def _first(wrapped: list[list[Span]], measure: Measure, width: int, most: int) -> list[list[Span]]:
    *whole, cut = wrapped[:most]
    room = width - measure(_ELLIPSIS)
    pieces = [Span(c, span.kind) for span in cut for c in span.text]
    while pieces and sum(measure(piece.text) for piece in pieces) > room:
        pieces.pop()
    return [*whole, [*_trimmed(pieces), Span(_ELLIPSIS, Kind.KEPT)]]


def _last(wrapped: list[list[Span]], measure: Measure, width: int, most: int) -> list[list[Span]]:
    cut, *whole = wrapped[-most:]
    room = width - measure(_ELLIPSIS)
    pieces = [Span(c, span.kind) for span in cut for c in span.text]
    while pieces and sum(measure(piece.text) for piece in pieces) > room:
        pieces.pop(0)
    return [[Span(_ELLIPSIS, pieces[0].kind if pieces else Kind.STABLE), *pieces], *whole]


def _trimmed(line: list[Span]) -> list[Span]:
    """Without blanks at its end."""
    end = len(line)
    while end and line[end - 1].text.isspace():
        end -= 1
    return line[:end]


def _placed(line: Iterable[Span], measure: Measure) -> Line:
    """The runs of a line; neighbours that are drawn in one way are one run."""
    runs: list[Run] = []
    x = 0
    for kind, pieces in groupby(line, lambda span: span.kind):
        text = "".join(piece.text for piece in pieces)
        runs.append(Run(x, measure(text), text, kind))
        x += runs[-1].width
    return tuple(runs)
