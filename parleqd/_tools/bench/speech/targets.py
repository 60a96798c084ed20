"""What the times from release to the raw text are held to, by model, and which lines say so.

All ratios are to faster-whisper on the whole clip with beam 1 and the same model, in the same run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from statistics import median
from typing import NamedTuple

from parleqd._tools.bench.figures import Figure, percentile
from parleqd._tools.bench.speech.accuracy import Judged, difference, interval
from parleqd._tools.bench.speech.comparison import Compared

LONG_S = 30.0
"""From here on a clip counts as a long one."""
ENOUGH_LONG_CLIPS = 20
"""A p95 of fewer says little."""
LATE_S = 0.5
"""Who releases so long after the last word is to find the text there."""
_THERE_MS = 30
_SPREAD = 3.0
_POINTS = 0.3
_SHORT_S, _LONGEST_S = 5.0, 120.0


class Targets(NamedTuple):
    """``ratios``: of the medians, for clips up to so many seconds. ``flatness``: of 120 s to 5 s."""

    ratios: tuple[tuple[float, float], ...]
    flatness: float

    def ratio(self, length: float) -> float:
        """The ratio for a clip of this length."""
        return next((limit for longest, limit in self.ratios if length <= longest), self.ratios[-1][1])


_TINY = Targets(((5, 0.25), (15, 0.40), (30, 0.12), (60, 0.07), (120, 0.035)), flatness=1.3)
_BASE = Targets(((5, 0.30), (15, 0.40), (30, 0.12), (60, 0.07), (120, 0.06)), flatness=2)
TARGETS = {"tiny.en": _TINY, "tiny": _TINY, "base.en": _BASE, "base": _BASE}


def lines(compared: Sequence[Compared], model: str, release_s: float, seed: int) -> Iterator[Figure]:
    """Every line that these clips can say something about; without a target where the model has none."""
    targets = TARGETS.get(model)
    ordinary = [clip for clip in compared if not clip.way]
    if release_s >= LATE_S:
        yield from _there(ordinary)
    else:
        yield from _ratios(ordinary, targets)
        yield from _flatness(ordinary, targets)
        yield from _spread([clip for clip in ordinary if clip.length >= LONG_S], targets)
    groups = {
        f"up to {LONG_S / 2:g} s": [clip for clip in ordinary if clip.length < LONG_S],
        f"{LONG_S:g} s and longer": [clip for clip in ordinary if clip.length >= LONG_S],
        "adverse": [clip for clip in compared if clip.way],
    }
    for name, clips in groups.items():
        yield from _accuracy(name, clips, targets, seed)


def by_length(clips: Sequence[Compared]) -> dict[float, list[Compared]]:
    """The clips of each length, the shortest first."""
    ordered = sorted(clips, key=lambda clip: clip.length)
    return {length: list(those) for length, those in groupby(ordered, key=lambda clip: clip.length)}


def ratio_of_medians(clips: Sequence[Compared]) -> float:
    """Of the median from release to raw, to the median of whole clips with beam 1."""
    return median(clip.release_to_raw for clip in clips) / median(clip.whole[1].milliseconds for clip in clips)


def judged(clips: Sequence[Compared], beam: int = 1) -> list[Judged]:
    """Their words and errors, against whole clips."""
    return [Judged(clip.words, clip.errors.total, clip.whole[beam].errors.total) for clip in clips]


def _there(clips: Sequence[Compared]) -> Iterator[Figure]:
    if clips:
        took = [clip.release_to_raw for clip in clips]
        detail = f"{len(clips)} clips, p95 {percentile(took, 0.95):.0f} ms"
        yield Figure("release → raw, the text is there", median(took), "ms", detail, _THERE_MS)


def _ratios(clips: Sequence[Compared], targets: Targets | None) -> Iterator[Figure]:
    for length, those in by_length(clips).items():
        detail = f"{len(those)} clips, median of their own ratios {median(clip.ratio for clip in those):.3f}"
        limit = None if targets is None else targets.ratio(length)
        yield Figure(f"release → raw over whole clip, {length:g} s", ratio_of_medians(those), "×", detail, limit)


def _flatness(clips: Sequence[Compared], targets: Targets | None) -> Iterator[Figure]:
    medians = {length: median(clip.release_to_raw for clip in those) for length, those in by_length(clips).items()}
    if _SHORT_S in medians and _LONGEST_S in medians:
        value = medians[_LONGEST_S] / medians[_SHORT_S]
        detail = f"medians {medians[_LONGEST_S]:.0f} ms and {medians[_SHORT_S]:.0f} ms"
        yield Figure("flatness: 120 s over 5 s", value, "×", detail, None if targets is None else targets.flatness)


def _spread(clips: Sequence[Compared], targets: Targets | None) -> Iterator[Figure]:
    if clips:
        took = [clip.release_to_raw for clip in clips]
        enough = len(clips) >= ENOUGH_LONG_CLIPS
        detail = f"{len(clips)} clips{'' if enough else f', too few: {ENOUGH_LONG_CLIPS} make a p95'}"
        value = percentile(took, 0.95) / median(took)
        limit = _SPREAD if enough and targets is not None else None
        yield Figure(f"p95 over median, clips of {LONG_S:g} s and longer", value, "×", detail, limit)


def _accuracy(name: str, clips: Sequence[Compared], targets: Targets | None, seed: int) -> Iterator[Figure]:
    if clips:
        pairs = judged(clips)
        low, high = interval(pairs, seed)
        detail = f"{sum(clip.words for clip in clips)} words, 95 % interval {low:+.2f} to {high:+.2f}"
        limit = None if targets is None else _POINTS
        yield Figure(f"word error rate minus whole clip, {name}", difference(pairs), "points", detail, limit)
