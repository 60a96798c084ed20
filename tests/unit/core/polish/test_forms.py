from __future__ import annotations

import pytest

from parleqd.core.polish.forms import abbreviated, akin, any_akin, compares, expanded, fold, likeness, sounds_like


@pytest.mark.parametrize(
    "word, forms",
    [
        ("Don't", ("do", "not")),
        ("can’t", ("can", "not")),
        ("won't", ("will", "not")),
        ("I'm", ("i", "am")),
        ("they've", ("they", "have")),
        ("Anna's", ("anna",)),
        ("gonna", ("going", "to")),
        ("Joaquín", ("joaquin",)),
        ("Straße", ("strasse",)),
        ("twelve", ("12",)),
        ("21st", ("21",)),
        ("$", ("dollar",)),
        ("'", ("'",)),
    ],
)
def test_words_are_taken_apart_to_what_can_be_compared(word: str, forms: tuple[str, ...]) -> None:
    assert expanded(word) == forms


def test_units_and_small_numbers_have_one_form() -> None:
    assert [fold(key) for key in ("euros", "€", "bucks", "seven", "o'clock")] == [
        "euro",
        "euro",
        "dollar",
        "7",
        "oclock",
    ]


@pytest.mark.parametrize(
    "new, old",
    [
        ("saw", "seen"),
        ("broke", "breaked"),
        ("drove", "drived"),
        ("mentions", "mention"),
        ("stopped", "stop"),
        ("making", "make"),
        ("tries", "try"),
        ("quickly", "quick"),
        ("colour", "color"),
        ("organised", "organized"),
        ("fewer", "less"),
        ("mr", "mister"),
        ("too", "to"),
        ("their", "there"),
    ],
)
def test_forms_of_one_word(new: str, old: str) -> None:
    assert akin(new, old)
    assert any_akin(new, ["table", old]) == old


@pytest.mark.parametrize(
    "new, old",
    [
        ("thursday", "tuesday"),
        ("right", "left"),
        ("disable", "enable"),
        ("contract", "contact"),
        ("trail", "trial"),
        ("public", "publish"),
        ("adapt", "adopt"),
        ("thing", "the"),
        ("ship", "shop"),
        ("later", "late"),
    ],
)
def test_words_that_differ(new: str, old: str) -> None:
    assert not akin(new, old)
    assert any_akin(new, [old]) is None


def test_comparatives() -> None:
    assert compares("earlier", "early")
    assert compares("latest", "late")
    assert not compares("water", "early")


@pytest.mark.parametrize(
    "short, full, which",
    [
        ("kg", ["two", "kilograms"], range(1, 2)),
        ("mph", ["miles", "per", "hour"], range(3)),
        ("m", ["meters"], range(1)),
        ("v", ["version"], range(1)),
        ("kg", ["meters"], range(0)),
        ("tom", ["tomorrow"], range(1)),
        ("paula", ["petra"], range(0)),
    ],
)
def test_abbreviations(short: str, full: list[str], which: range) -> None:
    assert abbreviated(short, full) == which


@pytest.mark.parametrize(
    "term, heard",
    [
        ("kubectl", "cubecontrol"),
        ("Siobhan", "shevon"),
        ("JSON", "jason"),
        ("GUI", "gooey"),
        ("SQL", "sequel"),
        ("Aoife", "eefa"),
    ],
)
def test_what_a_term_may_be_heard_as(term: str, heard: str) -> None:
    assert sounds_like(term, heard)


@pytest.mark.parametrize(
    "term, heard", [("kubectl", "signals"), ("Siobhan", "table"), ("Nguyen", "report"), ("Aoife", "if")]
)
def test_what_it_may_not(term: str, heard: str) -> None:
    assert not sounds_like(term, heard)


def test_likeness_is_between_none_and_all() -> None:
    assert likeness("abc", "abc") == 1
    assert likeness("abc", "xyz") == likeness("", "") == 0
    assert 0 < likeness("abcd", "abxy") < 1
