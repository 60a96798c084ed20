from __future__ import annotations

import pytest

from parleqd.core.text.terms.index import Form, Index, Trust, combined, compiled
from parleqd.core.vocabulary.entry import Entry


def forms_of(index: Index) -> dict[str, Trust]:
    every = [form for some in index.forms.values() for form in some]
    return {" ".join(form.pieces): form.trust for form in every}


@pytest.mark.parametrize(
    "entry, form, trust",
    [
        (Entry("Parleq"), "parleq", Trust.SURE),
        (Entry("Parleq", ("Parlek",)), "parlek", Trust.SURE),
        (Entry("Bedrock"), "bedrock", Trust.WORD),
        (Entry("Snyk", ("sneak",)), "sneak", Trust.WORD),
        (Entry("JSON", ("jason",)), "jason", Trust.PERSON),
        (Entry("Marq", ("mark",)), "mark", Trust.WORD),
        (Entry("Siobhan"), "siobhan", Trust.SURE),
        (Entry("Jason"), "jason", Trust.SURE),
        (Entry("kubectl", ("cube control",)), "cube control", Trust.PHRASE),
        (Entry("C#", (), ("see sharp",)), "see sharp", Trust.PHRASE),
        (Entry("Redis", (), ("read is",)), "read is", Trust.WORD),
        (Entry("FastAPI", ("fast a p i",)), "fast a p i", Trust.SURE),
        (Entry("Route 53"), "route 53", Trust.SURE),
        (Entry("Time Machine"), "time machine", Trust.PHRASE),
    ],
)
def test_how_far_a_form_is_trusted(entry: Entry, form: str, trust: Trust) -> None:
    assert forms_of(compiled([entry]))[form] is trust


@pytest.mark.parametrize(
    "entry",
    [
        Entry("IT"),
        Entry("US"),
        Entry("WHO"),
        Entry("R"),
        Entry("backup"),
        Entry("die"),
        Entry("ToDo", ("to do",)),
        Entry("..."),
    ],
)
def test_words_of_grammar_single_letters_and_small_ordinary_words_are_no_forms(entry: Entry) -> None:
    assert not {"it", "us", "who", "r", "backup", "die", "to do"} & set(forms_of(compiled([entry])))


def test_long_forms_come_first_and_of_the_same_words_the_doubtful_one() -> None:
    index = compiled([Entry("Jason"), Entry("JSON", ("jason",)), Entry("Jason Smith")])
    assert [(form.term.text, form.trust) for form in index.forms["jason"]] == [
        ("Jason Smith", Trust.SURE),
        ("JSON", Trust.PERSON),
        ("Jason", Trust.SURE),
    ]


def test_every_beginning_is_a_head() -> None:
    index = compiled([Entry("Kubernetes"), Entry("Azure DevOps")])
    assert {"kubernetes", "kubernetes's", "kuber", "azure", "azuredevops", "k"} <= index.heads
    assert isinstance(index.joined["azuredevops"], Form)


def test_two_vocabularies_in_one() -> None:
    one, other = compiled([Entry("Parleq"), Entry("Jason")]), compiled([Entry("JSON", ("jason",)), Entry("Noirtier")])
    both = combined(one, other)
    assert forms_of(both).keys() == forms_of(one).keys() | forms_of(other).keys()
    assert [form.term.text for form in both.forms["jason"]] == ["JSON", "Jason"]
    assert both.heads == one.heads | other.heads
    assert both.sounds.keys() == one.sounds.keys() | other.sounds.keys()


def test_an_empty_vocabulary_finds_nothing() -> None:
    index = compiled([])
    assert not index.forms
    assert not index.joined
    assert not index.sounds
