"""Which terms a user may want in the vocabulary: names that were put in the place of what sounds like them.

They come from texts before and after a model or an instruction changed them, and are suggestions: nothing is learned
unless the user adds it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

from parleqd.core.text.terms.ordinary import is_ordinary
from parleqd.core.text.terms.sound import sound

MOST_WORDS = 400
"""Of a text; comparing takes the square of that."""
MOST_WORDS_OF_A_TERM = 3
_LIKE = 0.6
_WORD = re.compile(r"[^\W_](?:[\w.+#'’&/-]*[\w+#])?")
_INNER_CAPITAL = re.compile(r"[^\W\d_][^\W_]*[A-Z]")


class Suggestion(msgspec.Struct, frozen=True):
    """A term, what was heard in its place, and how often."""

    term: str
    heard: str
    times: int


def suggestions(changes: Iterable[tuple[str, str]], known: Collection[str]) -> list[Suggestion]:
    """The most frequent first. ``changes``: texts before and after; ``known``: terms in small letters to leave out."""
    found: Counter[tuple[str, str]] = Counter()
    for before, after in changes:
        found.update(set(_corrections(before, after)))
    return [
        Suggestion(term, heard, times)
        for (heard, term), times in sorted(found.items(), key=lambda item: (-item[1], item[0][1], item[0][0]))
        if term.casefold() not in known
    ]


def _corrections(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = _WORD.findall(before)[:MOST_WORDS], _WORD.findall(after)[:MOST_WORDS]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for what, first, last, begin, end in matcher.get_opcodes():
        if what == "replace" and _is_term(old[first:last], new[begin:end]):
            yield " ".join(old[first:last]), " ".join(new[begin:end])


def _is_term(heard: Sequence[str], written: Sequence[str]) -> bool:
    if not 0 < len(written) <= MOST_WORDS_OF_A_TERM or len(heard) > MOST_WORDS_OF_A_TERM:
        return False
    old, new = "".join(heard), "".join(written)
    if new.isdigit() or old.casefold() == new.casefold():
        return _INNER_CAPITAL.search(new) is not None
    if any(word.isdigit() or (word.islower() and is_ordinary(word)) for word in written):
        return False
    if all(is_ordinary(word.casefold()) for word in written):
        return False
    alike = SequenceMatcher(None, old.casefold(), new.casefold(), autojunk=False).ratio() >= _LIKE
    return alike or sound(old.casefold()) == sound(new.casefold())
