"""Stage: the user's terms as they are to be written, wherever a form of one was heard."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from parleqd.core.text import code_signs
from parleqd.core.text.terms import context
from parleqd.core.text.terms.forms import DIGITS, pieces_of
from parleqd.core.text.terms.index import ENDINGS, OWN, Form, Index, Term, Trust, spelled
from parleqd.core.text.terms.near_misses import MOST_PIECES, is_unsure, near_word, near_words
from parleqd.core.text.terms.ordinary import GRAMMAR, is_inflected, is_un_english
from parleqd.core.text.tokens import Change, Token, Tokens, key_at, starts_sentence

_MOST_JOINED = 5
_WORD_LETTERS = "aio"
_PARTICLES = frozenset("back away aside together ahead apart again".split())
_SPELLED_SIGNS = frozenset("dot slash backslash underscore dash hyphen".split())
"""Words that make a path, an address or an option of the words beside them: "api dot py"."""


class _Match(msgspec.Struct, frozen=True):
    """``tokens[first:last]`` mean ``term``, with ``ending`` ("'s", "s") behind it."""

    first: int
    last: int
    term: Term
    ending: str = ""


def find(tokens: Tokens, *, index: Index, casing: bool = True) -> list[Change]:
    """Where a term is written otherwise. Without ``casing`` one that differs in capitals only stays as it is."""
    if not index.forms:
        return []
    changes: list[Change] = []
    code: frozenset[int] | None = None
    for match in _Reader(tokens, index, casing).matches():
        change = _change(tokens, _with_marks(tokens, match), casing)
        if change is not None and not (changes and change.first < changes[-1].last):
            code = code_signs.find(tokens) if code is None else code
            if code.isdisjoint(range(match.first, match.last)):
                changes.append(change)
    return changes


class _Reader:
    """A text in its pieces, and the terms in it."""

    def __init__(self, tokens: Tokens, index: Index, casing: bool) -> None:
        self._tokens = tokens
        self._index = index
        self._casing = casing
        self._pieces: list[str] = []
        self._places: list[int] = []
        """The token of each piece."""
        self._broken: set[int] = set()
        """Places at and shortly before a lone letter, which may be a piece of a term."""
        for place, token in enumerate(tokens):
            key = token.key
            if len(key) == 1 and key.isalpha() and key not in _WORD_LETTERS:
                self._broken.update(range(place - MOST_PIECES + 1, place + 1))
            if key.isalnum() and key.isascii():
                self._pieces.append(key)
                self._places.append(place)
                continue
            for piece in pieces_of(token):
                self._pieces.append(piece)
                self._places.append(place)

    def matches(self) -> Iterator[_Match]:
        """The terms in order, the longest at each place. A word that begins no form costs one look-up."""
        done = 0
        seen = -1
        for at, (piece, place) in enumerate(zip(self._pieces, self._places, strict=True)):
            if place == seen or place < done:
                continue
            seen = place
            match = self._heard(at, piece) if piece in self._index.heads else None
            if match is None and self._tokens[place].is_word and self._may_be_near(place):
                match = self._near(place)
            if match is not None:
                done = match.last
                yield match

    def _heard(self, at: int, piece: str) -> _Match | None:
        return self._form(at, piece) or self._inflected(at, piece) or self._joined(at)

    def _may_be_near(self, place: int) -> bool:
        """A quick look, so that ordinary text costs next to nothing."""
        token = self._tokens[place]
        if token.confidence is not None or token.text != token.key or place in self._broken:
            return True
        return is_un_english(token.key)

    def _form(self, at: int, piece: str) -> _Match | None:
        person: _Match | None = None
        for form in self._index.forms.get(piece, ()):
            end = at + len(form.pieces)
            heard = self._pieces[at:end]
            if len(heard) < len(form.pieces):
                continue
            ending = "" if heard[-1] == form.pieces[-1] else _ending(heard[-1], form.pieces[-1])
            if ending is None or any(one != two for one, two in zip(heard[:-1], form.pieces[:-1], strict=True)):
                continue
            match = self._whole(at, end, form.term, ending)
            if match is None:
                continue
            if self._is_meant(match, form):
                return match
            if form.trust is Trust.PERSON:
                person = person or msgspec.structs.replace(match, term=spelled(piece.capitalize()))
        return person

    def _inflected(self, at: int, piece: str) -> _Match | None:
        """A term of one word with an ending: its plural, or something of its own."""
        if not piece.endswith(ENDINGS):
            return None
        for ending in ENDINGS:
            stem = piece.removesuffix(ending)
            for form in self._index.forms.get(stem, ()) if stem != piece else ():
                match = self._whole(at, at + 1, form.term, ending)
                if match is not None and len(form.pieces) == 1 and self._may_take(form, ending):
                    return match
        return None

    def _may_take(self, form: Form, ending: str) -> bool:
        if form.trust is not Trust.SURE or is_inflected(form.pieces[0] + ending):
            return False
        return ending != "s" or (not form.given and form.term.letters[-1:].isalpha() and form.term.letters[-1] != "s")

    def _whole(self, at: int, end: int, term: Term, ending: str) -> _Match | None:
        """The match of these pieces, if they are whole tokens of one line."""
        first, last = self._places[at], self._places[end - 1] + 1
        if end < len(self._places) and self._places[end] < last:
            return None
        if any("\n" in token.gap for token in self._tokens[first + 1 : last]):
            return None
        return _Match(first, last, term, ending)

    def _is_meant(self, match: _Match, form: Form) -> bool:
        tokens, first, last = self._tokens, match.first, match.last
        if form.trust is Trust.SURE or _with_marks(tokens, match) is not match:
            return True
        if form.trust is Trust.PHRASE:
            if form.given:
                return not context.is_verb(tokens, first, last)
            return self._is_named(first, last) or not context.is_one_of_many(tokens, first, last)
        if form.trust is Trust.PERSON:
            is_small = not any(token.is_capitalised for token in tokens[first:last])
            return (is_small and self._knows_names()) or context.is_thing(tokens, first, last)
        if form.given and any(is_unsure(token) for token in tokens[first:last]):
            return not context.is_verb(tokens, first, last)
        return (not form.given and self._is_named(first, last)) or context.is_tool(tokens, first, last)

    def _is_named(self, first: int, last: int) -> bool:
        """Whether the recogniser took the words for a name: capitals where no sentence begins."""
        words = self._tokens[first:last]
        return all(word.is_capitalised for word in words) and not starts_sentence(self._tokens, first)

    def _knows_names(self) -> bool:
        """Whether the recogniser writes capitals, so that it took a small word for no name.

        Not asked without casing, where a term at the start might be the only capital, and cleanup's own.
        """
        if not self._casing:
            return False
        first = next((token for token in self._tokens if token.is_word), None)
        return first is not None and first.is_capitalised

    def _joined(self, at: int) -> _Match | None:
        """A term that was split into words or spelled letter by letter, or one of several words run together."""
        letters, longest = "", None
        for end in range(at + 1, min(at + _MOST_JOINED, len(self._pieces)) + 1):
            piece = self._pieces[end - 1]
            if not piece.isalnum():
                break
            letters += DIGITS.get(piece, piece)
            if letters not in self._index.starts:
                break
            form = self._index.joined.get(letters)
            match = None if form is None else self._whole(at, end, form.term, "")
            if match is not None and self._is_split(self._pieces[at:end], match):
                longest = match
        return longest

    def _is_split(self, heard: list[str], match: _Match) -> bool:
        if len(heard) == 1:
            return not is_inflected(heard[0])
        letters = [piece for piece in heard if len(piece) == 1]
        words = [piece for piece in heard if len(piece) > 1 and piece not in DIGITS]
        if any(word in GRAMMAR or word in _PARTICLES for word in words) or not (letters or words):
            return False
        if letters:
            unmistakable = any(piece.isalpha() and piece not in _WORD_LETTERS for piece in letters)
            return unmistakable or (bool(words) and not any(is_inflected(word) for word in words))
        unsure = any(is_unsure(token) for token in self._tokens[match.first : match.last])
        if unsure or match.term.is_small or not all(is_inflected(word) for word in words):
            return True
        return self._is_named(match.first, match.last) or context.is_tool(self._tokens, match.first, match.last)

    def _near(self, place: int) -> _Match | None:
        broken = near_words(self._index, self._tokens, place)
        if broken is not None:
            return _Match(place, broken[0], broken[1])
        term = near_word(self._index, self._tokens, place)
        return None if term is None else _Match(place, place + 1, term)


def _ending(heard: str, piece: str) -> str | None:
    ending = heard.removeprefix(piece)
    return ending if ending in OWN and ending != heard else None


def _with_marks(tokens: Tokens, match: _Match) -> _Match:
    """The match with the marks of the term that stand there already: the point of ".NET", which is never heard."""
    term = match.term.tokens
    lead = next((place for place, token in enumerate(term) if token.is_word), 0)
    trail = next((place for place, token in enumerate(reversed(term)) if token.is_word), 0)
    first, last = match.first, match.last
    if lead and _texts(tokens[max(first - lead, 0) : first]) == _texts(term[:lead]) and not tokens[first].gap:
        first -= lead
    if trail and _texts(tokens[last : last + trail]) == _texts(term[-trail:]) and not tokens[last].gap:
        last += trail
    is_same = (first, last) == (match.first, match.last)
    return match if is_same else msgspec.structs.replace(match, first=first, last=last)


def _texts(tokens: Tokens) -> list[str]:
    return [token.text for token in tokens]


def _change(tokens: Tokens, match: _Match, casing: bool) -> Change | None:
    """The change that writes the term, if anything is to be changed."""
    old = tokens[match.first : match.last]
    if _is_shouted(tokens, match) or _is_in_an_address(tokens, match):
        return None
    new = _written(tokens, match)
    if _texts(old) == _texts(new):
        return None
    if not casing and [token.key for token in old] == [token.key for token in new]:
        return None
    return Change(match.first, match.last, tuple(new))


def _written(tokens: Tokens, match: _Match) -> list[Token]:
    head = tokens[match.first]
    new = [match.term.tokens[0].with_gap(head.gap), *match.term.tokens[1:]]
    if match.term.is_small and head.is_capitalised and starts_sentence(tokens, match.first) and new[0].is_word:
        new[0] = new[0].with_text(new[0].text[:1].upper() + new[0].text[1:])
    if match.ending:
        new[-1] = new[-1].with_text(new[-1].text + match.ending)
    return new


def _is_in_an_address(tokens: Tokens, match: _Match) -> bool:
    """Whether a sign is said beside the words, or an address is spoken: "contoso at example dot com"."""
    if _SPELLED_SIGNS & {key_at(tokens, match.first - 1), key_at(tokens, match.last)}:
        return True
    host = range(match.last + 1, match.last + 4)
    return key_at(tokens, match.last) == "at" and any(key_at(tokens, place) == "dot" for place in host)


def _is_shouted(tokens: Tokens, match: _Match) -> bool:
    """Whether all stands in capitals here: a heading, or code."""
    if not all(token.text.isupper() for token in tokens[match.first : match.last]):
        return False
    beside = [*tokens[max(match.first - 1, 0) : match.first], *tokens[match.last : match.last + 1]]
    return any(len(token.text) > 1 and token.text.isupper() for token in beside)
