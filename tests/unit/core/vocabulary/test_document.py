from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.vocabulary.document import (
    MOST_ENTRIES,
    MOST_PROBLEMS,
    Batch,
    Document,
    FullError,
    Problem,
    added,
    bounded,
    entry_in,
    parse,
    without,
)
from parleqd.core.vocabulary.entry import Entry, EntryError, checked
from parleqd.protocol.names import TermChange

BY_HAND = """\
# mine
Noirtier
{"term": "Kubernetes", "aliases": ["k8s"], "spoken": ["cube are netties"]}

New York
"""


def test_a_line_is_a_term_an_object_a_comment_or_nothing() -> None:
    document = parse(BY_HAND)
    assert document.entries == (
        Entry("Noirtier"),
        Entry("Kubernetes", ("k8s",), ("cube are netties",)),
        Entry("New York"),
    )
    assert document.problems == ()
    assert document.text == BY_HAND


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('{"term": "Villefort"', "cannot be read"),
        ('{"term": 1}', "Expected `str`, got `int`"),
        ('{"alias": ["x"]}', "unknown field `alias`"),
        ('{"term": "Villefort", "aliases": "x"}', "Expected `array`"),
        ('{"term": ""}', "no letter or digit"),
        ("...", "no letter or digit"),
        ("NOIRTIER", "stands in line 2 already"),
    ],
)
def test_a_bad_line_is_told_and_costs_only_itself(line: str, wrong: str) -> None:
    text = BY_HAND + line + "\nMorrel\n"
    document = parse(text)
    assert [entry.term for entry in document.entries] == ["Noirtier", "Kubernetes", "New York", "Morrel"]
    (problem,) = document.problems
    assert problem.line == 6
    assert wrong in problem.message
    assert problem.hint
    assert document.text == text  # and stays where it is


def test_a_line_end_of_another_system_is_none_of_the_term() -> None:
    assert parse("\ufeffNoirtier\r\nMorrel\r\n").entries == (Entry("Noirtier"), Entry("Morrel"))


def test_the_first_entry_brings_a_head_that_explains_the_file() -> None:
    document, change = added(Document(), Entry("Noirtier"))
    assert change is TermChange.ADDED
    assert document.text.startswith("# ")
    assert document.text.endswith("\nNoirtier\n")
    assert parse(document.text).entries == (Entry("Noirtier"),)


def test_adding_changes_one_line_alone() -> None:
    document, change = added(parse(BY_HAND), Entry("Morrel", ("Moral",)))
    assert (change, document.text) == (TermChange.ADDED, BY_HAND + '{"term":"Morrel","aliases":["Moral"]}\n')
    document, change = added(document, Entry("NOIRTIER"))
    assert (change, document.text.splitlines()[1]) == (TermChange.CHANGED, "NOIRTIER")
    again, change = added(document, Entry("kubernetes".title(), ("k8s",)))
    assert (change, again) == (TermChange.UNCHANGED, document)


def test_a_full_vocabulary_takes_no_more() -> None:
    full = parse("".join(f"term {number}\n" for number in range(MOST_ENTRIES + 1)))
    assert len(full.entries) == MOST_ENTRIES
    assert [problem.line for problem in full.problems] == [MOST_ENTRIES + 1]
    with pytest.raises(EntryError, match="full"):
        added(full, Entry("Noirtier"))


def test_removing_leaves_the_rest_and_counts_its_lines_anew() -> None:
    document = without(parse(BY_HAND + "...\n"), " noirtier")
    assert document.text == BY_HAND.replace("Noirtier\n", "") + "...\n"
    assert [problem.line for problem in document.problems] == [5]
    assert document.find("Noirtier") is None


FORM = st.text(st.characters(codec="utf-8"), max_size=12).filter(lambda text: any(char.isalnum() for char in text))


@given(st.lists(st.tuples(FORM, st.lists(FORM, max_size=3), st.lists(FORM, max_size=3)), max_size=8))
def test_what_was_added_is_what_is_read(given_entries: list[tuple[str, list[str], list[str]]]) -> None:
    document = Document()
    for term, aliases, spoken in given_entries:
        try:
            document, _ = added(document, checked(term, aliases, spoken))
        except EntryError:
            continue
    assert parse(document.text).entries == document.entries
    assert parse(document.text).problems == ()


@given(st.text(max_size=200))
def test_any_text_can_be_read_and_stays_as_it_is(text: str) -> None:
    document = parse(text)
    assert parse(document.text).entries == document.entries
    assert len(document.problems) + len(document.entries) <= text.count("\n") + 1


def test_nothing_is_no_entry() -> None:
    assert entry_in("  ") is entry_in("# x") is None


def test_many_entries_go_in_one_after_the_other() -> None:
    before = parse(BY_HAND)
    batch = Batch(before)
    assert batch.add(Entry("New York")) is TermChange.UNCHANGED
    assert batch.document is before
    entries = [Entry("Morrel"), Entry("NOIRTIER"), Entry("morrel", ("Moral",)), Entry("Morrel")]
    assert [batch.add(entry) for entry in entries] == [TermChange.ADDED, *[TermChange.CHANGED] * 3]
    text = BY_HAND.replace("Noirtier", "NOIRTIER") + '{"term":"Morrel","aliases":["Moral"]}\n'
    assert batch.document.text == text
    assert parse(text) == batch.document


def test_a_full_draft_still_takes_forms_of_what_it_has() -> None:
    batch = Batch(parse("".join(f"term {number}\n" for number in range(MOST_ENTRIES))))
    with pytest.raises(FullError):
        batch.add(Entry("Noirtier"))
    assert batch.add(Entry("term 7", ("seven",))) is TermChange.CHANGED
    assert len(batch.document.entries) == MOST_ENTRIES


def test_so_many_problems_are_told_and_how_many_more_there_are() -> None:
    problems = [Problem(line, "bad", "mend it") for line in range(1, MOST_PROBLEMS + 4)]
    assert bounded(problems[:MOST_PROBLEMS]) == tuple(problems[:MOST_PROBLEMS])
    told = bounded(problems)
    assert told[:-1] == tuple(problems[:MOST_PROBLEMS])
    assert (told[-1].line, told[-1].message) == (0, "and 3 more")
