"""One entry of the vocabulary, and what may stand in one."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

LONGEST = 80
"""Characters of a term, an alias or a spoken form: beyond that it is a text, which no dictation holds by chance."""
MOST_FORMS = 20
"""Aliases of one term; and so many spoken forms."""


class EntryError(ValueError):
    """An entry that cannot be kept: ``message`` says what is wrong with it, ``hint`` what would be right."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class Entry(msgspec.Struct, frozen=True):
    """``term`` as it is to be written; ``aliases``: other writings that mean it; ``spoken``: how it is said."""

    term: str
    aliases: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What makes two entries the same one."""
        return key_of(self.term)


def key_of(term: str) -> str:
    """Terms that differ in case or white space only are one: nobody can hear the difference."""
    return " ".join(term.split()).casefold()


def checked(term: str, aliases: Iterable[str] = (), spoken: Iterable[str] = ()) -> Entry:
    """An entry as it is kept: white space in order, nothing twice. Raises ``EntryError``."""
    name = _form("term", term)
    return Entry(name, _forms("alias", aliases, but=(name,)), _forms("spoken form", spoken))


def merged(known: Entry, new: Entry) -> Entry:
    """Both in one, the term as ``new`` spells it. Raises ``EntryError`` where it has too many forms then."""
    return checked(new.term, (*known.aliases, *new.aliases), (*known.spoken, *new.spoken))


def _forms(what: str, given: Iterable[str], but: tuple[str, ...] = ()) -> tuple[str, ...]:
    forms = [form for form in dict.fromkeys(_form(what, one) for one in given) if form not in but]
    if len(forms) > MOST_FORMS:
        raise EntryError(f"more than {MOST_FORMS} of one kind ({what})", "keep those that occur")
    return tuple(forms)


def _form(what: str, given: str) -> str:
    text = " ".join(given.split())
    if not any(char.isalnum() for char in text):
        raise EntryError(f"the {what} holds no letter or digit", f"write the {what} as it should read")
    if len(text) > LONGEST:
        raise EntryError(f"the {what} is longer than {LONGEST} characters", "a term is a name or a few words")
    if not text.isprintable():
        raise EntryError(f"the {what} holds a control character", "copy it again, alone")
    return text
