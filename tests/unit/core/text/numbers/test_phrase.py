from __future__ import annotations

from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from parleqd.core.text.numbers.phrase import BREAK, UNTOUCHABLE, Phrase, phrase
from parleqd.core.text.tokens import tokenise


def words(text: str) -> Phrase:
    return phrase(tokenise(text), NUMERALS, vocabulary(NUMERALS))


def test_words_marks_and_line_breaks() -> None:
    found = words("One, two\nthree")
    assert found.keys[: found.end] == ["one", ",", "two", BREAK, "three"]
    assert found.spelled[: found.end] == ["One", ",", "two", BREAK, "three"]
    assert found.places[: found.end] == [0, 1, 2, -1, 3]


def test_a_reader_may_look_behind_the_end() -> None:
    found = words("one")
    assert found.keys[found.end :] == [""] * 8


def test_hyphenated_numbers_are_parted_and_other_words_are_not() -> None:
    found = words("twenty-first one-off twenty-five-year-old")
    assert found.keys[: found.end] == ["twenty", "first", "one-off", "twenty-five-year-old"]
    assert [found.parts_token(at) for at in range(found.end)] == [False, True, False, False]


def test_quotations_and_code_are_no_words() -> None:
    found = words('say "five" and x = six')
    assert "five" not in found.keys
    assert "six" not in found.keys
    assert UNTOUCHABLE in found.keys


def test_where_a_clause_begins_and_ends() -> None:
    found = words("one two, three")
    assert [found.opens_clause(at) for at in range(found.end)] == [True, False, False, True]
    assert [found.ends_clause(at) for at in range(found.end + 1)] == [False, False, True, False, True]
    assert (found.before(0), found.before(1), found.before(1, 2)) == ("", "one", "")


def test_numbers_in_words_and_digits() -> None:
    found = words("five 12 first and people ٣")
    assert [found.is_number(at) for at in range(found.end)] == [True, True, False, False, False, False]


def test_a_number_is_read_once() -> None:
    found = words("twenty five people")
    assert found.number(0) is found.number(0)
    assert found.number(2) is None
