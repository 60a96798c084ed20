"""Budgets: Instant cleanup of a hundred words, of ten thousand, and how its time grows with the text."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter, process_time

from parleqd._tools.bench.figures import Budget, Figure, percentile
from parleqd.core.text import instant

BUDGET = Budget("Instant cleanup of 100 words, p95", 2, "ms")
LONG = Budget("Instant cleanup of 10,000 words", 200, "ms")
GROWTH = Budget("Instant, time a word in 10,000 words beside 1,000", 2, "×")
WORDS = 100
ROUNDS = 20
_SPOKEN = """
um so the the plan for thursday is uh that we meet at noon comma have a short look at the draft and then I
mean only if nobody objects you know send it out period new paragraph the numbers for may are in and they they
look better than than anybody thought question mark well I for one am am glad and uh I would like to thank
everybody who stayed late to check them twice full stop
""".split()


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Texts of a hundred words, each beginning at another word; each counts with the median of its rounds.

    A long text counts with the best of a few rounds, in processor time: what else the machine does only adds to it.
    """
    texts = [_text(start, WORDS) for start in range(len(_SPOKEN))]
    took = [[_time(text) for text in texts] for _ in range(rounds)]
    of_texts = [median(times) for times in zip(*took, strict=True)]
    slowest = max(max(times) for times in took)
    detail = f"{len(texts)} texts, median of {rounds} each; slowest of all {slowest:.1f} ms"
    few = range(max(rounds // 4, 1))
    some, many = (min(_time(_text(0, words), process_time) for _ in few) for words in (1000, 10_000))
    hundred = min(_time(texts[0], process_time) for _ in few)
    each = f"{some:.1f} µs a word in 1,000 words, {many / 10:.1f} µs in 10,000"
    return [
        BUDGET.figure(percentile(of_texts, 0.95), detail),
        Figure("Instant cleanup, a word", 1000 * hundred / WORDS, "µs", f"of {WORDS}; {each}"),
        LONG.figure(many, f"processor time, best of {len(few)}"),
        GROWTH.figure(many / some / 10, "1 is linear"),
    ]


def _text(start: int, words: int) -> str:
    return " ".join(_SPOKEN[(start + at) % len(_SPOKEN)] for at in range(words))


def _time(text: str, clock: Callable[[], float] = perf_counter) -> float:
    began = clock()
    instant.clean(text)
    return (clock() - began) * 1000
