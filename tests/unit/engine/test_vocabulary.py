from __future__ import annotations

import anyio
import pytest

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.vocabulary.entry import Entry
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.names import Reason, TermChange
from tests.fakes.log import MemoryLog
from tests.fakes.vocabulary import MemoryVocabulary


@pytest.mark.asyncio
async def test_the_terms_used_last_are_expected_first_then_those_added_last() -> None:
    vocabulary = Vocabulary(MemoryVocabulary("Noirtier\nMorrel\nVillefort\n"), MemoryLog())
    assert vocabulary.expected() == ()
    await vocabulary.start()
    assert vocabulary.expected() == ("Villefort", "Morrel", "Noirtier")
    vocabulary.noticed("I saw Morrel and noirtier.")
    assert vocabulary.expected() == ("Noirtier", "Morrel", "Villefort")
    assert vocabulary.expected(1) == ("Noirtier",)


@pytest.mark.asyncio
async def test_a_change_is_in_use_at_once_and_keeps_what_was_edited_meanwhile() -> None:
    store = MemoryVocabulary("Noirtier\n")
    vocabulary = Vocabulary(store, MemoryLog())
    await vocabulary.start()
    store.text += "Morrel\n"  # by hand
    assert await vocabulary.add("Villefort", (), ("veal for",)) == (
        Entry("Villefort", (), ("veal for",)),
        TermChange.ADDED,
    )
    assert vocabulary.expected() == ("Villefort", "Morrel", "Noirtier")
    assert await vocabulary.remove("MORREL") == Entry("Morrel")
    assert vocabulary.expected() == ("Villefort", "Noirtier")


@pytest.mark.asyncio
async def test_what_changes_nothing_writes_nothing() -> None:
    store = MemoryVocabulary("Noirtier\n")
    vocabulary = Vocabulary(store, MemoryLog())
    assert (await vocabulary.add(" Noirtier ", (), ()))[1] is TermChange.UNCHANGED
    with pytest.raises(RefusedError) as refused:
        await vocabulary.remove("Morrel")
    assert refused.value.reason is Reason.UNKNOWN_TERM
    with pytest.raises(RefusedError) as refused:
        await vocabulary.add("...", (), ())
    assert refused.value.reason is Reason.BAD_REQUEST
    assert store.written == 0


@pytest.mark.asyncio
async def test_a_list_is_added_and_counted_in_one_write() -> None:
    store = MemoryVocabulary("Noirtier\nmorrel\n")
    vocabulary = Vocabulary(store, MemoryLog())
    imported = await vocabulary.import_list("Villefort\n...\nMorrel\nNoirtier\n", None)
    assert imported.counts == {TermChange.ADDED: 1, TermChange.CHANGED: 1, TermChange.UNCHANGED: 1}
    assert [problem.line for problem in imported.problems] == [2]
    assert (store.text, store.written) == ("Noirtier\nMorrel\nVillefort\n", 1)


@pytest.mark.asyncio
async def test_changes_at_the_same_time_are_all_kept() -> None:
    vocabulary = Vocabulary(MemoryVocabulary(), MemoryLog())
    async with anyio.create_task_group() as tasks:
        for number in range(20):
            tasks.start_soon(vocabulary.add, f"term {number}", (), ())
    assert len(vocabulary.document.entries) == 20


@pytest.mark.asyncio
async def test_a_store_that_fails_is_logged_at_start_and_told_afterwards() -> None:
    store, log = MemoryVocabulary("Noirtier\n"), MemoryLog()
    vocabulary = Vocabulary(store, log)
    await vocabulary.start()
    store.broken = True
    await vocabulary.start()
    assert vocabulary.expected() == ("Noirtier",)
    assert log.events() == ["vocabulary_failed"]
    with pytest.raises(OutsideError):
        await vocabulary.load()


@pytest.mark.asyncio
async def test_bad_lines_are_counted_in_the_log_and_not_shown() -> None:
    log = MemoryLog()
    await Vocabulary(MemoryVocabulary("Noirtier\n{secret\n"), log).start()
    assert log.fields("vocabulary_problems") == [{"count": 1}]
