"""What became of a recognised text on its way to the finished one, word by word, for showing.

Words are compared regardless of case, so that a sentence's new capital is highlighted and nothing is struck out for
it. What is shown may differ from the text in blanks, beside what is struck out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import groupby


class Kind(Enum):
    """How a piece of text is drawn."""

    STABLE = "stable"
    PROVISIONAL = "provisional"
    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text, drawn in one way."""

    text: str
    kind: Kind


_WORD = re.compile(r"(\s*)([\u2e80-\u9fff\uf900-\ufaff]|[^\W\u2e80-\u9fff\uf900-\ufaff]+(?:['’.,:-]\w+)*|\S)|\s+$")
_WIDE = "\u2e80"  # from here on, scripts that have no blanks
_COMPARED = 400  # words; the window has room for fewer
_LEAST_ALIKE = 0.4  # of all words: below it marks would stand everywhere and show nothing

_Word = tuple[str, str]  # the blanks before it, itself


def changes(raw: str, text: str) -> tuple[Span, ...]:
    """The text in spans: what it kept of ``raw``, what it lost, what is new.

    All of it is "kept" where there is nothing to compare with, or little is left of ``raw``.
    """
    old, new = _words(raw)[:_COMPARED], _words(text)[:_COMPARED]
    matcher = SequenceMatcher(None, [word.casefold() for _, word in old], [word.casefold() for _, word in new], False)
    if not old or not new or matcher.ratio() < _LEAST_ALIKE:
        return (Span(text, Kind.KEPT),) if text else ()
    pieces = _pieces(matcher.get_opcodes(), old, new)
    return tuple(
        Span("".join(piece for piece, _ in group), kind) for kind, group in groupby(_spaced(pieces), lambda p: p[1])
    )


def _words(text: str) -> list[_Word]:
    """Words and marks, each with the blanks before it; of wide scripts single characters."""
    return [(blanks, word) for blanks, word in _WORD.findall(text) if word]


def _pieces(
    steps: Iterable[tuple[str, int, int, int, int]], old: list[_Word], new: list[_Word]
) -> Iterator[tuple[_Word, Kind]]:
    for step, old_from, old_to, new_from, new_to in steps:
        if step == "equal":
            for (_, before), word in zip(old[old_from:old_to], new[new_from:new_to], strict=True):
                yield word, Kind.KEPT if before == word[1] else Kind.ADDED
            continue
        for word in old[old_from:old_to]:
            yield word, Kind.REMOVED
        for word in new[new_from:new_to]:
            yield word, Kind.ADDED


def _spaced(pieces: Iterable[tuple[_Word, Kind]]) -> Iterator[tuple[str, Kind]]:
    """The pieces with their blanks, of which none is marked at an edge; a word never runs into one struck out."""
    last = None
    for (blanks, word), kind in pieces:
        if last is Kind.REMOVED and kind is not Kind.REMOVED and not blanks and word[0].isalnum() and word[0] < _WIDE:
            blanks = " "
        if blanks:
            yield blanks, kind if kind is last else Kind.KEPT
        yield word, kind
        last = kind
