"""Was a word lost or doubled where two segments meet? Told by alignment with what one decode hears of all of it.

A word that is heard differently is no loss; nor is one that the whole decode alone has heard.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.care import Care
from parleqd.core.speech.languages import Spoken
from parleqd.speech_worker.decodes import Model, Steps
from parleqd.speech_worker.ear import Detector
from tests.e2e.recordings import words

NEAR = 1
"""So many words may lie between it and a join: what is heard otherwise further away is another hearing, as any window
has, and counted by the error rate."""


class Broken(NamedTuple):
    """What went wrong at a join: the words as they should be, and as they are."""

    kind: str
    said: list[str]
    heard: list[str]


class Overheard:
    """A model whose decodes are noted: two texts that one of them gave have no join between them."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._together: set[tuple[str, str]] = set()

    @property
    def thorough(self) -> bool:
        return self._model.thorough

    def detector(self) -> Detector | None:
        return self._model.detector()

    def decode(
        self,
        samples: NDArray[np.int16],
        voiced: Sequence[bool],
        spoken: Spoken,
        hotwords: Sequence[str],
        *,
        care: Care,
    ) -> Steps:
        for texts in self._model.decode(samples, voiced, spoken, hotwords, care=care):
            said = [" ".join(words(text.text)) for text in texts or ()]
            self._together.update(pairwise(said))
            yield texts

    def are_one(self, before: str, after: str) -> bool:
        """Did one decode give them, one behind the other?"""
        return (" ".join(words(before)), " ".join(words(after))) in self._together


def broken_joins(
    segments: Sequence[str],
    whole: str,
    transcript: str,
    *,
    are_one: Callable[[str, str], bool] = lambda before, after: False,
) -> list[Broken]:
    """``segments``: the committed texts; ``whole``: one decode of the same audio; ``transcript``: what was said in it
    and, it may be, before and behind. ``are_one``: is there no join between these two?"""
    ours = [word for segment in segments for word in words(segment)]
    ends = [
        len(words(" ".join(segments[: at + 1])))
        for at, (before, after) in enumerate(pairwise(segments))
        if not are_one(before, after)
    ]
    reference = words(whole)
    true = _in_both(reference, words(transcript))
    found = []
    for tag, i, j, k, m in SequenceMatcher(a=reference, b=ours, autojunk=False).get_opcodes():
        if tag == "equal" or not any(k - NEAR <= end <= m + NEAR for end in ends):
            continue
        said, heard = reference[i:j], ours[k:m]
        if _lost(said, heard) and sum(true[i:j]) > len(heard):
            found.append(Broken("lost", said, heard))
        elif not said and _repeats(ours, k, m) and not _repeats_in(words(transcript), ours[k - len(heard) : m]):
            found.append(Broken("doubled", said, heard))
    return found


def _in_both(reference: list[str], transcript: list[str]) -> list[bool]:
    """Which words of the reference are in the transcript too, in the same order."""
    both = [False] * len(reference)
    for block in SequenceMatcher(a=reference, b=transcript, autojunk=False).get_matching_blocks():
        both[block.a : block.a + block.size] = [True] * block.size
    return both


def _lost(said: list[str], heard: list[str]) -> bool:
    """Fewer words that do not make up for it in letters: "wood cutters" may be one word, "25" two."""
    if any(character.isdigit() for character in "".join(said + heard)):
        return len(heard) == 0
    return len(heard) < len(said) and len("".join(heard)) < 0.75 * len("".join(said))


def _repeats(ours: list[str], start: int, end: int) -> bool:
    """Are these words those before or behind them?"""
    length = end - start
    return ours[start:end] in (ours[start - length : start], ours[end : end + length])


def _repeats_in(transcript: list[str], phrase: list[str]) -> bool:
    """Is it really said so?"""
    return any(transcript[at : at + len(phrase)] == phrase for at in range(len(transcript)))
