"""Word errors: of a hypothesis against what was said, and how sure a difference of rates is.

Words are compared without case, punctuation, bracketed remarks and fillers, numbers as words: the parts of Whisper's
English normaliser (appendix C of its paper) that dictation meets, applied to all sides alike.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import NamedTuple

_FILLERS = frozenset({"hmm", "mm", "mhm", "mmm", "uh", "um"})
_WRITTEN_OUT = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "vs": "versus"}
_BELOW_TWENTY = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_RESAMPLED = 2000
_COVERED = 0.95


class Errors(NamedTuple):
    """Words of a hypothesis that are not as they were said, in the alignment with the fewest of them."""

    substituted: int = 0
    lost: int = 0
    added: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.substituted + self.lost + self.added


class Judged(NamedTuple):
    """Two hypotheses of one clip: how many words were said, and the errors of each."""

    words: int
    ours: int
    theirs: int


def words(text: str) -> list[str]:
    """The words of a text as they are compared."""
    plain = re.sub(r"\[[^\]]*\]|\([^)]*\)", " ", text.lower()).replace("’", "'")
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", plain).replace("'", "")
    found = re.findall(r"[a-z]+|\d+", plain)
    return [word for one in found if one not in _FILLERS for word in _spoken(one)]


def errors(reference: str, hypothesis: str) -> Errors:
    """Levenshtein distance over words, told apart by kind."""
    said, heard = words(reference), words(hypothesis)
    row = [(at, 0, 0, at) for at in range(len(heard) + 1)]  # total, substituted, lost, added
    for word in said:
        above, (total, substituted, lost, added) = row, row[0]
        row = [(total + 1, substituted, lost + 1, added)]
        for at, other in enumerate(heard):
            row.append(
                min(
                    _plus(above[at], int(word != other), (1, 0, 0)),
                    _plus(above[at + 1], 1, (0, 1, 0)),
                    _plus(row[at], 1, (0, 0, 1)),
                )
            )
    return Errors(*row[-1][1:])


def difference(judged: Sequence[Judged]) -> float:
    """Word error rate of ours minus theirs, in points."""
    said = sum(clip.words for clip in judged)
    return 100 * sum(clip.ours - clip.theirs for clip in judged) / said if said else 0.0


def interval(judged: Sequence[Judged], seed: int) -> tuple[float, float]:
    """The 95 % percentile interval of the `difference`, clips drawn anew with replacement (Efron's bootstrap)."""
    chance = random.Random(seed)
    drawn = sorted(difference(chance.choices(judged, k=len(judged))) for _ in range(_RESAMPLED))
    outside = round((1 - _COVERED) / 2 * _RESAMPLED)
    return drawn[outside], drawn[-1 - outside]


def _plus(cell: tuple[int, int, int, int], cost: int, kind: tuple[int, int, int]) -> tuple[int, int, int, int]:
    if not cost:
        return cell
    total, substituted, lost, added = cell
    return total + 1, substituted + kind[0], lost + kind[1], added + kind[2]


def _spoken(word: str) -> list[str]:
    if word.isdigit():
        return _number(int(word)) if int(word) < 1_000_000 else [word]
    return [_WRITTEN_OUT.get(word, word)]


def _number(value: int) -> list[str]:
    if value < 20:
        return [_BELOW_TWENTY[value]]
    if value < 100:
        return [_TENS[value // 10 - 2], *(_number(value % 10) if value % 10 else [])]
    size, name = (1000, "thousand") if value >= 1000 else (100, "hundred")
    return [*_number(value // size), name, *(_number(value % size) if value % size else [])]
