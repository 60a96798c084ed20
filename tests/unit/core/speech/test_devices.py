from __future__ import annotations

import pytest

from parleqd.core.speech.devices import ON_CPU, Computing, missed, ways

ALL = {"float32", "float16", "int8", "int8_float16", "int8_float32"}
OLD = {"float32", "int8", "int8_float32"}


def tried(wanted: Computing, gpus: int, kinds: set[str]) -> list[str]:
    found = ways(wanted, gpus, kinds)
    assert all(way.threads > 0 for way in found)
    return [f"{way.device} {way.compute_type}" for way in found]


@pytest.mark.parametrize(
    ("device", "gpus", "kinds", "expected"),
    [
        ("auto", 0, set(), ["cpu int8"]),
        ("cuda", 0, set(), ["cpu int8"]),
        ("cpu", 1, ALL, ["cpu int8"]),
        ("auto", 1, ALL, ["cuda float16", "cuda int8_float16", "cuda float32", "cpu int8"]),
        ("cuda", 2, ALL, ["cuda float16", "cuda int8_float16", "cuda float32", "cpu int8"]),
        ("auto", 1, OLD, ["cuda float32", "cpu int8"]),
        ("auto", 1, set(), ["cpu int8"]),
    ],
)
def test_the_best_way_comes_first_and_the_processor_last(
    device: str, gpus: int, kinds: set[str], expected: list[str]
) -> None:
    assert tried(Computing(device), gpus, kinds) == expected


def test_what_was_measured_is_tried_first() -> None:
    assert tried(Computing("cuda", "int8_float16", 2), 1, ALL) == ["cuda int8_float16", "cuda float32", "cpu int8"]
    assert ways(Computing("cpu", "int8", 2), 0, ())[-1].threads == 2


@pytest.mark.parametrize(
    ("wanted", "used", "failure", "told"),
    [
        ("auto", "cpu", "", ""),
        ("cpu", "cpu", "", ""),
        ("auto", "cuda", "", ""),
        ("auto", "cpu", "out of memory", "out of memory"),
        ("cuda", "cpu", "", "CTranslate2 finds none that it can use"),
        ("cuda", "cpu", "out of memory", "out of memory"),
    ],
)
def test_a_gpu_that_is_missed_is_told(wanted: str, used: str, failure: str, told: str) -> None:
    said = missed(Computing(wanted), Computing(used), failure)
    assert said == (f"the speech model computes on the processor, not on a GPU: {told}" if told else "")


def test_the_processor_is_a_way_by_itself() -> None:
    assert ways(ON_CPU, 1, ALL) == [ON_CPU]
