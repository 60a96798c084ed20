"""Budgets: from release to the raw text, over whole-clip faster-whisper; a slice of `make bench-speech`."""

from __future__ import annotations

from collections.abc import Sequence

from parleqd._tools.bench.figures import Budget, Figure
from parleqd._tools.bench.speech.clips import ClipMaker
from parleqd._tools.bench.speech.comparison import Compared, comparing
from parleqd._tools.bench.speech.recordings import shared_recordings, utterances
from parleqd._tools.bench.speech.targets import TARGETS, ratio_of_medians
from parleqd.adapters.models.embedded import EMBEDDED

LENGTHS = (5.0, 30.0)
CLIPS = 2
RELEASE_S = 0.05
_SEED = 1
BUDGETS = {
    length: Budget(
        f"release → raw over whole-clip faster-whisper, {length:g} s of speech, p50",
        TARGETS[EMBEDDED.name].ratio(length),
        "×",
    )
    for length in LENGTHS
}


def measure(clips: int = CLIPS) -> list[Figure]:
    """A few clips of two lengths, at the pace of speech, through a daemon of their own."""
    maker = ClipMaker(utterances(shared_recordings()), _SEED, RELEASE_S)
    made = [maker.make(length) for _ in range(clips) for length in LENGTHS]
    with comparing(None, made[0]) as comparison:
        compared = [comparison.compare(clip) for clip in made]
    return figures(compared)


def figures(compared: Sequence[Compared]) -> list[Figure]:
    """What clips of these lengths say."""
    found = []
    for length, budget in BUDGETS.items():
        those = [clip for clip in compared if clip.length == length]
        times = ", ".join(f"{clip.release_to_raw:.0f} of {clip.whole[1].milliseconds:.0f} ms" for clip in those)
        found.append(budget.figure(ratio_of_medians(those), f"{times}; `make bench-speech` measures more"))
    return found
