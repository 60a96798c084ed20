"""Other people's lists as entries: plain lines, CSV, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from csv import Error, reader
from typing import Literal, NamedTuple

import msgspec

from parleqd.core.vocabulary.document import EXAMPLE, Problem, Written, entry_in
from parleqd.core.vocabulary.entry import Entry, EntryError, checked
from parleqd.protocol.names import VocabularyFormat


class Found(NamedTuple):
    """The entries of a list, each with its place (from 1), and what could not be read.

    A place is a line, and in JSON an item: ``counted`` says which.
    """

    entries: tuple[tuple[int, Entry], ...]
    problems: tuple[Problem, ...]
    counted: Literal["line", "item"] = "line"

    def told(self, others: Iterable[Problem] = ()) -> tuple[Problem, ...]:
        """Its problems and ``others`` of its entries by their places; an item is named, for it is no line."""
        problems = sorted((*self.problems, *others), key=lambda problem: problem.line)
        if self.counted == "line":
            return tuple(problems)
        return tuple(Problem(0, f"item {one.line}: {one.message}", one.hint) for one in problems)


_COLUMNS: tuple[str, ...] = ("term", "aliases", "spoken")
_HASH = '{"term": "#..."}'
_JSON_HINT = f'give a list like ["Noirtier", {EXAMPLE}]'


class _Listed(msgspec.Struct, frozen=True):
    entries: list[object]


def read(text: str, written_in: VocabularyFormat | None = None) -> Found:
    """What a list holds; without ``written_in`` that is told from the list. A term that comes twice counts once.

    Raises ``EntryError`` for JSON or CSV that is none.
    """
    text = text.removeprefix("\ufeff")
    match written_in or format_of(text):
        case VocabularyFormat.CSV:
            try:
                return _collected(_rows(text))
            except Error as error:
                raise EntryError(f"the list cannot be read as CSV: {error}", "save it as CSV in UTF-8") from None
        case VocabularyFormat.JSON:
            return _collected(_items(text), "item")
        case VocabularyFormat.LINES:
            return _collected(enumerate(text.splitlines(), start=1))


def format_of(text: str) -> VocabularyFormat:
    """JSON begins with a bracket, or is one object over several lines; CSV has a column called ``term``."""
    begin = text.lstrip()
    first, _, rest = begin.partition("\n")
    if begin.startswith("["):
        return VocabularyFormat.JSON
    if begin.startswith("{"):
        return VocabularyFormat.JSON if first.strip() == "{" or '"entries"' in first else VocabularyFormat.LINES
    cells = [cell.strip('" \r').lower() for cell in first.split(_delimiter(first))]
    return VocabularyFormat.CSV if len(cells) > 1 and "term" in cells and rest else VocabularyFormat.LINES


def _collected(items: Iterable[tuple[int, object]], counted: Literal["line", "item"] = "line") -> Found:
    entries, problems, places = list[tuple[int, Entry]](), list[Problem](), dict[str, int]()
    for place, item in items:
        try:
            entry = entry_in(item) if counted == "line" and isinstance(item, str) else _item(item)
        except EntryError as error:
            problems.append(Problem(place, error.message, error.hint))
            continue
        if entry is None:
            continue
        if (first := places.setdefault(entry.key, place)) != place:
            hint = "case makes no difference; the first one was taken"
            problems.append(Problem(place, f"{entry.term!r} stands in {counted} {first} already", hint))
        else:
            entries.append((place, entry))
    return Found(tuple(entries), tuple(problems), counted)


def _item(item: object) -> Entry:
    """The entry that an item of a list or a row is. Raises ``EntryError``, also for what a line may be: no term."""
    if isinstance(item, str):
        entry = entry_in(item)
        if entry is None:
            raise EntryError("it holds no term", f"leave it out; a term that begins with # goes into {_HASH}")
        return entry
    try:
        written = msgspec.convert(item, Written)
    except msgspec.ValidationError as error:
        raise EntryError(f"it cannot be read: {error}", _JSON_HINT) from None
    return checked(written.term, written.aliases, written.spoken)


def _items(text: str) -> Iterator[tuple[int, object]]:
    try:
        found: list[object] | _Listed = msgspec.json.decode(text, type=list[object] | _Listed)
    except msgspec.MsgspecError as error:
        raise EntryError(f"the list cannot be read as JSON: {error}", _JSON_HINT) from None
    return enumerate(found if isinstance(found, list) else found.entries, start=1)


def _rows(text: str) -> Iterator[tuple[int, object]]:
    """Columns by their names, or term, aliases, spoken in this order; several forms in a cell are parted by ``|``."""
    rows = reader(text.splitlines(keepends=True), delimiter=_delimiter(text.partition("\n")[0]))
    names = _COLUMNS
    for row in rows:
        cells = [cell.strip() for cell in row]
        lowered = [cell.lower() for cell in cells]
        if names is _COLUMNS and rows.line_num == 1 and "term" in lowered:
            names = tuple(lowered)
        elif any(cells):
            found = dict(zip(names, cells, strict=False))
            forms = {name: [form for form in found.get(name, "").split("|") if form.strip()] for name in _COLUMNS[1:]}
            yield rows.line_num, {"term": found.get("term", ""), **forms}


def _delimiter(line: str) -> str:
    return next((sign for sign in ("\t", ";", ",") if sign in line), ",")
