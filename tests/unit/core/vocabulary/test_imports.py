from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parleqd.core.vocabulary.document import Problem
from parleqd.core.vocabulary.entry import Entry, EntryError
from parleqd.core.vocabulary.imports import format_of, read
from parleqd.protocol.names import VocabularyFormat

K8S = Entry("Kubernetes", ("k8s", "kube"), ("cube are netties",))

LISTS = {
    "lines": "Noirtier\n\n# people\n"
    '{"term": "Kubernetes", "aliases": ["k8s", "kube"], "spoken": ["cube are netties"]}\n',
    "csv": "Term,Aliases,Spoken\nNoirtier,,\nKubernetes,k8s | kube,cube are netties\n",
    "columns": "\ufeffspoken;note;term;aliases\r\n;he;Noirtier;\r\ncube are netties;;Kubernetes;k8s|kube\r\n",
    "tabs": "term\taliases\tspoken\nNoirtier\nKubernetes\tk8s|kube\tcube are netties\n",
    "quoted": 'term,aliases,spoken\n"Noirtier",,\n"Kubernetes","k8s|kube","cube are netties"',
    "json": '["Noirtier", {"term": "Kubernetes", "aliases": ["k8s", "kube"], "spoken": ["cube are netties"]}]',
    "answer": '{"path": "/x", "entries": [{"term": "Noirtier"},'
    ' {"term": "Kubernetes", "aliases": ["k8s", "kube"], "spoken": ["cube are netties"]}], "problems": []}',
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_told_by_what_it_holds(name: str) -> None:
    found = read(LISTS[name])
    assert [entry for _, entry in found.entries] == [Entry("Noirtier"), K8S]
    assert found.problems == ()


def test_csv_without_names_has_its_columns_in_order() -> None:
    found = read("Noirtier\nKubernetes,k8s|kube,cube are netties,more\n", VocabularyFormat.CSV)
    assert [entry for _, entry in found.entries] == [Entry("Noirtier"), K8S]


@pytest.mark.parametrize(
    ("text", "written_in"),
    [
        ("Noirtier, the old man", VocabularyFormat.LINES),
        ("term", VocabularyFormat.LINES),
        ('{\n  "entries": []\n}', VocabularyFormat.JSON),
        ("", VocabularyFormat.LINES),
    ],
)
def test_what_may_be_either(text: str, written_in: VocabularyFormat) -> None:
    assert format_of(text) is written_in


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Noirtier\n...\nnoirtier\nMorrel", [2, 3]),
        ("term,aliases\nNoirtier,\n,x\nNOIRTIER,\nMorrel,", [3, 4]),
        ('["Noirtier", 3, {"name": "x"}, "noirtier", "Morrel"]', [2, 3, 4]),
    ],
)
def test_what_is_bad_or_comes_twice_is_told_by_its_place(text: str, places: list[int]) -> None:
    found = read(text)
    assert [entry.term for _, entry in found.entries] == ["Noirtier", "Morrel"]
    assert [problem.line for problem in found.problems] == places
    assert all(problem.message and problem.hint for problem in found.problems)


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        ('"#tag"', "no term"),
        ('""', "no term"),
        ('{"term": "Morrel", "alias": ["Moral"]}', "unknown field `alias`"),
        ('{"term": 3}', "Expected `str`"),
        ('"NOIRTIER"', "stands in item 1 already"),
    ],
)
def test_an_item_of_json_that_is_no_entry_is_told_as_an_item(item: str, wrong: str) -> None:
    found = read(f'[\n"Noirtier",\n\n{item},\n"Villefort"]')
    assert [entry.term for _, entry in found.entries] == ["Noirtier", "Villefort"]
    (problem,) = found.told()
    assert problem.line == 0
    assert problem.message.startswith("item 2: ")
    assert wrong in problem.message
    assert problem.hint


def test_a_term_with_a_hash_can_be_told_as_an_object() -> None:
    assert read('[{"term": "#tag"}]') == (((1, Entry("#tag")),), (), "item")


def test_problems_of_lines_are_told_by_line_with_those_of_the_entries() -> None:
    other = Problem(2, "too many forms", "fewer")
    assert [problem.line for problem in read("...\nNoirtier\n...\n").told([other])] == [1, 2, 3]


@pytest.mark.parametrize("text", ["[", '{"terms": []}', '"Noirtier"', "[1] x"])
def test_json_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(EntryError, match="JSON"):
        read(text, VocabularyFormat.JSON)


def test_csv_that_is_none_is_refused() -> None:
    with pytest.raises(EntryError, match="CSV"):
        read("x" * 200_000, VocabularyFormat.CSV)


@given(st.text(max_size=200), st.sampled_from([None, *VocabularyFormat]))
def test_any_text_is_a_list_or_refused(text: str, written_in: VocabularyFormat | None) -> None:
    try:
        found = read(text, written_in)
    except EntryError:
        return
    assert len({entry.key for _, entry in found.entries}) == len(found.entries)
