from __future__ import annotations

import pytest

from parleqd.core.text.numbers import times
from parleqd.core.text.numbers.english import NUMERALS
from parleqd.core.text.numbers.numerals import vocabulary
from parleqd.core.text.numbers.phrase import phrase
from parleqd.core.text.tokens import tokenise
from tests.number_readers import written_by

WORDS = vocabulary(NUMERALS)


def written(text: str) -> str | None:
    return written_by(lambda words, at: times.read(words, at), text)


@pytest.mark.parametrize(
    "spoken, text",
    [
        ("three thirty pm", "3:30 PM"),
        ("eleven oh five a m", "11:05 AM"),
        ("nine p m", "9:00 PM"),
        ("9 p m", "9:00 PM"),
        ("5 30 pm", "5:30 PM"),
        ("three p m e s t", "3:00 PM EST"),
        ("ten fifteen utc", "10:15 UTC"),
        ("seven o'clock", "7 o'clock"),
        ("seven o clock p m", "7:00 PM"),
        ("seven oclock g m t", "7:00 GMT"),
        ("quarter past nine", "9:15"),
        ("a quarter to one", "12:45"),
        ("half past six tonight", "6:30"),
        ("twenty five past two", "2:25"),
        ("at ten to five we leave", "4:50"),
        ("ten minutes to five", "4:50"),
        ("meet at two thirty", "2:30"),
        ("meet at 9 30 tomorrow", "9:30"),
        ("at nineteen forty five", "19:45"),
        ("the two thirty meeting", "2:30"),
        ("six fifteen in the morning", "6:15"),
        ("eight oh six", "8:06"),
    ],
)
def test_times_of_day(spoken: str, text: str) -> None:
    assert written(spoken) == text


def test_both_ends_of_a_span_of_time() -> None:
    words = phrase(tokenise("from nine thirty to ten fifteen"), NUMERALS, WORDS)
    assert [getattr(times.read(words, at), "text", None) for at in (1, 4)] == ["9:30", "10:15"]


@pytest.mark.parametrize(
    "spoken, text, last",
    [
        ("at nine a.m. and later", "9:00 AM", 4),  # at, nine, a.m and the full stop
        ("at nine a.m., then", "9:00 AM", 4),
        ("at nine a.m.", "9:00 AM", 3),
        ("at nine a.m. Then we left", "9:00", 2),  # the full stop may end the sentence
    ],
)
def test_the_full_stop_of_an_abbreviation(spoken: str, text: str, last: int) -> None:
    found = times.read(phrase(tokenise(spoken), NUMERALS, WORDS), 1)
    assert found is not None
    assert (found.text, found.last) == (text, last)


@pytest.mark.parametrize(
    "spoken",
    [
        "at five",
        "nine to five",
        "five to ten people",
        "two thirty people",
        "at two thirty people came",
        "the two thirty year olds",
        "nine am i right",
        "9 a.m. on Monday",
        "quarter to the team",
        "half past the hour",
        "five o'clock shadow",
        "chapter two thirty pages",
        "give ten minutes to one of them",
        "thirteen o'clock",
        "it costs two fifty",
    ],
)
def test_what_is_no_time_of_day(spoken: str) -> None:
    assert written(spoken) is None
