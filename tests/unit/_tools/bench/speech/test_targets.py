from __future__ import annotations

import pytest

from parleqd._tools.bench.figures import Figure
from parleqd._tools.bench.speech.accuracy import Errors
from parleqd._tools.bench.speech.comparison import Compared
from parleqd._tools.bench.speech.targets import TARGETS, by_length, lines
from tests.compared import compared


def told(clips: list[Compared], model: str = "tiny.en", release_s: float = 0.05) -> dict[str, Figure]:
    return {figure.what: figure for figure in lines(clips, model, release_s, seed=1)}


@pytest.mark.parametrize(
    ("model", "length", "limit"),
    [
        ("tiny.en", 1, 0.25),
        ("tiny.en", 5, 0.25),
        ("tiny.en", 6, 0.40),
        ("tiny.en", 15, 0.40),
        ("tiny.en", 30, 0.12),
        ("tiny.en", 60, 0.07),
        ("tiny.en", 120, 0.035),
        ("tiny.en", 300, 0.035),
        ("base", 3, 0.30),
        ("base", 120, 0.06),
    ],
)
def test_each_length_has_its_target(model: str, length: float, limit: float) -> None:
    assert TARGETS[model].ratio(length) == limit


def test_the_ratio_is_that_of_the_medians() -> None:
    clips = [compared(30, 100, 1000), compared(30, 110, 1000), compared(30, 900, 1000)]
    figure = told(clips)["release → raw over whole clip, 30 s"]
    assert figure.value == pytest.approx(0.11)
    assert (figure.limit, figure.held) == (0.12, True)
    assert told([compared(30, 130, 1000)])["release → raw over whole clip, 30 s"].held is False


def test_flatness_is_that_of_the_longest_to_a_short_one() -> None:
    assert "flatness: 120 s over 5 s" not in told([compared(5, 100, 500)])
    clips = [compared(5, 100, 500), compared(120, 150, 5000)]
    assert told(clips)["flatness: 120 s over 5 s"].held is False
    assert told(clips, "base")["flatness: 120 s over 5 s"].held is True


def test_a_p95_takes_twenty_long_clips() -> None:
    what = "p95 over median, clips of 30 s and longer"
    long = [compared(60, 100, 3000)] * 18 + [compared(60, 350, 3000)] * 2
    assert what not in told([compared(15, 100, 500)])
    few = told(long[:3])[what]
    assert few.held is None
    assert "too few: 20" in few.detail
    enough = told(long)[what]
    assert (enough.value, enough.held) == (3.5, False)


def test_word_errors_are_told_of_utterances_long_ones_and_adverse_ones() -> None:
    clips = [
        compared(10, 100, 500, errors=Errors(lost=1)),
        compared(60, 100, 3000, theirs=Errors(added=3)),
        compared(60, 100, 3000, way="noisy"),
    ]
    found = told(clips)
    utterances = found["word error rate minus whole clip, up to 15 s"]
    assert (utterances.value, utterances.held) == (5.0, False)
    assert utterances.detail == "20 words, 95 % interval +5.00 to +5.00"
    assert found["word error rate minus whole clip, 30 s and longer"].value == -2.5
    assert found["word error rate minus whole clip, adverse"].held is True


def test_who_releases_late_finds_the_text_there() -> None:
    figures = told([compared(5, 20, 500), compared(60, 40, 3000), compared(60, 25, 3000)], release_s=0.5)
    there = figures["release → raw, the text is there"]
    assert (there.value, there.limit, there.held) == (25, 30, True)
    assert not any("over whole clip" in what for what in figures)


def test_other_models_are_held_to_nothing() -> None:
    clips = [compared(length, 100, 500) for length in (5, 120)] + [compared(60, 1, 9, way="fast")]
    assert all(figure.held is None for figure in told(clips, "small.en").values())


def test_lengths_come_in_their_order() -> None:
    assert [*by_length([compared(30, 1, 2), compared(3, 1, 2), compared(30, 2, 2)])] == [3, 30]
