from __future__ import annotations

import pytest

from parleqd.core.errors import RefusedError
from parleqd.engine.history import Entry, History
from parleqd.protocol.names import Reason
from tests.fakes.dictations import outcome, spec


def entry(number: int, text: str = "Hello.", raw: str | None = None) -> Entry:
    return Entry(spec(id=f"s{number}", number=number), outcome(text, raw))


def filled(keep: int, *texts: str) -> History:
    history = History(keep)
    for number, text in enumerate(texts, start=1):
        history.record(entry(number, text))
    return history


def ids(entries: list[Entry]) -> list[str]:
    return [one.spec.id for one in entries]


def test_the_newest_come_first() -> None:
    history = filled(10, "one", "two", "three")
    assert ids(history.latest(10)) == ["s3", "s2", "s1"]
    assert ids(history.latest(1)) == ["s3"]


def test_the_oldest_beyond_the_bound_are_forgotten() -> None:
    assert ids(filled(2, "one", "two", "three").latest(10)) == ["s3", "s2"]


def test_nothing_is_kept_when_the_user_keeps_nothing() -> None:
    history = filled(0, "one", "two")
    assert history.latest(10) == []
    assert history.search("", 10) == []
    with pytest.raises(RefusedError):
        history.show("s1")


@pytest.mark.parametrize(("keep", "left"), [(0, []), (1, ["s3"]), (5, ["s3", "s2", "s1"])])
def test_a_smaller_bound_forgets_at_once(keep: int, left: list[str]) -> None:
    history = filled(10, "one", "two", "three")
    history.keep = keep
    assert history.keep == keep
    assert ids(history.latest(10)) == left


def test_a_dictation_in_which_nothing_was_said_is_not_kept() -> None:
    history = History(10)
    history.record(entry(1, text="", raw=""))
    assert history.latest(10) == []
    history.record(entry(2, text="", raw="um"))  # said, though nothing of it is left
    assert ids(history.latest(10)) == ["s2"]


def test_one_dictation_is_found_by_its_id() -> None:
    history = filled(10, "one", "two")
    assert history.show("s1").outcome.cleaned.text == "one"
    with pytest.raises(RefusedError, match="s9") as raised:
        history.show("s9")
    assert raised.value.reason is Reason.UNKNOWN_SESSION


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("quick", ["s2", "s1"]),
        ("QUICK fox", ["s2"]),
        ("fox quick", ["s2"]),
        ("um", ["s2"]),
        ("straße", ["s3"]),
        ("STRASSE", ["s3"]),
        ("quick absent", []),
        ("", ["s3", "s2", "s1"]),
    ],
)
def test_a_search_finds_what_holds_every_word_in_text_or_raw_text(words: str, found: list[str]) -> None:
    history = History(10)
    history.record(entry(1, "A quick hare."))
    history.record(entry(2, "A quick fox.", "um a quick fox"))
    history.record(entry(3, "Die Straße."))
    assert ids(history.search(words, 10)) == found


def test_a_search_is_bounded() -> None:
    assert ids(filled(10, "one", "one", "one").search("one", 2)) == ["s3", "s2"]


def test_clearing_forgets_everything_and_tells_what_it_was() -> None:
    history = filled(10, "one", "two")
    assert history.clear() == ["s1", "s2"]
    assert history.latest(10) == []
    assert history.clear() == []
