"""The worker's rules without the waiting: a dictation on a virtual clock, several times as fast as it is spoken.

Decodes are real, and what they take is reckoned, not measured: the same clips come to the same texts and times however
busy the machine is. So rules can be compared with each other; whether they hold is for `comparison` to say.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from parleqd._tools.bench.bare_whisper import DEFAULT_THREADS, BareWhisper, bare_whisper
from parleqd._tools.bench.speech.accuracy import errors, words
from parleqd._tools.bench.speech.clips import Clip
from parleqd._tools.bench.speech.comparison import Compared, model_folder, model_name, whole
from parleqd._tools.bench.speech.ours import CHUNK_S
from parleqd.adapters.models.embedded import EMBEDDED
from parleqd.core.speech.decoded import Decoded
from parleqd.core.speech.guesses import SPLIT, Split
from parleqd.core.speech.languages import Spoken
from parleqd.core.speech.messages import Open, Segment
from parleqd.core.speech.segmenting import DEFAULT, Policy
from parleqd.core.speech.windows import WHOLE_S, Window
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.model import SpeechModel
from parleqd.speech_worker.utterance import Utterance
from parleqd.speech_worker.window import WindowDecoder, ended

_CHUNK = int(SAMPLE_RATE * CHUNK_S)
_STEP_S = 0.01
_TOKENS_A_WORD, _TOKENS_A_PIECE, _TOKENS_BESIDE = 1.35, 2, 3


class Pace(NamedTuple):
    """The seconds of a decode: of each, of a second of its window, and of a token; ``beams``: of those with several
    hypotheses as much longer."""

    each: float
    window: float
    token: float
    beams: float = 1.3


_BASE = Pace(0.012, 0.0125, 0.0095)
PACES = {"tiny.en": Pace(0.008, 0.005, 0.0043), "base": _BASE, "base.en": _BASE}
"""Measured on one core of an AMD EPYC; what is not known is reckoned as the last."""


class Clock:
    """Seconds since the dictation began."""

    now = 0.0


class SimulatedModel(SpeechModel):
    """The model of a folder, whose decodes take what its ``pace`` says, on a virtual clock."""

    def __init__(self, folder: Path, clock: Clock, pace: Pace) -> None:
        super().__init__(folder)
        self.thorough = True
        self._quick = _Reckoned(self._quick, clock, pace, beams=1.0)
        self._careful = _Reckoned(self._careful, clock, pace, beams=pace.beams)


class _Reckoned(WindowDecoder):
    def __init__(self, decoder: WindowDecoder, clock: Clock, pace: Pace, beams: float) -> None:
        self._decoder = decoder
        self._clock = clock
        self._pace = pace
        self._beams = beams

    def decode(
        self, samples: NDArray[np.int16], spoken: Spoken, hotwords: Sequence[str] = (), window: Window = Window.FITTING
    ) -> Generator[None, None, Decoded]:
        """The same, in as many steps as it would take."""
        decoded = ended(self._decoder.decode(samples, spoken, hotwords, window))
        window_s = window.seconds(min(len(samples) / SAMPLE_RATE, WHOLE_S))
        done = self._clock.now + self._takes_s(decoded, window_s)
        while (left := done - self._clock.now) > _STEP_S:
            self._clock.now += _STEP_S
            yield
        self._clock.now += max(0.0, left)
        return decoded

    def _takes_s(self, decoded: Decoded, window_s: float) -> float:
        pieces = decoded.pieces
        tokens = _TOKENS_BESIDE + _TOKENS_A_WORD * len(decoded.text.split()) + _TOKENS_A_PIECE * len(pieces)
        return self._pace.each + self._pace.window * window_s + self._pace.token * self._beams * tokens


def dictate(
    clip: Clip, model: SimulatedModel, clock: Clock, policy: Policy = DEFAULT, split: Split = SPLIT
) -> tuple[str, float]:
    """The raw text of a clip, and the seconds from its release until that is there."""
    utterance = Utterance(Open("simulated", urgent=True), model, policy, split)
    said: list[str] = []
    clock.now, length, heard, finished = 0.0, len(clip.samples), 0, False
    while not utterance.done:
        until = min(length, int(clock.now / CHUNK_S + 0.5) * _CHUNK)
        if until > heard:
            utterance.receive(clip.samples[heard:until].tobytes())
            heard = until
        if heard == length and not finished:
            utterance.finish()
            finished = True
        piece = utterance.next_piece()
        if piece is None:
            clock.now = heard / SAMPLE_RATE + CHUNK_S
        else:
            said += [event.text for event in utterance.work(piece) if isinstance(event, Segment)]
    return " ".join(filter(None, said)), max(0.0, clock.now - length / SAMPLE_RATE)


class Simulation:
    """As `comparison.Comparison`, without a daemon."""

    def __init__(self, model: str, bare: BareWhisper, folder: Path, threads: int, scratch: Path) -> None:
        self.model = model
        self.threads = threads
        self._clock = Clock()
        self._simulated = SimulatedModel(folder, self._clock, PACES.get(model, _BASE))
        self._bare = bare
        self._scratch = scratch

    def compare(self, clip: Clip) -> Compared:
        """The clip through ours, on the virtual clock, then through theirs with each beam. Raises ``EOFError``."""
        heard, latency_s = dictate(clip, self._simulated, self._clock)
        return Compared(
            clip.way,
            clip.length,
            clip.seconds,
            len(words(clip.text)),
            latency_s * 1000,
            latency_s * 1000,
            errors(clip.text, heard),
            clip.text,
            heard,
            whole(self._bare, clip, self._scratch),
            cpu_seconds=None,
            worker_mb=None,
            whole_mb=None,
        )


@contextmanager
def simulating(model: str | None) -> Iterator[Simulation]:
    """With the model of a name or folder (``None``: the embedded one).

    Raises ``ParleqError`` for one that is not there, ``EOFError`` where it cannot be loaded.
    """
    folder = model_folder(model or EMBEDDED.name)
    with TemporaryDirectory() as scratch, bare_whisper(folder, DEFAULT_THREADS) as bare:
        yield Simulation(model_name(Path(folder)), bare, Path(folder), DEFAULT_THREADS, Path(scratch))
