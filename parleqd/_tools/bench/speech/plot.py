"""Latency over length as an SVG picture: both axes logarithmic, legible on a light and on a dark page.

Written by hand: four lines and their labels are no reason for a plotting library and the fonts it brings.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from parleqd._tools.bench.speech.tables import Row

WIDTH, HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 190, 46, 52
_STEPS = (1, 2, 5)
_LABEL_GAP = 16
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #57606a }
  .title { font-size: 15px; font-weight: 600 }
  .grid { stroke: #8c959f; stroke-opacity: .3 }
  .line { fill: none; stroke: currentColor; stroke-width: 2.2; stroke-linejoin: round }
  circle { fill: currentColor }
  .p95, .beam5 { stroke-dasharray: 3 4 }
  .ours, .p95 { color: #1a7f37 }
  .beam1, .beam5 { color: #bc4c00 }
  @media (prefers-color-scheme: dark) {
    text { fill: #adbac7 }
    .ours, .p95 { color: #57ab5a }
    .beam1, .beam5 { color: #e0823d }
  }"""

Point = tuple[float, float]


def svg(rows: Sequence[Row], title: str) -> str:
    """The picture of ordinary clips' rows. Raises ``ValueError`` for fewer than two of them."""
    if len(rows) < 2:
        raise ValueError(f"a line needs two lengths, and there are {len(rows)}")
    lines: list[tuple[str, str, list[Point]]] = [
        ("beam5", "faster-whisper, beam 5", [(row.audio_seconds, row.whole[5]) for row in rows]),
        ("beam1", "faster-whisper, beam 1", [(row.audio_seconds, row.whole[1]) for row in rows]),
        ("p95", "parleqd, p95", [(row.audio_seconds, row.p95) for row in rows]),
        ("ours", "parleqd, median", [(row.audio_seconds, row.ours) for row in rows]),
    ]
    across, values = [row.audio_seconds for row in rows], [y for _, _, points in lines for _, y in points]
    x = _scale(min(across), max(across), _LEFT, WIDTH - _RIGHT)
    low, high = _step_below(min(values)), _step_above(max(values))
    y = _scale(low, high, HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{_STYLE}\n</style>",
        f'<text class="title" x="{_LEFT}" y="24">{escape(title)}</text>',
        *(_across(y(value), _seconds(value)) for value in _steps(low, high)),
        *(_mark(x(row.audio_seconds), f"{row.audio_seconds:.0f}") for row in rows),
        f'<text x="{(_LEFT + WIDTH - _RIGHT) / 2:.0f}" y="{HEIGHT - 10}" text-anchor="middle">'
        "length of the dictation, seconds</text>",
        *(_line(name, [(x(across), y(value)) for across, value in points]) for name, _, points in lines),
        *_labels([(y(points[-1][1]), label) for _, label, points in lines]),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """A logarithmic axis: where a value between ``low`` and ``high`` lies between two places of the picture."""
    span = math.log(high / low) or 1.0
    return lambda value: start + (end - start) * math.log(value / low) / span


def _steps(low: float, high: float) -> list[float]:
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    steps = [step * 10.0**exponent for exponent in exponents for step in _STEPS]
    return [step for step in steps if low * 0.999 <= step <= high * 1.001]


def _step_below(value: float) -> float:
    return max(step for step in _steps(value / 10, value) if step <= value * 1.001)


def _step_above(value: float) -> float:
    return min(step for step in _steps(value, value * 10) if step >= value * 0.999)


def _across(at: float, label: str) -> str:
    line = f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{at:.1f}" y2="{at:.1f}"/>'
    return f'{line}<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{label}</text>'


def _mark(at: float, label: str) -> str:
    return f'<text x="{at:.1f}" y="{HEIGHT - _BOTTOM + 20}" text-anchor="middle">{label}</text>'


def _line(name: str, points: Sequence[Point]) -> str:
    dots = "".join(f'<circle class="{name}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in points)
    return f'<polyline class="line {name}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>{dots}'


def _labels(places: Sequence[tuple[float, str]]) -> list[str]:
    """Each at the end of its line, pushed down where it would cover the one above."""
    found, last = [], -math.inf
    for at, label in sorted(places):
        last = max(at, last + _LABEL_GAP)
        found.append(f'<text x="{WIDTH - _RIGHT + 10}" y="{last + 4:.1f}">{escape(label)}</text>')
    return found


def _seconds(value: float) -> str:
    return f"{value:g} s" if value >= 1 else f"{value * 1000:g} ms"
