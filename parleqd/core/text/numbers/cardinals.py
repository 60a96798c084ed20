"""Read a spoken cardinal or ordinal: how number words add up and multiply, by the tables of a language."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from parleqd.core.text.numbers.numerals import Numerals

_WORDY_SCALE = 10**5
"""From here on a number that is a few of one scale keeps its word: 5 million."""


class Number(msgspec.Struct, frozen=True):
    """``words[first:last]`` is ``value``. ``scale``: the word of the last multiplication, where nothing follows it."""

    last: int
    value: int
    is_ordinal: bool = False
    scale: str = ""
    factor: int = 0
    """``value`` as a multiple of ``scale``."""


def read(keys: Sequence[str], at: int, numerals: Numerals) -> Number | None:
    """The longest well-formed number that begins at ``at``. Takes time in proportion to what it reads."""
    if not at or keys[at - 1] not in numerals.range_openers:
        return _read(keys, at, numerals, joined=True)
    whole = _read(keys, at, numerals, joined=True)
    if whole is not None and keys[whole.last] in numerals.joiners:
        other = _read(keys, whole.last + 1, numerals, joined=True)
        if other is not None and other.value > whole.value:
            return whole  # between two thousand and ten and two thousand and fifteen
    return _read(keys, at, numerals, joined=False)


def _read(keys: Sequence[str], at: int, numerals: Numerals, *, joined: bool) -> Number | None:
    """The same; ``joined``: a joiner may stand inside."""
    total, ceiling, index = 0, 0, at
    found: Number | None = None
    while True:
        start = index
        if found is not None and keys[index] in numerals.joiners:
            if not joined:
                return found
            start += 1
        group = _group(keys, start, numerals, opens=found is None, joined=joined)
        if group is None:
            return found
        value, index, is_ordinal = group.value, group.last, group.is_ordinal
        scale = 0
        if not is_ordinal:
            scale = numerals.scales.get(keys[index], 0)
            if not scale and keys[index] in numerals.scale_ordinals:
                scale, is_ordinal = numerals.scale_ordinals[keys[index]], True
        if found is not None and (
            value == 0 or value >= ceiling or scale >= ceiling or keys[index] in numerals.hundreds
        ):
            return found
        total += value * (scale or 1)
        wordy = scale >= _WORDY_SCALE and found is None and not is_ordinal
        name = keys[index] if wordy else ""
        index += 1 if scale else 0
        found = Number(index, total, is_ordinal, name, value if wordy else 0)
        if is_ordinal or scale <= 1 or total == 0:
            return found
        ceiling = scale


def _group(keys: Sequence[str], at: int, numerals: Numerals, *, opens: bool, joined: bool) -> Number | None:
    """A number below a scale: at most three digits, or "ninety nine hundred" with what follows."""
    if keys[at] in numerals.articles and opens:
        behind = keys[at + 1]
        if behind in numerals.scales:
            return Number(at + 1, 1)
        if behind not in numerals.hundreds:
            return None
        small = Number(at + 1, 1)
    elif opens and keys[at] in numerals.bare:
        return Number(at, 1)
    else:
        found = _small(keys, at, numerals)
        if found is None or found.is_ordinal:
            return found
        small = found
    if keys[small.last] not in numerals.hundreds or not 0 < small.value < 100:
        if keys[small.last] in numerals.scale_ordinals and numerals.scale_ordinals[keys[small.last]] == 100:
            return Number(small.last + 1, small.value * 100, is_ordinal=True)
        return small
    hundreds, index = small.value * numerals.hundreds[keys[small.last]], small.last + 1
    start = index
    if keys[start] in numerals.joiners and joined:
        start += 1
    rest = _small(keys, start, numerals)
    if rest is None or not 0 < rest.value < 100 or keys[rest.last] in numerals.hundreds:
        return Number(index, hundreds)
    return Number(rest.last, hundreds + rest.value, rest.is_ordinal)


def _small(keys: Sequence[str], at: int, numerals: Numerals) -> Number | None:
    """The longest phrase of ``numerals.small``, or the ordinal where that is longer."""
    for length in range(numerals.longest, 0, -1):
        phrase = tuple(keys[at : at + length])
        value = numerals.small.get(phrase)
        if value is not None:
            return Number(at + length, value)
        value = numerals.small_ordinals.get(phrase)
        if value is not None:
            return Number(at + length, value, is_ordinal=True)
    return None
