"""Clips of given lengths, put together from the utterances of one reader with pauses between them.

Everything is drawn from one seed: the same recordings and seed give the same clips.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from parleqd._tools.bench.speech.adverse import Way
from parleqd._tools.bench.speech.recordings import Utterance
from parleqd._tools.bench.speech.voiced import Samples, released, silence
from parleqd.protocol.names import SAMPLE_RATE

LENGTHS = (3.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0)
PAUSES_S = (0.2, 0.8)
_TRIES = 60
_NEAR, _FAR = 0.1, 0.3
"""A clip is near enough to its length within this share of it, and too far beyond the other."""
_ENOUGH = 0.9
"""A reader speaks in clips that need no more than about what there is of them; nobody is to say things twice."""


class Clip(NamedTuple):
    """Speech that ends with its release. ``way`` is "" for an ordinary one; ``length``: as asked, in seconds."""

    way: str
    length: float
    text: str
    samples: Samples

    @property
    def seconds(self) -> float:
        """How long it really is."""
        return len(self.samples) / SAMPLE_RATE


class ClipMaker:
    """Makes clips out of ``utterances``; each ends ``release_s`` seconds after its last voiced frame."""

    def __init__(self, utterances: Sequence[Utterance], seed: int, release_s: float) -> None:
        self._readers: dict[str, list[Utterance]] = {}
        for utterance in utterances:
            self._readers.setdefault(utterance.reader, []).append(utterance)
        self._release_s = release_s
        self._chance = random.Random(seed)
        self._noise = np.random.default_rng(seed)
        self._used: set[tuple[str, ...]] = set()

    def make(self, length: float, way: Way | None = None) -> Clip:
        """A clip of about ``length`` seconds: other utterances, or in another order, than in those before."""
        pauses = PAUSES_S if way is None else way.pauses_s
        said = self._choose(length if way is None else length * way.tempo, sum(pauses) / 2)
        parts = list(self._parts([part.samples for part in said], pauses, way))
        samples = np.concatenate(parts)
        if way is not None:
            samples = way.whole(samples, self._noise)
        text = " ".join(utterance.text for utterance in said)
        name = "" if way is None else way.name
        return Clip(name, length, text, released(samples, self._release_s, self._noise))

    def _parts(self, spoken: Sequence[Samples], pauses: tuple[float, float], way: Way | None) -> Iterator[Samples]:
        for number, samples in enumerate(spoken):
            if number:
                yield silence(round(self._chance.uniform(*pauses) * SAMPLE_RATE), self._noise)
            yield samples if way is None else way.utterance(samples, self._chance, self._noise)

    def _choose(self, length: float, pause_s: float) -> list[Utterance]:
        """Of several drawn: any that is new and near, else the nearest new one unless that is far, else the nearest."""

        def distance(said: list[Utterance]) -> float:
            return abs(_seconds(said, pause_s) - length)

        drawn = sorted((self._draw(length, pause_s) for _ in range(_TRIES)), key=distance)
        fresh = [said for said in drawn if _key(said) not in self._used]
        near = [said for said in fresh if distance(said) <= _NEAR * length]
        not_far = [said for said in fresh if distance(said) <= _FAR * length]
        said = self._chance.choice(near) if near else (not_far or drawn)[0]
        self._used.add(_key(said))
        return said

    def _draw(self, length: float, pause_s: float) -> list[Utterance]:
        """Utterances of one reader in random order, as many as come nearest to the length; all over where short."""
        pool = self._reader(length)
        said: list[Utterance] = []
        waiting: list[Utterance] = []
        while True:
            waiting = waiting or self._chance.sample(pool, len(pool))
            with_next = [*said, waiting.pop()]
            if said and length - _seconds(said, pause_s) < _seconds(with_next, pause_s) - length:
                return said
            said = with_next
            if _seconds(said, pause_s) >= length:
                return said

    def _reader(self, length: float) -> list[Utterance]:
        totals = {name: sum(one.seconds for one in said) for name, said in self._readers.items()}
        able = [name for name, total in totals.items() if total >= _ENOUGH * length]
        return self._readers[self._chance.choice(able) if able else max(totals, key=totals.__getitem__)]


def _seconds(said: Sequence[Utterance], pause_s: float) -> float:
    return sum(one.seconds for one in said) + pause_s * max(0, len(said) - 1)


def _key(said: Sequence[Utterance]) -> tuple[str, ...]:
    return tuple(one.text for one in said)
