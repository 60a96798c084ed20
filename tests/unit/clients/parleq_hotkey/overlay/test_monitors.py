from __future__ import annotations

import pytest

from parleq_hotkey.overlay.monitors import Area, listed, place, under

TWO = """Monitors: 2
 0: +*eDP-1 1920/344x1080/194+0+360  eDP-1
 1: +HDMI-1 2560/597x1440/336+1920+0  HDMI-1
"""
LEFT, RIGHT = Area(0, 360, 1920, 1080), Area(1920, 0, 2560, 1440)
SCREEN = Area(0, 0, 4480, 1440)


@pytest.mark.parametrize(
    "answer, areas",
    [
        (TWO, [LEFT, RIGHT]),
        ("Monitors: 1\n 0: +screen 1280/339x800/212+0+0  screen\n", [Area(0, 0, 1280, 800)]),
        (" 0: +DP-1 800/0x600/0-800+0  DP-1", [Area(-800, 0, 800, 600)]),
        ("", []),
        ("Can't open display", []),
    ],
)
def test_monitors_are_read(answer: str, areas: list[Area]) -> None:
    assert listed(answer) == areas


@pytest.mark.parametrize(
    "pointer, area", [((5, 400), LEFT), ((1919, 500), LEFT), ((1920, 500), RIGHT), ((5, 5), SCREEN), ((-1, -1), SCREEN)]
)
def test_the_monitor_with_the_pointer_is_taken(pointer: tuple[int, int], area: Area) -> None:
    assert under(pointer, [LEFT, RIGHT], SCREEN) == area


def test_it_stands_at_the_bottom_in_the_middle() -> None:
    assert place((560, 100), LEFT) == (680, 360 + 1080 - 86 - 100)


def test_it_never_begins_above_the_monitor() -> None:
    assert place((560, 5000), RIGHT) == (2920, 0)
