"""The vocabulary in use: read at start and when it is asked for, changed on request, told to whoever needs terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import anyio
from anyio import to_thread

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import Log, VocabularyStore
from parleqd.core.speech.biasing import MOST_HOTWORDS
from parleqd.core.text.terms.index import Index, combined, compiled
from parleqd.core.vocabulary.document import (
    MOST_ENTRIES,
    Batch,
    Document,
    FullError,
    Problem,
    added,
    bounded,
    parse,
    without,
)
from parleqd.core.vocabulary.entry import Entry, EntryError, checked, key_of
from parleqd.core.vocabulary.imports import read
from parleqd.core.vocabulary.relevance import Finder, most_relevant, remembered
from parleqd.protocol.names import Reason, TermChange, VocabularyFormat


class Imported(NamedTuple):
    """What became of a list: how many entries, and what could not be taken (`bounded`)."""

    counts: dict[TermChange, int]
    problems: tuple[Problem, ...]


class _Ready(NamedTuple):
    """A document and what is made of it, in a thread: a large one takes a tenth of a second."""

    document: Document
    finder: Finder
    terms: Index

    @classmethod
    def of(cls, document: Document) -> _Ready:
        return cls(document, Finder(document.entries), compiled(document.entries))


class Vocabulary:
    """Owns the document. Which terms were used lately is remembered while the daemon runs, and nowhere else.

    ``remembers``: may that be remembered? Asked each time, for the answer is a setting.
    """

    def __init__(self, store: VocabularyStore, log: Log, remembers: Callable[[], bool] = lambda: True) -> None:
        self.document = Document()
        self._index = compiled(())
        self._there: tuple[tuple[str, ...], Index] = ((), self._index)
        """The terms of a place, and the index with them: the same place comes again and again."""
        self._store = store
        self._log = log
        self._remembers = remembers
        self._used: tuple[str, ...] = ()
        self._finder = Finder(())
        self._changing = anyio.Lock()

    @property
    def place(self) -> str:
        """What people open to change it by hand."""
        return self._store.place

    def expected(self, most: int = MOST_HOTWORDS, there: Sequence[str] = ()) -> tuple[str, ...]:
        """The terms that the next text may hold, the most relevant first: used lately, then added lately.

        ``there``: terms of the place where the text goes, which come before all others.
        """
        if not self._remembers():
            self._used = ()
        others = most_relevant(self.document.entries, self._used, most)
        return tuple(dict.fromkeys([*there, *others]))[:most]

    def terms(self, there: Sequence[str] = ()) -> Index:
        """All terms, ready to be put right in a text; with those of the place where it goes."""
        if not there:
            return self._index
        if self._there[0] != tuple(there):
            known = {entry.key for entry in self.document.entries}
            own = compiled(Entry(term) for term in there if key_of(term) not in known)
            self._there = (tuple(there), combined(self._index, own))
        return self._there[1]

    def noticed(self, text: str) -> None:
        """This was dictated: its terms are likely to come again."""
        self._used = remembered(self._used, self._finder.found_in(text)) if self._remembers() else ()

    async def load(self) -> None:
        """Read it as far as it can be read. Raises ``OutsideError``; the one before stays in use then."""
        async with self._changing:  # or what was read before a change would be put in place of what it wrote
            self._take(await to_thread.run_sync(lambda: _Ready.of(parse(self._store.read()))))

    async def start(self) -> None:
        """Read it for the first time, or after it may have changed; what is wrong with it is logged."""
        try:
            await self.load()
        except OutsideError as problem:
            self._log("vocabulary_failed", reason=problem.reason, detail=problem.message)
        if self.document.problems:
            self._log("vocabulary_problems", count=len(self.document.problems))

    async def add(self, term: str, aliases: tuple[str, ...], spoken: tuple[str, ...]) -> tuple[Entry, TermChange]:
        """Add an entry, or what is new of it. Raises ``RefusedError``, ``OutsideError``."""
        change = TermChange.UNCHANGED

        def extend(document: Document) -> Document:
            nonlocal change
            document, change = added(document, checked(term, aliases, spoken))
            return document

        await self._change(extend)
        entry = self.document.find(term)
        assert entry is not None
        return entry, change

    async def remove(self, term: str) -> Entry:
        """Remove an entry. Raises ``RefusedError``, ``OutsideError``."""
        removed: Entry | None = None

        def reduce(document: Document) -> Document:
            nonlocal removed
            removed = document.find(term)
            return document if removed is None else without(document, term)

        await self._change(reduce)
        if removed is None:
            hint = "`parleqctl vocabulary list` shows its terms"
            raise RefusedError(Reason.UNKNOWN_TERM, f"the vocabulary has no term {term!r}", hint)
        return removed

    async def import_list(self, text: str, written_in: VocabularyFormat | None) -> Imported:
        """Add the entries of a list. Raises ``RefusedError``, ``OutsideError``."""
        counts, problems = dict.fromkeys(TermChange, 0), tuple[Problem, ...]()

        def extend(document: Document) -> Document:
            nonlocal problems
            found = read(text, written_in)
            batch, refused, too_many = Batch(document), list[Problem](), 0
            for place, entry in found.entries:
                try:
                    counts[batch.add(entry)] += 1
                except FullError:
                    too_many += 1
                except EntryError as error:
                    refused.append(Problem(place, error.message, error.hint))
            problems = (*_full(too_many), *bounded(found.told(refused)))
            return batch.document

        await self._change(extend)
        return Imported(counts, problems)

    async def _change(self, change: Callable[[Document], Document]) -> None:
        """Change the file as it is now, so that what was edited by hand is not lost."""

        def run() -> _Ready:
            before = parse(self._store.read())
            after = change(before)
            if after is not before:
                self._store.write(after.text)
            return _Ready.of(after)

        try:
            async with self._changing:
                self._take(await to_thread.run_sync(run))
        except EntryError as error:
            raise RefusedError(Reason.BAD_REQUEST, error.message, error.hint) from None

    def _take(self, ready: _Ready) -> None:
        self.document, self._finder, self._index = ready
        self._there = ((), self._index)


def _full(too_many: int) -> tuple[Problem, ...]:
    if not too_many:
        return ()
    message = f"the vocabulary is full: {MOST_ENTRIES} entries; {too_many} new terms of the list were left out"
    return (Problem(0, message, "remove what you no longer use, or shorten the list"),)
