"""vocabulary/*: the user's terms."""

from __future__ import annotations

from collections.abc import Iterable

from anyio import to_thread

from parleqd.core.session.texts import rewritten
from parleqd.core.text.terms.suggestions import suggestions
from parleqd.core.vocabulary.document import Problem, bounded
from parleqd.core.vocabulary.entry import Entry
from parleqd.protocol import messages as m
from parleqd.protocol.methods import (
    VOCABULARY_ADD,
    VOCABULARY_IMPORT,
    VOCABULARY_LIST,
    VOCABULARY_REMOVE,
    VOCABULARY_SUGGEST,
)
from parleqd.rpc.dispatch import handles_async
from parleqd.rpc.services import Call

MOST_COMPARED = 200
"""Dictations, the latest, out of which terms are suggested."""


@handles_async(VOCABULARY_LIST)
async def list_entries(call: Call, _: m.Nothing) -> m.VocabularyListResult:
    vocabulary = call.services.vocabulary
    await vocabulary.load()
    return m.VocabularyListResult(
        path=vocabulary.place,
        entries=[_told(entry) for entry in vocabulary.document.entries],
        problems=_problems(bounded(vocabulary.document.problems)),
    )


@handles_async(VOCABULARY_SUGGEST)
async def suggest(call: Call, _: m.Nothing) -> m.VocabularySuggestResult:
    """Compared in a thread: a long history takes a tenth of a second."""
    vocabulary, history = call.services.vocabulary, call.services.records.history
    await vocabulary.load()
    known = {entry.key for entry in vocabulary.document.entries}
    changes = [rewritten(entry.outcome) for entry in history.latest(MOST_COMPARED)]
    found = await to_thread.run_sync(suggestions, [change for change in changes if change is not None], known)
    return m.VocabularySuggestResult(
        suggestions=[m.TermSuggestion(term=one.term, heard=one.heard, times=one.times) for one in found]
    )


@handles_async(VOCABULARY_ADD)
async def add(call: Call, params: m.VocabularyAddParams) -> m.VocabularyAdded:
    entry, change = await call.services.vocabulary.add(
        params.term, tuple(params.aliases or ()), tuple(params.spoken or ())
    )
    return m.VocabularyAdded(change=change, entry=_told(entry))


@handles_async(VOCABULARY_REMOVE)
async def remove(call: Call, params: m.TermRef) -> m.VocabularyEntry:
    return _told(await call.services.vocabulary.remove(params.term))


@handles_async(VOCABULARY_IMPORT)
async def import_list(call: Call, params: m.VocabularyImportParams) -> m.VocabularyImported:
    imported = await call.services.vocabulary.import_list(params.text, params.format)
    counts = {str(change): count for change, count in imported.counts.items()}
    return m.VocabularyImported(**counts, problems=_problems(imported.problems))


def _told(entry: Entry) -> m.VocabularyEntry:
    return m.VocabularyEntry(term=entry.term, aliases=list(entry.aliases), spoken=list(entry.spoken))


def _problems(problems: Iterable[Problem]) -> list[m.VocabularyProblem]:
    return [m.VocabularyProblem(line=one.line, message=one.message, hint=one.hint) for one in problems]
