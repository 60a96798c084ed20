"""An utterance spoken to the worker in virtual time: frames come as audio time passes, work costs what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.messages import Event, Open
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.decodes import Model
from parleqd.speech_worker.utterance import Utterance

CHUNKS = (160, 320, 512, 1600, 8000, 16_000)
"""Samples that may come at once: from a microphone's block to a client's second."""


class Pace(NamedTuple):
    """``chunk`` samples come at once; the worker begins ``late_s`` after the first of them (its model is being loaded),
    and takes up to ``slow_s`` for a piece of work, drawn from ``dice``."""

    dice: Random
    chunk: int = 320
    late_s: float = 0.0
    slow_s: float = 0.0

    @classmethod
    def drawn(cls, dice: Random) -> Pace:
        """Any pace: half of the workers are idle enough, some far too slow, some have to load their model first."""
        late_s = dice.choice((0.0, 0.0, 0.0, dice.uniform(0, 10)))
        return cls(dice, dice.choice(CHUNKS), late_s, dice.choice((0.0, 0.05, 0.3, 2.0)))


def spoken(model: Model, samples: NDArray[np.int16], opened: Open, pace: Pace) -> list[Event]:
    """What the worker says of an utterance of these samples, from its beginning to its ``Final``.

    ``opened.start``: the daemon replays from there, as it does when a worker has died.
    """
    utterance = Utterance(opened, model)
    frames = _frames(samples[round(opened.start * SAMPLE_RATE) :], pace.chunk)
    heard: list[Event] = []
    now, due = pace.late_s, 0.0
    chunk = next(frames, None)
    finished = False
    while not utterance.done:
        while chunk is not None and due <= now:
            utterance.receive(chunk)
            chunk = next(frames, None)
            due += len(chunk or b"") / 2 / SAMPLE_RATE
        if chunk is None and not finished:
            utterance.finish()
            finished = True
        piece = utterance.next_piece()
        if piece is not None:
            heard += utterance.work(piece)
            now += pace.dice.uniform(0, pace.slow_s)
        else:
            assert chunk is not None, "the audio has ended, and there is nothing to do, and it is not done"
            now = max(now, due)
    return heard


def _frames(samples: NDArray[np.int16], chunk: int) -> Iterator[bytes]:
    for start in range(0, len(samples), chunk):
        yield samples[start : start + chunk].tobytes()
