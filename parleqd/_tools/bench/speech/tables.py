"""The comparison as two tables, in Markdown that reads well in a terminal too."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from parleqd._tools.bench.figures import percentile
from parleqd._tools.bench.speech.accuracy import Errors, difference, interval
from parleqd._tools.bench.speech.comparison import BEAMS, Compared
from parleqd._tools.bench.speech.targets import by_length, judged, ratio_of_medians

_UNKNOWN = "–"
_RULE = 3
"""Characters: what Markdown needs below a heading."""


class Row(NamedTuple):
    """The clips of one length, or spoken in one way. Times in seconds, rates in percent, memory in MB."""

    name: str
    clips: int
    audio_seconds: float
    whole: dict[int, float]
    ours: float
    p95: float
    at_client: float
    ratio: float
    ratio_of_clips: float
    words: int
    rate: float
    whole_rate: dict[int, float]
    difference: float
    interval: tuple[float, float]
    lost: int
    added: int
    whole_lost: int
    whole_added: int
    busy: float | None
    worker_mb: float | None
    whole_mb: float | None


def rows(compared: Sequence[Compared], seed: int) -> list[Row]:
    """One for each length, then one for each way of speaking."""
    ordinary = by_length([clip for clip in compared if not clip.way])
    found = [_row(f"{length:g} s", clips, seed) for length, clips in ordinary.items()]
    for way in dict.fromkeys(clip.way for clip in compared if clip.way):
        clips = [clip for clip in compared if clip.way == way]
        found.append(_row(f"{way}, {clips[0].length:g} s", clips, seed))
    return found


def tables(found: Sequence[Row]) -> str:
    """Both, one below the other."""
    return f"{_aligned([_TIME_HEAD, *map(_time, found)])}\n\n{_aligned([_COST_HEAD, *map(_cost, found)])}"


def _row(name: str, clips: Sequence[Compared], seed: int) -> Row:
    took = [clip.release_to_raw / 1000 for clip in clips]
    said = sum(clip.words for clip in clips)
    ours = _sum([clip.errors for clip in clips])
    whole = {beam: _sum([clip.whole[beam].errors for clip in clips]) for beam in BEAMS}
    seconds = sum(clip.seconds for clip in clips)
    cpu = [clip.cpu_seconds for clip in clips if clip.cpu_seconds is not None]
    return Row(
        name=name,
        clips=len(clips),
        audio_seconds=median(clip.seconds for clip in clips),
        whole={beam: median(clip.whole[beam].milliseconds for clip in clips) / 1000 for beam in BEAMS},
        ours=median(took),
        p95=percentile(took, 0.95),
        at_client=median(clip.at_client for clip in clips) / 1000,
        ratio=ratio_of_medians(clips),
        ratio_of_clips=median(clip.ratio for clip in clips),
        words=said,
        rate=100 * ours.total / max(1, said),
        whole_rate={beam: 100 * errors.total / max(1, said) for beam, errors in whole.items()},
        difference=difference(judged(clips)),
        interval=interval(judged(clips), seed),
        lost=ours.lost,
        added=ours.added,
        whole_lost=whole[1].lost,
        whole_added=whole[1].added,
        busy=100 * sum(cpu) / seconds if len(cpu) == len(clips) else None,
        worker_mb=max((clip.worker_mb for clip in clips if clip.worker_mb is not None), default=None),
        whole_mb=max((clip.whole_mb for clip in clips if clip.whole_mb is not None), default=None),
    )


def _sum(errors: Sequence[Errors]) -> Errors:
    return Errors(*map(sum, zip(*errors, strict=True)))


_TIME_HEAD = ["clip", "n", "audio", "whole, beam 1", "beam 5", "parleqd", "p95", "at the client", "ratio", "by clip"]


def _time(row: Row) -> list[str]:
    times = [*row.whole.values(), row.ours, row.p95, row.at_client]
    ratios = [f"{ratio:.3f}" for ratio in (row.ratio, row.ratio_of_clips)]
    return [row.name, str(row.clips), f"{row.audio_seconds:.1f} s", *(f"{time:.2f} s" for time in times), *ratios]


_COST_HEAD = [
    "clip", "words", "errors: whole, beam 1", "beam 5", "parleqd", "difference (95 %)", "lost, added", "whole's",
    "worker busy", "memory", "whole's",
]  # fmt: skip


def _cost(row: Row) -> list[str]:
    low, high = row.interval
    return [
        row.name,
        str(row.words),
        *(f"{rate:.1f} %" for rate in (*row.whole_rate.values(), row.rate)),
        f"{row.difference:+.1f} ({low:+.1f} … {high:+.1f})",
        f"{row.lost}, {row.added}",
        f"{row.whole_lost}, {row.whole_added}",
        _known(row.busy, "%"),
        _known(row.worker_mb, "MB"),
        _known(row.whole_mb, "MB"),
    ]


def _known(value: float | None, unit: str) -> str:
    return _UNKNOWN if value is None else f"{value:.0f} {unit}"


def _aligned(cells: Sequence[Sequence[str]]) -> str:
    widths = [max(_RULE, *map(len, column)) for column in zip(*cells, strict=True)]
    rule = [f"{'-' * (width - 1)}:" if at else "-" * width for at, width in enumerate(widths)]
    return "\n".join(_line(line, widths) for line in (cells[0], rule, *cells[1:]))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if at else cell.ljust(width)
        for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"
