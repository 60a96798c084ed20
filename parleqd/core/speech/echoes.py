"""Echoes: a decoder that hears nothing it understands may recite the terms that it was told to expect.

Measured with tiny.en and a dozen terms: of room noise and of several people at once it makes a row of terms, again and
again, with more confidence than it has in real speech. Two things together tell such a text: its form, and how surely
Whisper hears no speech: at least 0.33 in echoes, at most 0.22 where a synthesiser spoke nothing but two or three terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.repeats import words_of

LEAST_TERMS = 2
LEAST_SHARE = 0.5
"""Of the words: a sentence about two people has more words around their names than that."""
NO_SPEECH = 0.28
LEAST_AGAIN = 2
"""Speech that is hard to understand can come out as the list as well; but whoever says nothing but names says none of
them again and again."""


def is_echo(decoded: Decoded, terms: Sequence[str]) -> bool:
    """Are these the ``terms`` that were to be expected, rather than what was said?"""
    found = terms_in(decoded.text, terms)
    if not found.recited:
        return False
    return decoded.no_speech > NO_SPEECH or found.again >= LEAST_AGAIN


class Terms(NamedTuple):
    """``recited``: there are two or more, and hardly anything else; ``again``: how many stood before already."""

    recited: bool
    again: int


def terms_in(text: str, terms: Sequence[str]) -> Terms:
    """What there is of the list in the text."""
    words = words_of(text)
    listed = sorted((words_of(term) for term in terms), key=len, reverse=True)
    found, covered, at = list[tuple[str, ...]](), 0, 0
    while at < len(words):
        length = next((len(term) for term in listed if term and words[at : at + len(term)] == term), 0)
        if length:
            found.append(tuple(words[at : at + length]))
        covered += length
        at += max(1, length)
    return Terms(len(found) >= LEAST_TERMS and covered >= LEAST_SHARE * len(words), len(found) - len(set(found)))
