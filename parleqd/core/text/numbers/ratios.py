"""Read a blood pressure said as people say it: "one twenty over eighty" is 120 over 80. English."""

from __future__ import annotations

from parleqd.core.text.numbers import amounts
from parleqd.core.text.numbers.phrase import Phrase, Reading

_SYSTOLIC = range(70, 261)
_DIASTOLIC = range(30, 161)


def read(phrase: Phrase, at: int) -> Reading | None:
    """The two numbers that "over" parts, the first of them said in two halves."""
    upper = amounts.shortened(phrase, at)
    if upper is None or phrase.keys[upper.last] != "over":
        return None
    start = upper.last + 1
    lower = amounts.shortened(phrase, start) or amounts.read(phrase, start)
    if lower is None or lower.scale or lower.decimals or lower.is_negative:
        return None
    if upper.value not in _SYSTOLIC or lower.value not in _DIASTOLIC or lower.value >= upper.value:
        return None
    return Reading(at, lower.last, f"{upper.whole} over {lower.whole}")
