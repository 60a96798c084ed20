"""The vocabulary made ready for matching: once for each vocabulary, so that a text costs only its own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum, auto

import msgspec

from parleqd.core.text.terms.forms import DIGITS, given_forms, said_forms
from parleqd.core.text.terms.ordinary import GRAMMAR, is_inflected, is_proper_name
from parleqd.core.text.terms.sound import plain, sound
from parleqd.core.text.tokens import Token, tokenise
from parleqd.core.vocabulary.entry import Entry

OWN = ("'s", "'")
ENDINGS = (*OWN, "s")
"""What may be added to a term of one word."""
SHORTEST_NEAR = 4
"""Letters of a term that may be found by its sound: what sounds like a shorter one is too often something else."""
_SHORTEST_JOINED = 3
_HOMELESS = "aio"  # letters that are words


class Trust(Enum):
    """What a form that is heard says about the term."""

    SURE = auto()  # nobody says it but for the term
    PHRASE = auto()  # ordinary words in a row, hardly ever said but for the term
    WORD = auto()  # an ordinary word, which is the term only where it stands like a name
    PERSON = auto()  # a person's name, or a place, unless it stands like a thing


class Term(msgspec.Struct, frozen=True, gc=False):
    """A term as it is written. ``letters``: small and without accents, blanks and signs."""

    text: str
    tokens: tuple[Token, ...]
    letters: str

    @property
    def is_small(self) -> bool:
        """Whether it has no capital, and takes one at the start of a sentence only."""
        return self.text == self.text.lower()


class Form(msgspec.Struct, frozen=True, gc=False):
    """What may be heard for ``term``. ``given``: by the user, as another writing of it, not the term itself."""

    pieces: tuple[str, ...]
    term: Term
    trust: Trust
    given: bool


class Near(msgspec.Struct, frozen=True, gc=False):
    """A spelling that other spellings may be near to."""

    letters: str
    term: Term


class Index(msgspec.Struct, frozen=True, gc=False):
    """``forms`` by their first piece, long ones first; ``joined`` by their letters run together, ``starts`` all
    beginnings of these; ``sounds`` by `sound`. ``heads``: every word that anything but a near miss may begin with.
    """

    forms: Mapping[str, tuple[Form, ...]]
    joined: Mapping[str, Form]
    starts: frozenset[str]
    sounds: Mapping[str, tuple[Near, ...]]
    heads: frozenset[str]


def spelled(text: str) -> Term:
    """The term that is written like this."""
    return Term(text, tuple(tokenise(text)), plain(text))


def compiled(entries: Iterable[Entry]) -> Index:
    """The index of a vocabulary. Forms that are words of grammar or single letters are left out."""
    forms: dict[str, list[Form]] = defaultdict(list)
    joined: dict[str, Form] = {}
    sounds: dict[str, dict[str, Near]] = defaultdict(dict)
    for entry in entries:
        term = spelled(entry.term)
        written = said_forms(entry)
        if not written:  # nothing of it can be said
            continue
        said = [Form(form, term, trust, False) for form in written if (trust := _said(form, term))]
        given = [Form(form, term, trust, True) for form in given_forms(entry) if (trust := _given(form))]
        for form in (*said, *given):
            forms[form.pieces[0]].append(form)
            if form.trust is Trust.SURE and len(form.pieces) == 1 and form.pieces[0].isalpha():
                _place(sounds, form.pieces[0], term)
        if len(term.letters) >= _SHORTEST_JOINED and (len(written[0]) == 1 or not is_inflected(term.letters)):
            joined.setdefault(term.letters, Form(written[0], term, Trust.SURE, False))
    starts = frozenset(letters[:end] for letters in joined for end in range(1, len(letters) + 1))
    endings = (form.pieces[0] + ending for some in forms.values() for form in some for ending in ENDINGS)
    return Index(
        {first: tuple(sorted(some, key=_rank)) for first, some in forms.items()},
        joined,
        starts,
        {key: tuple(near.values()) for key, near in sounds.items()},
        starts.union(forms, endings, DIGITS),
    )


def combined(one: Index, other: Index) -> Index:
    """The index of two vocabularies; where both know a form, ``other`` goes first."""
    forms = {first: tuple(sorted((*some, *one.forms.get(first, ())), key=_rank)) for first, some in other.forms.items()}
    sounds = {key: (*near, *one.sounds.get(key, ())) for key, near in other.sounds.items()}
    return Index(
        {**one.forms, **forms},
        {**one.joined, **other.joined},
        one.starts | other.starts,
        {**one.sounds, **sounds},
        one.heads | other.heads,
    )


def _rank(form: Form) -> tuple[int, bool]:
    """Long forms first; of the same words those that need more to be shown first, since others always fit."""
    return -len(form.pieces), form.trust in (Trust.SURE, Trust.PHRASE)


def _place(sounds: dict[str, dict[str, Near]], letters: str, term: Term) -> None:
    if len(letters) >= SHORTEST_NEAR:
        sounds[sound(letters)].setdefault(letters, Near(letters, term))


def _said(form: tuple[str, ...], term: Term) -> Trust | None:
    """What the words of a term itself say: most often that it is meant, and only its writing is to be put right."""
    if len(form) > 1:
        return _of_several(form)
    word = form[0]
    if word in GRAMMAR or len(word) == 1:
        return None
    if is_inflected(word):
        return None if term.is_small else Trust.WORD
    return Trust.SURE


def _given(form: tuple[str, ...]) -> Trust | None:
    if len(form) > 1:
        return _of_several(form)
    word = form[0]
    if word in GRAMMAR or len(word) == 1:
        return None
    if is_inflected(word):
        return Trust.WORD
    return Trust.PERSON if is_proper_name(word) else Trust.SURE


def _of_several(form: tuple[str, ...]) -> Trust | None:
    spelled = any(len(piece) == 1 and piece not in _HOMELESS for piece in form)
    if spelled or not all(is_inflected(piece) for piece in form):
        return Trust.SURE
    if all(piece in GRAMMAR for piece in form):
        return None
    begins_or_ends_loosely = len(form) == 2 and (form[0] in GRAMMAR or form[1] in GRAMMAR)
    return Trust.WORD if begins_or_ends_loosely else Trust.PHRASE
