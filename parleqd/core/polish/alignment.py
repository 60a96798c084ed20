"""Two texts laid side by side: which words they share, in their order, and what stands between those.

A longest common subsequence by Hunt and Szymanski's algorithm ("A fast algorithm for computing longest common
subsequences", 1977), run from the end: of a phrase said twice, the later one is the one that was kept.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

_NEAREST = 16
"""Occurrences of a word that it is matched with at most, those nearest to where it should be: keeps the time linear."""


class Gap(NamedTuple):
    """What stands between two shared words: ``lost`` of the text said, ``new`` in the text given, as indices."""

    lost: range
    new: range


def shared(said: Sequence[str], given: Sequence[str]) -> list[tuple[int, int]]:
    """The words both texts have in the same order: their indices in each, both ascending."""
    tail = 0
    while tail < min(len(said), len(given)) and said[-1 - tail] == given[-1 - tail]:
        tail += 1
    head_said, head_given = said[: len(said) - tail], given[: len(given) - tail]
    pairs = _subsequence(head_said[::-1], head_given[::-1])
    turned = [(len(head_said) - 1 - i, len(head_given) - 1 - j) for i, j in pairs]
    return turned[::-1] + [(len(head_said) + k, len(head_given) + k) for k in range(tail)]


def gaps(pairs: Sequence[tuple[int, int]], said: int, given: int) -> list[Gap]:
    """What is between, before and after the shared words of texts so long; empty ones left out."""
    found = []
    i = j = 0
    for next_i, next_j in (*pairs, (said, given)):
        if next_i > i or next_j > j:
            found.append(Gap(range(i, next_i), range(j, next_j)))
        i, j = next_i + 1, next_j + 1
    return found


def _subsequence(said: Sequence[str], given: Sequence[str]) -> list[tuple[int, int]]:
    """As ``shared``, preferring early words of ``said``."""
    places = defaultdict[str, list[int]](list)
    for index, key in enumerate(said):
        places[key].append(index)
    ends: list[int] = []  # ends[k]: where, in ``said``, the best subsequence of k + 1 words ends
    links: list[_Link] = []
    for j, key in enumerate(given):
        for i in _nearest(places.get(key, ()), j * len(said) // len(given)):
            k = bisect_left(ends, i)
            link = _Link(i, j, links[k - 1] if k else None)
            if k == len(ends):
                ends.append(i)
                links.append(link)
            elif i < ends[k]:
                ends[k], links[k] = i, link
    pairs = []
    last = links[-1] if links else None
    while last is not None:
        pairs.append((last.i, last.j))
        last = last.before
    return pairs[::-1]


def _nearest(places: Sequence[int], expected: int) -> Sequence[int]:
    """The places from last to first, so that no word of ``given`` is used twice."""
    if len(places) > _NEAREST:
        begin = max(0, min(bisect_left(places, expected) - _NEAREST // 2, len(places) - _NEAREST))
        places = places[begin : begin + _NEAREST]
    return places[::-1]


class _Link(NamedTuple):
    i: int
    j: int
    before: _Link | None
