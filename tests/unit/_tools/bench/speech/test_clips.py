from __future__ import annotations

import numpy as np
import pytest

from parleqd._tools.bench.speech.adverse import Way
from parleqd._tools.bench.speech.clips import Clip, ClipMaker
from parleqd._tools.bench.speech.recordings import Utterance, demo_utterances
from parleqd.protocol.names import SAMPLE_RATE


def utterance(reader: str, text: str, seconds: float) -> Utterance:
    """Nobody speaks in it: it is only as long as an utterance."""
    return Utterance(reader, text, np.zeros(round(seconds * SAMPLE_RATE), dtype=np.int16))


def lengths(*seconds: float, reader: str = "ann") -> list[Utterance]:
    return [utterance(reader, f"{reader}{number}", length) for number, length in enumerate(seconds)]


def made(utterances: list[Utterance], length: float, count: int = 1, seed: int = 1) -> list[Clip]:
    maker = ClipMaker(utterances, seed, release_s=0.05)
    return [maker.make(length) for _ in range(count)]


@pytest.mark.parametrize("length", [3.0, 10.0, 20.0])
def test_a_clip_is_about_as_long_as_asked(length: float) -> None:
    for clip in made(lengths(1.5, 2.5, 3, 4, 5, 6, 7, 8), length, count=3):
        assert clip.length == length
        assert clip.seconds == pytest.approx(length, rel=0.3, abs=0.5)


def test_it_says_what_one_reader_says_in_the_order_of_its_text() -> None:
    utterances = lengths(3, 3, 3, reader="ann") + lengths(3, 3, 3, reader="bob")
    for clip in made(utterances, 9.0, count=4):
        said = clip.text.split()
        assert len({word[:3] for word in said}) == 1
        assert len(set(said)) == len(said) == 3


def test_clips_of_a_length_differ_while_they_can() -> None:
    said = [clip.text for clip in made(lengths(3, 3, 3, 3, 3), 3.0, count=5)]
    assert sorted(said) == [f"ann{number}" for number in range(5)]


def test_a_reader_who_has_not_said_enough_is_passed_over_unless_all_are_so() -> None:
    utterances = lengths(3, 3, reader="ann") + lengths(5, 5, 5, 5, reader="bob")
    assert all("ann" not in clip.text for clip in made(utterances, 20.0, count=4))
    (long,) = made(utterances, 60.0)
    assert long.text.count("bob0") >= 2
    assert long.seconds == pytest.approx(60, abs=5)


def test_the_seed_decides() -> None:
    utterances = lengths(1, 2, 3, 4, 5, 6)
    first, again, other = (made(utterances, 12.0, count=3, seed=seed) for seed in (1, 1, 2))
    assert [clip.text for clip in first] == [clip.text for clip in again]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(first, again, strict=True))
    assert [clip.text for clip in first] != [clip.text for clip in other]


def test_a_way_of_speaking_is_applied() -> None:
    quick = Way("quick", (0.0, 0.0), tempo=2.0)
    clip = ClipMaker(demo_utterances(), 1, release_s=0.05).make(5.0, quick)
    assert clip.way == "quick"
    assert clip.seconds == pytest.approx(5.0, abs=1.5)
    assert len(clip.text.split()) > 14  # ten seconds' worth
