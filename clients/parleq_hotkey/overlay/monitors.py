"""Where the overlay stands: at the bottom, in the middle, of the monitor with the pointer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# A line of `xrandr --listmonitors`: " 1: +HDMI-1 2560/597x1440/336+1920+0  HDMI-1", in pixels and millimetres.
_MONITOR = re.compile(r"^\s*\d+: \S+ (\d+)/\d+x(\d+)/\d+([+-]\d+)([+-]\d+)", re.MULTILINE)
_ABOVE_BOTTOM = 0.08  # of the monitor's height: above the panels of most desktops


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the screen, in pixels."""

    x: int
    y: int
    width: int
    height: int


def listed(answer: str) -> list[Area]:
    """The monitors in what ``xrandr --listmonitors`` prints."""
    return [Area(int(x), int(y), int(width), int(height)) for width, height, x, y in _MONITOR.findall(answer)]


def under(pointer: tuple[int, int], monitors: Sequence[Area], screen: Area) -> Area:
    """The monitor with the pointer; the whole screen where that is not known."""
    x, y = pointer
    for area in monitors:
        if area.x <= x < area.x + area.width and area.y <= y < area.y + area.height:
            return area
    return screen


def place(size: tuple[int, int], area: Area) -> tuple[int, int]:
    """Where a window of that width and height has its upper left corner."""
    width, height = size
    y = area.y + area.height - round(area.height * _ABOVE_BOTTOM) - height
    return area.x + (area.width - width) // 2, max(area.y, y)
