from __future__ import annotations

from parleqd.core.vocabulary.entry import Entry
from parleqd.core.vocabulary.relevance import MOST_REMEMBERED, Finder, most_relevant, remembered

ENTRIES = [Entry("Noirtier"), Entry("New York"), Entry("d'Avrigny"), Entry("Morrel")]


def test_what_was_used_last_goes_first_then_what_was_added_last() -> None:
    assert most_relevant(ENTRIES, ["noirtier", "gone", "new york"], 3) == ("Noirtier", "New York", "Morrel")
    assert most_relevant(ENTRIES, [], 9) == ("Morrel", "d'Avrigny", "New York", "Noirtier")
    assert most_relevant([], ["noirtier"], 9) == ()


def test_terms_are_found_by_their_words() -> None:
    text = "In new-york, D'AVRIGNY met Noirtier. Newer York, Morrels; Noirtier’s"
    assert list(Finder(ENTRIES).found_in(text)) == ["new york", "d'avrigny", "noirtier", "noirtier"]


def test_the_latest_is_remembered_first_and_not_for_ever() -> None:
    assert remembered(["a", "b"], ["c", "b", "c"]) == ("c", "b", "a")
    many = [str(number) for number in range(MOST_REMEMBERED + 5)]
    assert len(remembered(many, ["new"])) == MOST_REMEMBERED
    assert remembered(many, ["new"])[0] == "new"
