"""The forms in which a recogniser may write a term: those the user gave, and those that follow from its spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parleqd.core.text.terms.sound import unaccented
from parleqd.core.text.tokens import Token, tokenise
from parleqd.core.vocabulary.entry import Entry

_SAID = {".": " dot ", "+": " plus ", "#": " sharp ", "&": " and ", "@": " at ", "_": " underscore ", "/": " slash "}
_SIGN = re.compile(r"[.+#&@_/]")
_HYPHENS = re.compile("[-\u2010\u2011]")

DIGITS = {
    "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9",
}  # fmt: skip
"""Digits by their names, as they come in spelled terms: "k eight s"."""


def pieces_of(token: Token) -> list[str]:
    """What a token is compared by: the words that hyphens join one by one, without accents; a mark as it is."""
    if not token.is_word:
        return [token.text]
    key = unaccented(token.key)
    if not _HYPHENS.search(key):
        return [key]
    parts = _HYPHENS.split(key)
    return parts if all(parts) else [key]


def pieces(text: str) -> tuple[str, ...]:
    """The pieces of a whole form. Marks at its ends are left out: nobody says them."""
    tokens = tokenise(text)
    while tokens and not tokens[-1].is_word:
        tokens.pop()
    while tokens and not tokens[0].is_word:
        tokens.pop(0)
    return tuple(piece for token in tokens for piece in pieces_of(token))


def given_forms(entry: Entry) -> list[tuple[str, ...]]:
    """The forms that the user gave for the term, each in its pieces."""
    return _distinct(pieces(form) for form in (*entry.aliases, *entry.spoken))


def said_forms(entry: Entry) -> list[tuple[str, ...]]:
    """How the term itself is said: as it is, and with its signs by name ("dot net", "C plus plus")."""
    forms = [pieces(entry.term)]
    if _SIGN.search(entry.term):
        forms.append(pieces(_SIGN.sub(lambda sign: _SAID[sign[0]], entry.term)))
        forms.append(pieces(re.sub(r"[.@_/]", " ", entry.term)))
    return _distinct(forms)


def _distinct(forms: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [form for form in dict.fromkeys(forms) if form]
