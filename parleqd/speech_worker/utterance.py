"""One utterance in the worker: its audio, and the piece of work that comes next.

Every piece is short (listening to half a minute, or the decode of one window), so that a more urgent utterance never
waits for longer than one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.guesses import SPLIT, Split
from parleqd.core.speech.messages import Event, Final, Level, Open, SpeechStarted
from parleqd.core.speech.segmenting import DEFAULT, Policy
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.composing import Composition, Piece
from parleqd.speech_worker.decodes import Model
from parleqd.speech_worker.ear import Ear, dbfs
from parleqd.speech_worker.samples import Samples

if TYPE_CHECKING:
    from parleqd.speech_worker.resampling import Resampler

_LISTEN_FRAMES = 30 * SAMPLE_RATE // FRAME_SAMPLES
_LEVEL_SAMPLES = SAMPLE_RATE // 10


class Utterance:
    """What the worker knows of one utterance. Its audio is numbered in samples of 16 kHz from its beginning."""

    def __init__(self, opened: Open, model: Model, policy: Policy = DEFAULT, split: Split = SPLIT) -> None:
        start = round(opened.start * SAMPLE_RATE)
        self.opened = opened
        self._samples = Samples(start)
        self._resampler: Resampler | None = None
        self._start = start
        self._heard = start
        self._finished = False
        self._ear = Ear(model.detector())
        self._speech_started = False
        self._level_at = start
        self._composition = Composition(opened, model, self._samples, policy, split)

    def receive(self, pcm: bytes, rate: int = SAMPLE_RATE) -> None:
        """The next frames, at ``rate`` samples a second: the same for the whole utterance."""
        if rate != SAMPLE_RATE and self._resampler is None:
            self._resampler = _resampler(rate)
        self._samples.append(pcm if self._resampler is None else self._resampler.feed(pcm))

    def finish(self, waited_ms: float = 0.0) -> None:
        """No more frames will come. ``waited_ms``: for how long a decode under way has held up this command."""
        if self._resampler is not None:
            self._samples.append(self._resampler.flush())
            self._resampler = None
        self._finished = True
        self._composition.finish(waited_ms)
        self._end_if_all_is_heard()

    @property
    def done(self) -> bool:
        """Is all of its text final?"""
        return self._composition.done

    @property
    def decoding(self) -> bool:
        """Is a segment's decode under way?"""
        return self._composition.decoding

    def next_piece(self) -> Piece | None:
        """What is to be done now; ``None``: wait for more audio."""
        unheard = self._samples.end - self._heard
        if unheard >= FRAME_SAMPLES or (self._finished and unheard):
            return Piece.LISTEN
        return self._composition.next_piece()

    def work(self, piece: Piece) -> list[Event]:
        """Do a piece of work; what is to be said of it."""
        if piece is Piece.LISTEN:
            return self._listen()
        events = self._composition.work(piece)
        return [*events, self._final()] if self.done else events

    # Listening

    def _listen(self) -> list[Event]:
        frames = min((self._samples.end - self._heard) // FRAME_SAMPLES, _LISTEN_FRAMES)
        end = self._heard + frames * FRAME_SAMPLES if frames else self._samples.end
        samples = self._samples.read(self._heard, end)
        rest = -len(samples) % FRAME_SAMPLES  # the last frame of all is filled up with zeros
        heard = self._ear.hear(np.pad(samples, (0, rest)))
        self._heard = end
        self._composition.hear(heard, end, self._ear.peak)
        self._end_if_all_is_heard()
        return [*self._first_voice(), *self._level(samples)]

    def _end_if_all_is_heard(self) -> None:
        if self._finished and self._heard == self._samples.end:
            self._composition.end()

    def _first_voice(self) -> Iterator[Event]:
        first = self._ear.first_voice_s
        if first is not None and not self._speech_started:
            self._speech_started = True
            yield SpeechStarted(self.opened.utterance, at=self._start / SAMPLE_RATE + first)

    def _level(self, samples: NDArray[np.int16]) -> Iterator[Event]:
        if self.opened.urgent and self._heard - self._level_at >= _LEVEL_SAMPLES:
            self._level_at = self._heard
            yield Level(self.opened.utterance, dbfs(samples[-_LEVEL_SAMPLES:]), self._ear.silent_seconds)

    def _final(self) -> Final:
        return Final(
            self.opened.utterance,
            audio_seconds=self._samples.end / SAMPLE_RATE,
            voiced_seconds=self._ear.voiced_seconds,
            peak=self._ear.peak,
            decode_ms=self._composition.decode_ms,
        )


def _resampler(rate: int) -> Resampler:
    from parleqd.speech_worker.resampling import Resampler  # PyAV is large, and hardly ever needed

    return Resampler(rate)
