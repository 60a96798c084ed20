"""Seams: what one decode across a join hears that neither half has heard."""

from __future__ import annotations

import pytest

from parleqd.core.speech.seams import BEFORE, BEHIND, Seams, sewn
from parleqd.core.speech.segmenting import Span
from parleqd.core.speech.transcript import TimedText, join

AT = 20 * 16_000


@pytest.mark.parametrize(
    ("before", "after", "across", "whole"),
    [
        # a word that is dropped at the beginning of what is decoded, or at its end
        ("being modern.", "As all books,", "in being modern. Now, as all books, are", "Now, as all books,"),
        (
            "we are at present",
            "differs from most",
            "are at present concerned differs from most",
            "concerned differs from most",
        ),
        ("of the art", "of printing. It", "of the art, you see, of printing", "you see, of printing. It"),
        # heard otherwise, and more in its place
        (
            "we are at present",
            "Difers, from most, if",
            "at present concerned differs from most",
            "concerned differs from most, if",
        ),
    ],
)
def test_what_is_heard_between_words_that_both_have_heard_is_put_in(
    before: str, after: str, across: str, whole: str
) -> None:
    assert sewn(before, after, "", across) == whole


@pytest.mark.parametrize(
    ("before", "after", "across"),
    [
        ("being modern.", "As all books,", "in being modern. As all books, are"),  # nothing is missing
        ("being modern.", "As all books,", "in being mordant. Now, as all books, are"),  # not heard alike before it
        ("being modern.", "As all books,", "in being modern. Now, as old books, are"),  # nor behind it
        ("modern.", "As all books,", "modern. Now, as all books"),  # too little to go by
        ("it is so.", "It is so.", "it is so. And it is so. And it is so."),  # more than one place
        ("being modern.", "As all books,", "being modern. That is what they all say, as all books"),  # too much
        ("for the", "woodcutters of the", "for the wood cutters of the"),  # the same, written apart
        ("it took the", "42 days of", "it took the forty two days of"),
        ("being modern.", "", "being modern. Now,"),
        ("being modern.", "As all books,", ""),
    ],
)
def test_in_doubt_the_text_stays_as_it_is(before: str, after: str, across: str) -> None:
    assert sewn(before, after, "", across) == after


def test_words_of_the_next_piece_count_too() -> None:
    assert sewn("being modern.", "As", "all books", "being modern. Now, as all books") == "Now, as"


def said(start: float, text: str) -> TimedText:
    return TimedText(start, start + 1, text)


def test_a_join_is_listened_to_when_there_is_enough_behind_it() -> None:
    seams = Seams()
    assert seams.span(AT) is None
    seams.cut(AT)
    assert seams.span(AT + BEHIND - 1) is None
    span = seams.span(AT + BEHIND)
    assert span == Span(AT - BEFORE, AT + BEHIND)
    seams.hear(span, "being modern. Now, as all books")
    assert seams.span(AT + BEHIND) is None
    texts = seams.sewn("in being modern.", [(AT, [said(20, "As all"), said(21, "books,")])])
    assert join(text.text for text in texts) == "Now, as all books,"


def test_each_join_of_several_decodes_is_sewn() -> None:
    seams = Seams()
    seams.cut(AT)
    seams.hear(Span(AT - BEFORE, AT + BEHIND), "one two, three four five")
    texts = seams.sewn("", [(0, [said(0, "one two")]), (AT, [said(20, "four five")]), (2 * AT, [])])
    assert [text.text for text in texts] == ["one two", "three four five"]


def test_what_is_committed_is_forgotten() -> None:
    seams = Seams()
    seams.cut(AT)
    seams.hear(Span(AT - BEFORE, AT + BEHIND), "one two, three four five")
    seams.forget(AT + 1)
    assert seams.sewn("one two", [(AT, [said(20, "four five")])]) == [said(20, "four five")]


def test_it_never_reaches_to_what_is_not_there() -> None:
    assert Seams(AT - 5).needed_from(AT) == AT - 5
