"""The vocabulary's file: one entry a line, so that a slip costs one entry and a text editor is all it takes.

A line is a term by itself, or an entry with its forms as a JSON object; a line that begins with ``#`` is a comment.
New entries go to the end, so the order is that of adding. Changing one entry leaves every other line alone, comments
and bad lines included.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from parleqd.core.vocabulary.entry import Entry, EntryError, checked, key_of, merged
from parleqd.protocol.names import TermChange

MOST_ENTRIES = 5_000
MOST_PROBLEMS = 100
"""Problems that are told one by one: whoever has more mends their cause, not each of them."""
EXAMPLE = '{"term": "Noirtier", "aliases": ["Nortier"], "spoken": ["nwar tee ay"]}'
_HEAD = f"""\
# Vocabulary: one entry a line, the latest at the end. A term by itself, or a JSON object with its forms:
# {EXAMPLE}
"""


class Problem(msgspec.Struct, frozen=True):
    """What is wrong in line ``line`` (counted from 1; 0: in no line), and what would be right."""

    line: int
    message: str
    hint: str


class _Line(msgspec.Struct, frozen=True):
    text: str
    entry: Entry | None = None


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry as the file has it, or a list in JSON."""

    term: str
    aliases: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True):
    """A vocabulary's file. ``problems``: the lines that are no entries and should be."""

    lines: tuple[_Line, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """In the order in which they were added."""
        return tuple(line.entry for line in self.lines if line.entry is not None)

    @property
    def text(self) -> str:
        """The whole file."""
        return "".join(f"{line.text}\n" for line in self.lines)

    def find(self, term: str) -> Entry | None:
        """The entry of this term, however it is spelled."""
        return next((entry for entry in self.entries if entry.key == key_of(term)), None)


def parse(text: str) -> Document:
    """The file as far as it can be read: a bad line costs only itself."""
    lines, problems, places = list[_Line](), list[Problem](), dict[str, int]()
    for number, written in enumerate(text.split("\n"), start=1):
        entry = None
        try:
            entry = entry_in(written)
            if entry is not None:
                _refuse_another(entry, places)
                places[entry.key] = number
        except EntryError as error:
            entry = None
            problems.append(Problem(number, error.message, error.hint))
        lines.append(_Line(written.rstrip("\r"), entry))
    while lines and not lines[-1].text.strip():
        lines.pop()
    return Document(tuple(lines), tuple(problems))


def entry_in(line: str) -> Entry | None:
    """The entry that a line holds; ``None`` for an empty one or a comment. Raises ``EntryError``."""
    text = line.strip().removeprefix("\ufeff")
    if not text or text.startswith("#"):
        return None
    if not text.startswith("{"):
        return checked(text)
    try:
        written = msgspec.json.decode(text, type=Written)
    except msgspec.MsgspecError as error:
        raise EntryError(f"it cannot be read: {error}", f"write a term by itself, or {EXAMPLE}") from None
    return checked(written.term, written.aliases, written.spoken)


def added(document: Document, entry: Entry) -> tuple[Document, TermChange]:
    """With this entry; one of the same term takes its spelling and its forms. Raises ``EntryError``."""
    batch = Batch(document)
    change = batch.add(entry)
    return batch.document, change


class FullError(EntryError):
    """The vocabulary takes no further term."""

    def __init__(self) -> None:
        super().__init__(f"the vocabulary is full: {MOST_ENTRIES} entries", "remove what you no longer use")


class Batch:
    """A document while entries go in: each costs the same, however many there are."""

    def __init__(self, document: Document) -> None:
        self._before = document
        self._lines = list(document.lines)
        self._places = {line.entry.key: place for place, line in enumerate(self._lines) if line.entry is not None}
        self._changed = False

    @property
    def document(self) -> Document:
        """With what was added; the very document of before if that was nothing."""
        return msgspec.structs.replace(self._before, lines=tuple(self._lines)) if self._changed else self._before

    def add(self, entry: Entry) -> TermChange:
        """As `added`. Raises ``EntryError``, ``FullError``."""
        place = self._places.get(entry.key)
        known = None if place is None else self._lines[place].entry
        if place is None or known is None:
            if len(self._places) >= MOST_ENTRIES:
                raise FullError
            self._lines = self._lines or [_Line(text) for text in _HEAD.splitlines()]
            self._places[entry.key] = len(self._lines)
            self._lines.append(_Line(_written(entry), entry))
            self._changed = True
            return TermChange.ADDED
        both = merged(known, entry)
        if both == known:
            return TermChange.UNCHANGED
        self._lines[place] = _Line(_written(both), both)
        self._changed = True
        return TermChange.CHANGED


def bounded(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """The first `MOST_PROBLEMS`, and how many more there are."""
    more = len(problems) - MOST_PROBLEMS
    if more <= 0:
        return tuple(problems)
    return (*problems[:MOST_PROBLEMS], Problem(0, f"and {more} more", "mend these, then look again"))


def without(document: Document, term: str) -> Document:
    """Without the entry of this term, which it must have. Its problems are those of the new line numbers."""
    key = key_of(term)
    kept = [line for line in document.lines if line.entry is None or line.entry.key != key]
    return parse("".join(f"{line.text}\n" for line in kept))


def _refuse_another(entry: Entry, places: dict[str, int]) -> None:
    if entry.key in places:
        raise EntryError(
            f"{entry.term!r} stands in line {places[entry.key]} already (case makes no difference)",
            "delete one of the two lines",
        )
    if len(places) >= MOST_ENTRIES:
        raise FullError


def _written(entry: Entry) -> str:
    if not (entry.aliases or entry.spoken) and entry.term[0] not in "{#":
        return entry.term
    forms = {"aliases": entry.aliases, "spoken": entry.spoken}
    return msgspec.json.encode({"term": entry.term, **{name: said for name, said in forms.items() if said}}).decode()
