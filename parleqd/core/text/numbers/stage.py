"""Stage: write spoken numbers as people type them. The rules of a language are its grammar's readers, in order."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from parleqd.core.text.numbers import amounts
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
    keys = [token.key for token in tokens]
    if not _of_numbers(keys, grammar) and not _hides_number(keys, grammar):
        return []
    words = phrase(tokens, grammar.numerals, grammar.vocabulary)
    changes: list[Change] = []
    done = 0
    for at in _places(words, grammar):
        if at < done:
            continue
        reading = _read(words, at, grammar)
        if reading is None:
            done = _behind_words(words, at)
            continue
        change = _change(tokens, words, reading)
        if change is not None:
            changes.append(change)
        done = reading.last
    return changes


def _of_numbers(keys: Sequence[str], grammar: Grammar) -> list[int]:
    """Where a word alone shows that a number may be meant. A text without such a word is left at once."""
    cardinals, ordinals = grammar.vocabulary.cardinals, grammar.vocabulary.ordinals
    return [
        at
        for at, key in enumerate(keys)
        if key in cardinals or key in ordinals or (not key.isalpha() and _has_figures(key, grammar))
    ]


def _hides_number(keys: Sequence[str], grammar: Grammar) -> bool:
    """Whether a word is a number that is no word of the tables before it is taken apart: zweitausendfünf."""
    split = grammar.numerals.split
    return split is not None and any(len(split(key)) > 1 for key in keys)


def _has_figures(key: str, grammar: Grammar) -> bool:
    """Whether a word that is not all letters begins with a number: 5pm, -3, twenty-five."""
    if key[:1].isdigit():
        return True
    return "-" in key and (key.partition("-")[0] in grammar.vocabulary.cardinals or key[1:2].isdigit())


def _places(words: Phrase, grammar: Grammar) -> list[int]:
    """Where a reading may begin: at a word of a number, or at one of ``grammar.starts`` shortly before such a word."""
    numbers = frozenset(_of_numbers(words.keys, grammar))
    return [
        at
        for at, key in enumerate(words.keys)
        if at in numbers or (key in grammar.starts and not numbers.isdisjoint(range(at + 1, at + 1 + _NEAR)))
    ]


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


def _behind_words(words: Phrase, at: int) -> int:
    """The same, and behind the numbers that make one thing with it: half a range would be in figures."""
    last = _behind_run(words, at)
    if not words.is_number(at):
        return last
    links = words.numerals.range_links if last - at > 1 else frozenset[str]()
    number = words.number(at)
    if last - at == 1 and number is not None and number.value > words.numerals.words_up_to:
        links = words.numerals.series_links  # "Twenty, thirty, forty."
    elif last - at == 1 and number is not None and amounts.shares_scale(words, number.value, last + 1):
        links = words.numerals.range_links  # "two to three hundred people"
    while words.keys[last] in links and words.is_number(last + 1):
        last = _behind_run(words, last + 1)
    return last


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
