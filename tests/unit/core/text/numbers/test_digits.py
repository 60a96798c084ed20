from __future__ import annotations

import pytest

from parleqd.core.text.numbers import digits
from tests.number_readers import written_by


def written(text: str) -> str | None:
    return written_by(lambda words, at: digits.read(words, at), text)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("seven nine nine", "799"),
        ("double oh seven", "007"),
        ("s s n is one two three four five six seven eight nine", "123-45-6789"),
        ("the o t p is four five six seven", "4567"),
        ("call me on five five five oh one four two", "555-0142"),
        ("call 5 5 5 0 1 4 2", "555-0142"),
        ("oh two three one two three five six seven eight", "023-123-5678"),
        ("dial one eight hundred five five five oh one two three", "1-800-555-0123"),
        ("plus nine one one two three one two three five six seven eight", "+91 123-123-5678"),
        ("plus four nine three zero one two three four five six seven", "+49 301234567"),
        ("my ssn is seven double nine one two three one one three", "799-12-3113"),
        ("card four four four four three three three three two two two two one one one one", "4444 3333 2222 1111"),
        ("ten dot zero dot zero dot one", "10.0.0.1"),
        ("two two five dot double five dot o dot forty five", "225.55.0.45"),
        ("call five five five dash oh one four two", "555-0142"),
        ("the code is one two three four", "1234"),
    ],
)
def test_digit_strings(spoken: str, text: str) -> None:
    assert written(spoken) == text


@pytest.mark.parametrize(
    "spoken",
    [
        "one two three testing",
        "three two one go",
        "double five",
        "double the two",
        "oh one more thing",
        "he has one or two",
        "twenty twenty",
        "1 2 4",
        "one dot two dot three",
        "three dash a b c",
        "plus two",
    ],
)
def test_what_is_no_digit_string(spoken: str) -> None:
    assert written(spoken) is None
