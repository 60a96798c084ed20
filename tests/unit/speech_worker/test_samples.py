"""Samples keep their numbers when earlier ones are dropped."""

from __future__ import annotations

from array import array

from parleqd.speech_worker.samples import Samples


def numbered(start: int, end: int) -> bytes:
    return array("h", range(start, end)).tobytes()


def test_samples_are_read_by_number() -> None:
    samples = Samples(start=0)
    samples.append(numbered(0, 10))
    samples.append(numbered(10, 15))
    assert samples.end == 15
    assert samples.read(8, 12).tolist() == [8, 9, 10, 11]


def test_dropped_ones_are_gone_and_the_others_stay_where_they_were() -> None:
    samples = Samples(start=100)
    samples.append(numbered(100, 120))
    samples.drop(before=110)
    samples.drop(before=105)
    samples.append(numbered(120, 125))
    assert samples.end == 125
    assert samples.read(110, 125).tolist() == list(range(110, 125))


def test_reading_keeps_nothing_from_growing() -> None:
    samples = Samples(start=0)
    samples.append(numbered(0, 4))
    held = samples.read(0, 4)
    samples.append(numbered(4, 8))
    assert held.tolist() == [0, 1, 2, 3]
