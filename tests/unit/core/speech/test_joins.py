"""Joins: sentences go on where the decoder thought they ended."""

from __future__ import annotations

import pytest

from parleqd.core.speech.joins import begun, mended


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["for the wood.", "cutters of the land."], ["for the wood", "cutters of the land."]),
        (["it was natural there for...", "especially now."], ["it was natural there for", "especially now."]),
        (["in the Middle Ages…", "When the craftsmen came."], ["in the Middle Ages", "when the craftsmen came."]),
        (["unable to bear-", "the sight."], ["unable to bear", "the sight."]),
        (["That is all.", "When they came."], ["That is all.", "When they came."]),
        (["we met with", "The man."], ["we met with", "the man."]),
        (["and erm", "We need 35 chairs."], ["and erm", "we need 35 chairs."]),
        (["we met with", "Morrel."], ["we met with", "Morrel."]),
        (["we met with", "I and he."], ["we met with", "I and he."]),
        (["Is it so?", "and they went."], ["Is it so?", "and they went."]),
        (["It costs 4.", "or 5."], ["It costs 4.", "or 5."]),
        (["That is No.", "four."], ["That is No.", "four."]),
        (["...", "Well."], ["...", "Well."]),
        ([], []),
        (["", "Well."], ["", "Well."]),
    ],
)
def test_two_texts_as_one_would_write_them(texts: list[str], expected: list[str]) -> None:
    assert mended(texts) == expected


def test_what_was_committed_before_tells_whether_a_sentence_goes_on() -> None:
    assert mended(["The man."], before="we met with") == ["the man."]
    assert mended(["The man."], before="We met.") == ["The man."]
    assert mended(["The man."]) == ["The man."]


def test_capitals_are_a_matter_of_language() -> None:
    assert mended(["wir sahen", "Die Stadt."], language="de") == ["wir sahen", "Die Stadt."]
    assert mended(["wir sahen sie.", "und gingen."], language="de") == ["wir sahen sie", "und gingen."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("printing, in the only sense", "Printing, in the only sense"),
        ("über uns", "Über uns"),
        ("yes.", "Yes."),
        ("The man.", "The man."),
        ("iPhone cases", "iPhone cases"),
        ("example.org is it", "example.org is it"),
        ("x86 code", "x86 code"),
        ("...", "..."),
        ("", ""),
    ],
)
def test_an_utterance_begins_with_a_capital(text: str, expected: str) -> None:
    assert begun(text) == expected
