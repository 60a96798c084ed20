"""Stage: write spoken numbers as people type them. The rules of a language are its grammar's readers, in order."""

from __future__ import annotations

import msgspec

from parleqd.core.text.numbers.numerals import Numerals, Vocabulary
from parleqd.core.text.numbers.phrase import Phrase, Reader, Reading, phrase
from parleqd.core.text.tokens import Change, Tokens, tokenise

_NEAR = 3


class Grammar(msgspec.Struct, frozen=True):
    """How a language says numbers: its words, and the readers that are asked in turn.

    ``idioms`` is asked first, and at any word; what it reads with an empty text stays as it is. ``starts`` are
    words other than numbers that a reading may begin with: months, "quarter", "version".
    """

    numerals: Numerals
    readers: tuple[Reader, ...]
    starts: frozenset[str]
    idioms: Reader
    vocabulary: Vocabulary


def find(tokens: Tokens, grammar: Grammar) -> list[Change]:
    """The numbers in ``tokens``, rewritten. A run of number words is read whole or not at all.

    What no reader understands to its end is left: half a number would be worse than words.
    """
    if not any(_is_of_number(token.key, grammar) for token in tokens):
        return []
    words = phrase(tokens, grammar.numerals, grammar.vocabulary)
    changes: list[Change] = []
    at, end = 0, words.end
    while at < end:
        key = words.keys[at]
        if not (_is_of_number(key, grammar) or (key in grammar.starts and _is_number_near(words, at, grammar))):
            at += 1
            continue
        reading = _read(words, at, grammar)
        if reading is None:
            at = _behind_run(words, at)
            continue
        change = _change(tokens, words, reading)
        if change is not None:
            changes.append(change)
        at = reading.last
    return changes


def _is_of_number(key: str, grammar: Grammar) -> bool:
    """Whether the word alone shows that a number may be meant. A text without such a word is left at once."""
    if key in grammar.vocabulary.cardinals or key in grammar.vocabulary.ordinals or key[:1].isdigit():
        return True
    return "-" in key and (key.partition("-")[0] in grammar.vocabulary.cardinals or key[1:2].isdigit())


def _is_number_near(words: Phrase, at: int, grammar: Grammar) -> bool:
    """Whether one of the next few words shows a number: what begins with another word has one there."""
    return any(_is_of_number(key, grammar) for key in words.keys[at + 1 : at + 1 + _NEAR])


def _read(words: Phrase, at: int, grammar: Grammar) -> Reading | None:
    if words.parts_token(at):
        return None
    idiom = grammar.idioms(words, at)
    if idiom is not None:
        return idiom
    for reader in grammar.readers:
        reading = reader(words, at)
        if reading is not None and not _breaks_off(words, reading.last):
            return reading
    return None


def _breaks_off(words: Phrase, last: int) -> bool:
    """Whether a run of number words goes on behind ``last``, or the word that ends there does."""
    if words.parts_token(last):
        return True
    return words.is_number(last) and (words.is_number(last - 1) or words.keys[last - 1] in words.numerals.digits)


def _behind_run(words: Phrase, at: int) -> int:
    """The first word behind the number words at ``at``; of a number that cannot be read no part is."""
    if not words.is_number(at):
        return at + 1
    while words.is_number(at):
        at += 1
    return at


def _change(tokens: Tokens, words: Phrase, reading: Reading) -> Change | None:
    """The change that writes ``reading``; None where nothing is to be changed."""
    if not reading.text:
        return None
    places = [place for place in words.places[reading.first : reading.last] if place >= 0]
    first, last = places[0], places[-1] + 1
    if "".join(token.gap * (n > 0) + token.text for n, token in enumerate(tokens[first:last])) == reading.text:
        return None
    written = tokenise(reading.text)
    return Change(first, last, (written[0].with_gap(tokens[first].gap), *written[1:]))
