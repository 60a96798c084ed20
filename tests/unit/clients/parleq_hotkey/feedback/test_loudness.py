from __future__ import annotations

import pytest

from parleq_hotkey.feedback.loudness import DUCKED, Ducking, Stream, to_duck, to_restore

MUSIC = Stream(1, "sink-input-by-application-name:Music", "100", (1.0, 0.8))
DOWN = Ducking(1, MUSIC.kind, "100", (1.0, 0.8), (DUCKED, 0.8 * DUCKED))


def now(
    number: int = 1, kind: str = MUSIC.kind, process: str = "100", volumes: tuple[float, ...] = DOWN.after
) -> Stream:
    return Stream(number, kind, process, volumes)


def test_others_are_turned_down_each_channel_by_as_much() -> None:
    assert to_duck([MUSIC], "7", []) == [DOWN]


@pytest.mark.parametrize(
    "stream",
    [
        Stream(2, "", "7", (1.0,)),  # our own
        Stream(1, MUSIC.kind, "100", DOWN.after),  # down already
        Stream(3, "", "", (0.0, 0.0)),  # silent by the user's own choice
    ],
)
def test_what_is_left_alone(stream: Stream) -> None:
    assert to_duck([stream], "7", [DOWN]) == []


@pytest.mark.parametrize(
    ("streams", "restored"),
    [
        ([now()], [(1, DOWN.before)]),
        ([now(volumes=(0.302, 0.238))], [(1, DOWN.before)]),  # as the server rounds
        ([now(volumes=(0.5, 0.5))], []),  # the user turned it up meanwhile
        ([now(volumes=(0.3,))], []),
        ([], []),
        ([now(process="101")], []),  # another program's stream got the number
        ([now(number=5)], [(5, DOWN.before)]),  # the next song, at the volume of the last one
        ([now(number=5, volumes=(1.0, 0.8))], []),
        ([now(number=5, kind="other")], []),
        ([now(), now(number=5)], [(1, DOWN.before)]),
    ],
)
def test_only_what_is_as_it_was_left_is_turned_up(
    streams: list[Stream], restored: list[tuple[int, tuple[float, ...]]]
) -> None:
    assert to_restore(streams, [DOWN]) == restored


def test_it_survives_its_own_writing_and_nothing_else_does() -> None:
    assert Ducking.of(DOWN.as_change()) == DOWN
    for change in ({}, {**DOWN.as_change(), "before": 1}, {**DOWN.as_change(), "number": "x"}):
        assert Ducking.of(change) is None
