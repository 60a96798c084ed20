from __future__ import annotations

import pytest

from parleqd._tools.bench.speech.accuracy import Errors, Judged, difference, errors, interval, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("So, um, the Garden-party!", "so the garden party"),
        ("Mr. Smith's [laughs] dog (barking)", "mister smiths dog"),
        ("It’s 35 chairs", "its thirty five chairs"),
        ("1,250 of 90 and 100", "one thousand two hundred fifty of ninety and one hundred"),
        ("10 0 19", "ten zero nineteen"),
        ("0123456789", "0123456789"),
        ("", ""),
    ],
)
def test_words_are_compared_as_they_are_spoken(text: str, expected: str) -> None:
    assert words(text) == expected.split()


@pytest.mark.parametrize(
    ("said", "heard", "expected"),
    [
        ("a b c", "A b, c.", Errors()),
        ("a b c", "a x c", Errors(substituted=1)),
        ("a b c", "a c", Errors(lost=1)),
        ("a b c", "a b b c", Errors(added=1)),
        ("a b", "", Errors(lost=2)),
        ("", "a", Errors(added=1)),
        ("go do you hear", "go to you do you here", Errors(substituted=1, added=2)),
    ],
)
def test_errors_are_told_apart(said: str, heard: str, expected: Errors) -> None:
    assert errors(said, heard) == expected
    assert errors(said, heard).total == sum(expected)


def test_a_difference_is_in_points_of_all_words() -> None:
    assert difference([Judged(100, 5, 3), Judged(100, 1, 2)]) == 0.5
    assert difference([]) == 0.0


def test_the_interval_is_that_of_the_seed_and_holds_the_difference() -> None:
    judged = [Judged(50, ours, 2) for ours in (1, 2, 3, 4, 5, 2, 2, 3)]
    low, high = interval(judged, seed=3)
    assert low < difference(judged) < high
    assert interval(judged, seed=3) == (low, high)


def test_clips_that_are_all_alike_leave_no_doubt() -> None:
    assert interval([Judged(100, 3, 1)] * 4, seed=1) == (2.0, 2.0)
