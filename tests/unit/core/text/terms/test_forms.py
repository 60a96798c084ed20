from __future__ import annotations

import pytest

from parleqd.core.text.terms.forms import given_forms, pieces, said_forms
from parleqd.core.vocabulary.entry import Entry


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Route 53", ("route", "53")),
        ("end-to-end", ("end", "to", "end")),
        ("Joaquín", ("joaquin",)),
        ("Yahoo!", ("yahoo",)),
        (".NET", ("net",)),
        ("Node.js", ("node.js",)),
        ("St. John's", ("st", ".", "john's")),
        ("-", ("-",)),
        ("...", ()),
        ("", ()),
    ],
)
def test_a_form_is_compared_by_its_pieces(text: str, expected: tuple[str, ...]) -> None:
    assert pieces(text) == expected


@pytest.mark.parametrize(
    "term, form",
    [
        ("Node.js", "node dot js"),
        ("Node.js", "node js"),
        ("C++", "C plus plus"),
        ("C#", "c sharp"),
        ("AT&T", "AT and T"),
        (".NET", "dot net"),
        ("snake_case", "snake underscore case"),
    ],
)
def test_signs_are_said_by_their_names(term: str, form: str) -> None:
    assert pieces(form) in said_forms(Entry(term))


def test_the_forms_that_were_given_come_once_each() -> None:
    entry = Entry("E2E", ("end-to-end", "End to End"), ("e two e", "end to end"))
    assert given_forms(entry) == [("end", "to", "end"), ("e", "two", "e")]
