"""Ways of speaking that are harder on a recogniser that decodes in pieces, made from ordinary recordings.

hesitant    pauses within sentences are stretched to 0.5–1.2 s: it is easily cut there
continuous  next to no pause between sentences (at most 60 ms): there is no good place to cut
fast        1.5 times as fast, at the same pitch (FFmpeg's atempo)
noisy       room noise at a signal-to-noise ratio of 20 dB
"""

from __future__ import annotations

import random
from typing import NamedTuple

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.filter import Graph

from parleqd._tools.bench.speech.voiced import Samples, pauses, silence
from parleqd.protocol.names import SAMPLE_RATE

LENGTH_S = 60.0
_STRETCHED_S = (0.5, 1.2)
_STRETCHED_SHARE = 0.6
_TEMPO = 1.5
_NOISE_DB = -20.0
_MUFFLED = 8
"""Samples of the moving average that takes the hiss out of the noise, as a room does."""


class Way(NamedTuple):
    """How it is spoken. ``pauses_s``: between utterances; ``tempo``: of the recording."""

    name: str
    pauses_s: tuple[float, float]
    stretched: bool = False
    tempo: float = 1.0
    noisy: bool = False

    def utterance(self, samples: Samples, chance: random.Random, noise: np.random.Generator) -> Samples:
        """What becomes of one utterance."""
        return stretch(samples, chance, noise) if self.stretched else samples

    def whole(self, samples: Samples, noise: np.random.Generator) -> Samples:
        """What becomes of a whole clip."""
        samples = faster(samples, self.tempo) if self.tempo != 1.0 else samples
        return with_noise(samples, noise) if self.noisy else samples


WAYS = (
    Way("hesitant", (0.3, 1.2), stretched=True),
    Way("continuous", (0.0, 0.06)),
    Way("fast", (0.1, 0.4), tempo=_TEMPO),
    Way("noisy", (0.2, 0.8), noisy=True),
)


def stretch(samples: Samples, chance: random.Random, noise: np.random.Generator) -> Samples:
    """Six of ten pauses are made longer."""
    parts, last = [], 0
    for middle in pauses(samples):
        if chance.random() < _STRETCHED_SHARE:
            parts += [samples[last:middle], silence(round(chance.uniform(*_STRETCHED_S) * SAMPLE_RATE), noise)]
            last = middle
    return np.concatenate([*parts, samples[last:]])


def faster(samples: Samples, tempo: float) -> Samples:
    """The same words ``tempo`` times as fast."""
    graph = Graph()
    source = graph.add_abuffer(sample_rate=SAMPLE_RATE, format="s16", layout="mono")
    change, sink = graph.add("atempo", str(tempo)), graph.add("abuffersink")
    source.link_to(change)
    change.link_to(sink)
    graph.configure()
    frame = AudioFrame(format="s16", layout="mono", samples=len(samples))
    frame.planes[0].update(samples.tobytes())
    frame.sample_rate = SAMPLE_RATE
    source.push(frame)
    source.push(None)
    parts: list[Samples] = []
    while True:
        try:
            pulled = sink.pull()
        except (av.error.EOFError, av.error.BlockingIOError):
            return np.concatenate(parts)
        assert isinstance(pulled, AudioFrame)
        parts.append(pulled.to_ndarray().reshape(-1).astype(np.int16))


def with_noise(samples: Samples, noise: np.random.Generator) -> Samples:
    """The same with noise behind it, 20 dB below its RMS."""
    room = np.convolve(noise.standard_normal(len(samples)), np.ones(_MUFFLED) / _MUFFLED, mode="same")
    loudness = np.sqrt(np.mean(samples.astype(np.float64) ** 2))
    room *= loudness * 10 ** (_NOISE_DB / 20) / np.std(room)
    return np.clip(samples + room, -32768, 32767).astype(np.int16)
