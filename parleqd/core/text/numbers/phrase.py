"""The words of a text as readers of numbers see them: hyphens parted, marks and line breaks in between."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from parleqd.core.text import code_signs
from parleqd.core.text.numbers import cardinals
from parleqd.core.text.numbers.cardinals import Number
from parleqd.core.text.numbers.numerals import Numerals, Vocabulary
from parleqd.core.text.tokens import Tokens, quoted

BREAK = "\n"
UNTOUCHABLE = "\x00"
"""The key of what is quoted or code: it is no word of any table."""
_PADDING = 8
_MARKS = frozenset((*".,;:!?()[]{}\"'“”„«»‘’…—–", BREAK, "", ".."))


class Reading(msgspec.Struct, frozen=True):
    """The words up to ``last`` read as a number, written as ``text``. ``first``: where they begin."""

    first: int
    last: int
    text: str


class Phrase(msgspec.Struct, frozen=True):
    """``keys``: words, marks and breaks, with empty ones behind the end, so that a reader may look ahead.

    ``spelled`` are the same words as they are written; ``places[i]`` is the token that key ``i`` belongs to.
    Several keys may share a token: "twenty-five".
    """

    keys: list[str]
    spelled: list[str]
    places: list[int]
    numerals: Numerals
    vocabulary: Vocabulary
    known: dict[int, Number | None] = {}
    """Numbers read before, by where they begin: several readers ask for each."""

    @property
    def end(self) -> int:
        """How many words, marks and breaks there are."""
        return len(self.keys) - _PADDING

    def opens_clause(self, at: int) -> bool:
        """Whether no word of its clause stands before ``at``."""
        return at == 0 or self.keys[at - 1] in _MARKS

    def ends_clause(self, at: int) -> bool:
        """Whether no word of its clause stands at ``at`` or behind."""
        return self.keys[at] in _MARKS

    def before(self, at: int, back: int = 1) -> str:
        """The key ``back`` places before ``at``; empty before the text."""
        return self.keys[at - back] if at >= back else ""

    def number(self, at: int) -> Number | None:
        """The cardinal or ordinal that begins at ``at``."""
        if self.keys[at] not in self.vocabulary.openers:
            return None
        if at not in self.known:
            self.known[at] = cardinals.read(self.keys, at, self.numerals)
        return self.known[at]

    def is_number(self, at: int) -> bool:
        """Whether the word at ``at`` is part of a number, in words or in digits."""
        key = self.keys[at]
        return key in self.vocabulary.cardinals or (key.isdigit() and key.isascii())

    def parts_token(self, at: int) -> bool:
        """Whether ``at`` lies between words that are written as one."""
        return 0 < at < len(self.places) and self.places[at] == self.places[at - 1] and self.places[at] >= 0


Reader = Callable[[Phrase, int], Reading | None]
"""Reads what begins at an index; None where it is not of the reader's class, or not surely."""


def phrase(tokens: Tokens, numerals: Numerals, vocabulary: Vocabulary) -> Phrase:
    """The words of ``tokens``. A hyphenated word is parted where all its parts are number words."""
    untouchable = quoted(tokens) | code_signs.find(tokens)
    keys: list[str] = []
    spelled: list[str] = []
    places: list[int] = []
    for index, token in enumerate(tokens):
        if "\n" in token.gap:
            keys.append(BREAK)
            spelled.append(BREAK)
            places.append(-1)
        if index in untouchable or not token.is_word or (numerals.split is None and "-" not in token.key):
            keys.append(UNTOUCHABLE if index in untouchable else token.key)
            spelled.append(token.text)
            places.append(index)
            continue
        parts = _parts(token.key, numerals, vocabulary)
        keys += parts
        spelled += (token.text,) if len(parts) == 1 else parts
        places += [index] * len(parts)
    keys += [""] * _PADDING
    spelled += [""] * _PADDING
    places += [-1] * _PADDING
    return Phrase(keys, spelled, places, numerals, vocabulary)


def _parts(key: str, numerals: Numerals, vocabulary: Vocabulary) -> tuple[str, ...]:
    parts: tuple[str, ...] = (key,)
    if "-" in key:
        hyphenated = tuple(key.split("-"))
        last = hyphenated[-1]
        is_last = last in vocabulary.cardinals or last in vocabulary.ordinals
        if is_last and all(part in vocabulary.cardinals or part in numerals.joiners for part in hyphenated[:-1]):
            parts = hyphenated
    if numerals.split is None:
        return parts
    return tuple(piece for part in parts for piece in numerals.split(part))
