from __future__ import annotations

import threading

import anyio
import pytest
from anyio.to_thread import run_sync

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.text.instant import clean
from parleqd.core.vocabulary.document import MOST_ENTRIES, MOST_PROBLEMS
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
    assert vocabulary.expected(3, there=("kubectl", "Morrel")) == ("kubectl", "Morrel", "Noirtier")


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


@pytest.mark.asyncio
async def test_a_list_beyond_the_bound_is_one_problem_and_what_is_known_is_still_taken() -> None:
    store = MemoryVocabulary("known\n")
    terms = [f"term {number}" for number in range(30_000)]
    imported = await Vocabulary(store, MemoryLog()).import_list("\n".join([*terms, "KNOWN"]), None)
    added = MOST_ENTRIES - 1
    assert imported.counts == {TermChange.ADDED: added, TermChange.CHANGED: 1, TermChange.UNCHANGED: 0}
    (problem,) = imported.problems
    assert problem.line == 0
    assert f"{30_000 - added} new terms" in problem.message
    assert (store.text.count("\nterm "), store.written) == (added, 1)


@pytest.mark.asyncio
async def test_of_very_many_problems_the_first_are_told() -> None:
    imported = await Vocabulary(MemoryVocabulary(), MemoryLog()).import_list("...\n" * 5_000, None)
    assert len(imported.problems) == MOST_PROBLEMS + 1
    assert imported.problems[-1].message == f"and {5_000 - MOST_PROBLEMS} more"


@pytest.mark.asyncio
async def test_problems_of_a_json_list_are_told_by_item_those_of_merging_too() -> None:
    forms = ", ".join(f'"form {number}"' for number in range(20))
    store = MemoryVocabulary(f'{{"term": "Noirtier", "aliases": [{forms}]}}\n')
    text = '["Morrel", {"term": "Noirtier", "aliases": ["Nortier"]}, "#tag"]'
    imported = await Vocabulary(store, MemoryLog()).import_list(text, None)
    assert [problem.message.partition(":")[0] for problem in imported.problems] == ["item 2", "item 3"]


class HeldVocabulary(MemoryVocabulary):
    """Its first read has its text and does not come back before ``go_on``."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.reading, self.go_on = threading.Event(), threading.Event()

    def read(self) -> str:
        text = super().read()
        if not self.reading.is_set():
            self.reading.set()
            self.go_on.wait(10)
        return text


@pytest.mark.asyncio
async def test_what_was_read_before_a_change_does_not_take_its_place() -> None:
    store = HeldVocabulary("Noirtier\n")
    vocabulary = Vocabulary(store, MemoryLog())
    added = anyio.Event()

    async def add() -> None:
        await vocabulary.add("Morrel", (), ())
        added.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(vocabulary.load)
        await run_sync(store.reading.wait, 10)
        tasks.start_soon(add)
        with anyio.move_on_after(0.2):  # it has to wait for the reading; were it not to, it would be done by now
            await added.wait()
        assert store.written == 0
        store.go_on.set()
    assert vocabulary.expected() == ("Morrel", "Noirtier")


@pytest.mark.asyncio
async def test_where_nothing_may_be_kept_the_terms_used_are_forgotten() -> None:
    keep = [True]
    vocabulary = Vocabulary(MemoryVocabulary("Noirtier\nMorrel\n"), MemoryLog(), lambda: keep[0])
    await vocabulary.start()
    vocabulary.noticed("Noirtier")
    assert vocabulary.expected() == ("Noirtier", "Morrel")
    keep[0] = False
    assert vocabulary.expected() == ("Morrel", "Noirtier")
    vocabulary.noticed("Noirtier")
    keep[0] = True
    assert vocabulary.expected() == ("Morrel", "Noirtier")


@pytest.mark.asyncio
async def test_terms_are_ready_for_texts_when_the_vocabulary_changes() -> None:
    vocabulary = Vocabulary(MemoryVocabulary("Noirtier\n"), MemoryLog())
    assert clean("ask noirtier", vocabulary=vocabulary.terms()).text == "Ask noirtier"
    await vocabulary.start()
    assert clean("ask noirtier", vocabulary=vocabulary.terms()).text == "Ask Noirtier"
    await vocabulary.add("Villefort", ("veal for",), ())
    assert clean("ask veal for", vocabulary=vocabulary.terms()).text == "Ask Villefort"
    await vocabulary.remove("Noirtier")
    assert clean("ask noirtier", vocabulary=vocabulary.terms()).text == "Ask noirtier"


@pytest.mark.asyncio
async def test_the_terms_of_a_place_are_put_right_there() -> None:
    vocabulary = Vocabulary(MemoryVocabulary("Noirtier\n"), MemoryLog())
    await vocabulary.start()
    there = vocabulary.terms(("kubectl", "noirtier"))
    assert clean("ask noirtier about Kubectl", vocabulary=there).text == "Ask Noirtier about kubectl"
    assert vocabulary.terms(("kubectl", "noirtier")) is there
    assert clean("ask noirtier about Kubectl", vocabulary=vocabulary.terms()).text == "Ask Noirtier about Kubectl"
    await vocabulary.add("Morrel", (), ())
    assert clean("ask morrel", vocabulary=vocabulary.terms(("kubectl", "noirtier"))).text == "Ask Morrel"
