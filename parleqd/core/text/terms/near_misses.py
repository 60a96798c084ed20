"""Terms by their sound: a word that is none, near a term in sound and spelling, where the recogniser was unsure.

Two things tell that a word is none: the recogniser's own confidence, and where it gave none, that it took the word
for a name (a capital within a sentence) or spelled it as no English word is. Common names and ordinary words stay.
"""

from __future__ import annotations

from parleqd.core.text.terms.index import Index, Near, Term
from parleqd.core.text.terms.ordinary import GRAMMAR, is_ordinary, is_proper_name, is_un_english
from parleqd.core.text.terms.sound import plain, sound
from parleqd.core.text.terms.spelling import distance
from parleqd.core.text.tokens import Token, Tokens, starts_sentence

UNSURE = 0.6
"""Confidence (0..1) under which a recogniser has guessed a word."""
_SHORTEST_BLIND = 6
"""Letters of a term that may be found with no confidence to go by."""
_LONG = 9
_SHORTEST_WORD = 3
MOST_PIECES = 3
_WORD_LETTERS = "aio"
_BROKEN = 2  # differing letters of a term that was heard as a word and a letter: "parlay q"


def is_unsure(token: Token) -> bool:
    """Whether the recogniser said that it guessed the word."""
    return token.confidence is not None and token.confidence < UNSURE


def near_word(index: Index, tokens: Tokens, at: int) -> Term | None:
    """The term that the word at ``at`` was most likely meant to be; None where it may be anything else."""
    token = tokens[at]
    key = token.key
    unsure = is_unsure(token)
    if not unsure and (token.confidence is not None or not _looks_like_a_name(tokens, at)):
        return None
    if not key.isalpha() or (token.text.isupper() and len(key) > 1) or is_ordinary(key) or is_proper_name(key):
        return None
    letters = plain(key)
    if unsure:
        return _nearest(index, letters, 0, max(1, len(letters) // 3))
    return _nearest(index, letters, _SHORTEST_BLIND, 1 + (len(letters) >= _LONG))


def near_words(index: Index, tokens: Tokens, first: int) -> tuple[int, Term] | None:
    """The term that two or three words from ``first`` on are the broken pieces of, and where they end."""
    for last in range(first + 2, min(first + MOST_PIECES, len(tokens)) + 1):
        parts = tokens[first:last]
        if not all(part.is_word and part.key.isalpha() and part.key not in index.forms for part in parts):
            return None  # what is a form of a term itself is no piece of another
        if any("\n" in part.gap for part in parts[1:]):
            return None
        most = _may_be_broken(parts)
        if most:
            letters = "".join(plain(part.key) for part in parts)
            term = _nearest(index, letters, _SHORTEST_BLIND, min(most, len(letters) // 3))
            if term is not None:
                return last, term
    return None


def _may_be_broken(parts: Tokens) -> int:
    """How many letters the words may differ from a term; 0 where they are words in their own right."""
    if any(part.key in GRAMMAR for part in parts):
        return 0
    lone = [part for part in parts if len(part.key) == 1]
    if lone:
        strange = all(part.key not in _WORD_LETTERS for part in lone) and len(lone) < len(parts)
        return _BROKEN if strange else 0
    unsure = any(is_unsure(part) for part in parts)
    known = all(is_ordinary(part.key) or is_proper_name(part.key) for part in parts)
    return _BROKEN + 1 if unsure and not known and min(len(part.key) for part in parts) >= _SHORTEST_WORD else 0


def _looks_like_a_name(tokens: Tokens, at: int) -> bool:
    token = tokens[at]
    if token.is_capitalised:
        named = not starts_sentence(tokens, at) and not _is_title(tokens, at)
        return named or is_un_english(token.key)
    return is_un_english(token.key)


def _is_title(tokens: Tokens, at: int) -> bool:
    """Whether the words beside begin with capitals too, as in titles and the names of persons."""
    beside: list[Token] = [*tokens[max(at - 1, 0) : at], *tokens[at + 1 : at + 2]]
    return any(word.is_word and word.is_capitalised and word.key != "i" for word in beside)


def _nearest(index: Index, letters: str, shortest: int, most: int) -> Term | None:
    """The one term that sounds like ``letters`` and is spelled nearest; None where there are two."""
    found: list[tuple[int, Near]] = []
    for near in index.sounds.get(sound(letters), ()):
        if len(near.letters) >= shortest:
            apart = distance(letters, near.letters, most)
            if apart <= most:
                found.append((apart, near))
    if not found:
        return None
    least = min(apart for apart, _ in found)
    terms = {near.term.text: near.term for apart, near in found if apart == least}
    return next(iter(terms.values())) if len(terms) == 1 else None
