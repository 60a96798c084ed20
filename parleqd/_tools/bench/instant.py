"""Budget: Instant cleanup of a hundred words."""

from __future__ import annotations

from statistics import median
from time import perf_counter

from parleqd._tools.bench.figures import Budget, Figure, percentile
from parleqd.core.text import instant

BUDGET = Budget("Instant cleanup of 100 words, p95", 2, "ms")
WORDS = 100
ROUNDS = 20
_SPOKEN = """
um so the the plan for thursday is uh that we meet at noon comma have a short look at the draft and then I
mean only if nobody objects you know send it out period new paragraph the numbers for may are in and they they
look better than than anybody thought question mark well I for one am am glad and uh I would like to thank
everybody who stayed late to check them twice full stop
""".split()


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Texts of a hundred words, each beginning at another word; each counts with the median of its rounds."""
    texts = [_text(start) for start in range(len(_SPOKEN))]
    took = [[_time(text) for text in texts] for _ in range(rounds)]
    of_texts = [median(times) for times in zip(*took, strict=True)]
    slowest = max(max(times) for times in took)
    detail = f"{len(texts)} texts, median of {rounds} each; slowest of all {slowest:.1f} ms"
    return [BUDGET.figure(percentile(of_texts, 0.95), detail)]


def _text(start: int) -> str:
    return " ".join(_SPOKEN[(start + at) % len(_SPOKEN)] for at in range(WORDS))


def _time(text: str) -> float:
    began = perf_counter()
    instant.clean(text)
    return (perf_counter() - began) * 1000
