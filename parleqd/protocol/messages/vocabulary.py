"""vocabulary/*: the user's terms."""

from __future__ import annotations

from parleqd.protocol.messages.parts import Message
from parleqd.protocol.names import TermChange, VocabularyFormat


class VocabularyEntry(Message, frozen=True):
    """``term`` as it is to be written; ``aliases``: other writings that mean it; ``spoken``: how it is said."""

    term: str
    aliases: list[str]
    spoken: list[str]


class TermSuggestion(Message, frozen=True):
    """``term`` was put in the place of ``heard``, ``times`` times."""

    term: str
    heard: str
    times: int


class VocabularySuggestResult(Message, frozen=True):
    """The most frequent first."""

    suggestions: list[TermSuggestion]


class VocabularyAddParams(Message, frozen=True):
    """A term, and forms of it beside those that it has already; see ``VocabularyEntry``."""

    term: str
    aliases: list[str] | None = None
    spoken: list[str] | None = None


class VocabularyProblem(Message, frozen=True):
    """What is no entry and should be: in ``line`` of the file or list (from 1), or 0: the message says where."""

    line: int
    message: str
    hint: str


class VocabularyListResult(Message, frozen=True):
    """``entries`` in the order in which they were added; ``path`` is the file to edit by hand."""

    path: str
    entries: list[VocabularyEntry]
    problems: list[VocabularyProblem]


class VocabularyAdded(Message, frozen=True):
    """The entry as it is now."""

    change: TermChange
    entry: VocabularyEntry


class TermRef(Message, frozen=True):
    """An entry by its term; case makes no difference."""

    term: str


class VocabularyImportParams(Message, frozen=True):
    """``text``: the list. ``format``: what it is written in; without one, that is told from the list."""

    text: str
    format: VocabularyFormat | None = None


class VocabularyImported(Message, frozen=True):
    """How many entries were new, changed, and known as they are; what could not be taken."""

    added: int
    changed: int
    unchanged: int
    problems: list[VocabularyProblem]
