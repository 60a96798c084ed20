from __future__ import annotations

import pytest

from parleqd.core.text.repairs.passage import REACH, Passage, asks_at
from parleqd.core.text.tokens import tokenise


def test_sentences_end_at_marks_and_lines_but_not_behind_a_title() -> None:
    passage = Passage(tokenise("Ask Dr. Bell now. Is it on?\nYes"))
    assert [passage.start(at) for at in (0, 3, 6, 9, 10)] == [0, 0, 6, 6, 10]
    assert (passage.end(0), passage.end(6), passage.end(10)) == (5, 9, 11)


def test_words_on_either_side_stay_in_their_sentence() -> None:
    passage = Passage(tokenise("One. Two, three four. Five"))
    assert [passage.keys[at] for at in passage.left(5)] == ["two", "three"]
    assert [passage.keys[at] for at in passage.right(2)] == ["two", "three", "four"]
    assert passage.left(0) == []
    assert passage.right(99) == []


def test_a_quotation_bars_the_way() -> None:
    passage = Passage(tokenise('he said "no way" and left'))
    assert [passage.keys[at] for at in passage.left(8)] == ["and", "left"]


def test_no_more_than_some_words_are_looked_at() -> None:
    passage = Passage(tokenise("word " * 200))
    assert len(passage.left(150)) == REACH


@pytest.mark.parametrize(
    "text, asks, from_start",
    [
        ("When was it?", True, True),
        ("when was it", True, True),
        ("in what year was it", True, True),
        ("So who is it?", True, True),
        ("when it rains we stay", False, False),
        ("What I want is tea.", False, False),
        ("Is it you?", True, False),
        ("how many are there", True, True),
        ("It is late", False, False),
    ],
)
def test_questions(text: str, asks: bool, from_start: bool) -> None:
    passage = Passage(tokenise(text))
    assert (passage.asks(0), passage.asks_from_the_start(0)) == (asks, from_start)


def test_a_question_can_begin_behind_a_preposition() -> None:
    passage = Passage(tokenise("no in what year"))
    row = passage.right(0)
    assert [asks_at(passage, row, at) for at in range(5)] == [False, True, True, False, False]
