from __future__ import annotations

import pytest

from parleqd.core.vocabulary.entry import LONGEST, MOST_FORMS, Entry, EntryError, checked, key_of, merged


def test_white_space_is_put_in_order_and_nothing_stands_twice() -> None:
    entry = checked("  New \t York ", ["NYC", " NYC", "New York"], ["new york", "new york"])
    assert entry == Entry("New York", ("NYC",), ("new york",))


def test_case_and_white_space_make_no_other_term() -> None:
    assert key_of("  New\nYORK") == checked("new york").key
    assert key_of("Straße") == key_of("STRASSE")


@pytest.mark.parametrize(
    ("term", "wrong"),
    [
        ("", "no letter or digit"),
        (" ,.- ", "no letter or digit"),
        ("x" * (LONGEST + 1), f"longer than {LONGEST}"),
        ("a\x07b", "control character"),
        ("a\u202eb", "control character"),
    ],
)
def test_what_can_be_no_term_is_refused_with_what_would_be_right(term: str, wrong: str) -> None:
    with pytest.raises(EntryError, match=wrong) as refused:
        checked(term)
    assert refused.value.hint
    with pytest.raises(EntryError, match="alias"):
        checked("Noirtier", [term])
    with pytest.raises(EntryError, match="spoken form"):
        checked("Noirtier", (), [term])


def test_there_is_a_bound_to_the_forms_of_a_term() -> None:
    forms = [f"form {number}" for number in range(MOST_FORMS + 1)]
    assert len(checked("Noirtier", forms[1:]).aliases) == MOST_FORMS
    with pytest.raises(EntryError, match=str(MOST_FORMS)):
        checked("Noirtier", forms)
    with pytest.raises(EntryError, match=str(MOST_FORMS)):
        merged(checked("Noirtier", forms[1:]), checked("Noirtier", forms[:1]))


def test_merging_takes_the_new_spelling_and_all_forms() -> None:
    known = Entry("noirtier", ("Nortier",), ("nwar tee ay",))
    assert merged(known, Entry("Noirtier", ("Nwartier",))) == Entry("Noirtier", ("Nortier", "Nwartier"), known.spoken)
