"""Which terms come first where not all can be told: those of the latest texts, then the latest in the vocabulary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from parleqd.core.vocabulary.entry import Entry

MOST_REMEMBERED = 200
_WORD = re.compile(r"\w+")


def most_relevant(entries: Sequence[Entry], used: Iterable[str], most: int) -> tuple[str, ...]:
    """At most so many terms, the most relevant first. ``entries`` in order of adding; ``used``: keys, latest first."""
    known = {entry.key: entry.term for entry in entries}
    first = [key for key in used if key in known]
    order = dict.fromkeys([*first, *(entry.key for entry in reversed(entries))])
    return tuple(known[key] for _, key in zip(range(most), order, strict=False))


class Finder:
    """Finds terms in texts, by their words: case and marks make no difference."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._terms: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        for entry in entries:
            words = _words(entry.term)
            self._terms[words[0]].append((words, entry.key))

    def found_in(self, text: str) -> Iterator[str]:
        """The keys of the terms, in the order of the text, as often as they come."""
        words = _words(text)
        for at, word in enumerate(words):
            for term, key in self._terms.get(word, ()):
                if words[at : at + len(term)] == term:
                    yield key


def remembered(used: Sequence[str], found: Iterable[str]) -> tuple[str, ...]:
    """The keys used, latest first, after those that were ``found`` in a text; at most `MOST_REMEMBERED`."""
    latest = list(dict.fromkeys(reversed(list(found))))
    return tuple(dict.fromkeys([*latest, *used]))[:MOST_REMEMBERED]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
