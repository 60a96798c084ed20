from __future__ import annotations

import pytest

from parleqd.core.text.numbers import codes
from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from tests.number_readers import written_by

WORDS = vocabulary(NUMERALS)
READERS = (codes.read_version, codes.read_numbered, codes.read_model, codes.read_code)


def written(text: str) -> str | None:
    return written_by(lambda words, at: next(filter(None, (reader(words, at) for reader in READERS)), None), text)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("twenty two point four point one", "22.4.1"),
        ("version two", "2"),
        ("version one point oh", "1.0"),
        ("python three point eleven", "3.11"),
        ("windows eleven", "11"),
        ("extension seven", "7"),
        ("room two thirty", "230"),
        ("port eighty eighty", "8080"),
        ("flight two oh five", "205"),
        ("the RTX twenty eighty", "2080"),
        ("x eighty six", "x86"),
        ("X eighty six", "X86"),
        ("a b nine", "ab9"),
        ("the order is a b c one two three", "abc123"),
        ("five w k r a three one", "5wkra31"),
        ("vitamin b twelve helps", "b12"),
        ("b two b sales", "b2b"),
    ],
)
def test_codes_and_versions(spoken: str, text: str) -> None:
    assert written(spoken) == text


@pytest.mark.parametrize(
    "spoken",
    [
        "version one of two",
        "PM two thirty",
        "a two thirty",
        "i have a one and you have a two",
        "plan b two people",
        "i five processor",
        "room five people",
        "page nine",
        "python one of them",
        "two point five",
        "three dot s d d dot com",
        "a one",
    ],
)
def test_what_is_no_code(spoken: str) -> None:
    assert written(spoken) is None
