"""One utterance in the worker: its audio, and the piece of work that comes next.

Every piece is short (listening to half a minute, or the decode of one window), so that a more urgent utterance never
waits for longer than one of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.guesses import SPLIT, Guess, Split
from parleqd.core.speech.messages import Event, Final, Level, Open, Partial, Segment, SpeechStarted
from parleqd.core.speech.segmenting import DEFAULT, Block, Policy, Segmenter
from parleqd.core.speech.transcript import TimedText, join
from parleqd.core.speech.verdict import capture_verdict
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE, Verdict
from parleqd.speech_worker.ear import Detector, Ear, dbfs
from parleqd.speech_worker.samples import Samples

if TYPE_CHECKING:
    from parleqd.speech_worker.resampling import Resampler

_LISTEN_FRAMES = 30 * SAMPLE_RATE // FRAME_SAMPLES
_LEVEL_SAMPLES = SAMPLE_RATE // 10
_PARTIAL_SAMPLES = SAMPLE_RATE
"""After so much more has been said, whoever reads along gets a new hypothesis."""

Steps = Iterator[list[TimedText] | None]
"""A decode in progress: ``None`` for each step that is done, and at last the texts."""


class Model(Protocol):
    """What an utterance needs of a speech model."""

    def decode(self, samples: NDArray[np.int16], voiced: Sequence[bool], language: str) -> Steps:
        """The text of a segment."""

    def detector(self) -> Detector | None:
        """A fresh voice detector; ``None``: everything may be speech."""


_OVER = -1


class _Job:
    """A decode under way: of a segment that is over, or (``said_until``) of one that is still open."""

    def __init__(self, block: Block, steps: Steps, said_until: int = _OVER) -> None:
        self.block = block
        self.steps = steps
        self.said_until = said_until

    def is_for(self, block: Block) -> bool:
        """Is it this segment's, or a guess that covers it?"""
        return self.said_until == _OVER or Guess(self.block, self.said_until, ()).covers(block)


class Piece(IntEnum):
    """A piece of work, the most pressing first."""

    LISTEN = 0
    DECODE = 1
    GUESS = 2


class Utterance:
    """What the worker knows of one utterance. Its audio is numbered in samples of 16 kHz from its beginning."""

    def __init__(self, opened: Open, model: Model, policy: Policy = DEFAULT, split: Split = SPLIT) -> None:
        start = round(opened.start * SAMPLE_RATE)
        self.opened = opened
        self.done = False
        self._model = model
        self._policy = policy
        self._split = split
        self._samples = Samples(start)
        self._resampler: Resampler | None = None
        self._start = start
        self._heard = start
        self._finished = False
        self._ended = False
        self._ear = Ear(model.detector())
        self._speech_started = False
        self._level_at = start
        self._segmenter = Segmenter(start, policy)
        self._job: _Job | None = None
        self._guess: Guess | None = None
        self._decode_ms = 0.0

    def receive(self, pcm: bytes, rate: int = SAMPLE_RATE) -> None:
        """The next frames, at ``rate`` samples a second: the same for the whole utterance."""
        if rate != SAMPLE_RATE and self._resampler is None:
            self._resampler = _resampler(rate)
        self._samples.append(pcm if self._resampler is None else self._resampler.feed(pcm))

    def finish(self) -> None:
        """No more frames will come."""
        if self._resampler is not None:
            self._samples.append(self._resampler.flush())
            self._resampler = None
        self._finished = True
        self._end_if_all_is_heard()

    @property
    def decoding(self) -> bool:
        """Is a segment's decode under way?"""
        return self._job is not None and self._job.said_until == _OVER

    def next_piece(self) -> Piece | None:
        """What is to be done now; ``None``: wait for more audio."""
        unheard = self._samples.end - self._heard
        if unheard >= FRAME_SAMPLES or (self._finished and unheard):
            return Piece.LISTEN
        if self._segmenter.ready is not None:
            return Piece.DECODE
        if self._job is not None or self._guess_due():
            return Piece.GUESS
        return None

    def work(self, piece: Piece) -> list[Event]:
        """Do a piece of work; what is to be said of it."""
        match piece:
            case Piece.LISTEN:
                return self._listen()
            case Piece.DECODE:
                return self._decode()
            case Piece.GUESS:
                return self._work_on_guess()

    # Listening

    def _listen(self) -> list[Event]:
        frames = min((self._samples.end - self._heard) // FRAME_SAMPLES, _LISTEN_FRAMES)
        end = self._heard + frames * FRAME_SAMPLES if frames else self._samples.end
        samples = self._samples.read(self._heard, end)
        rest = -len(samples) % FRAME_SAMPLES  # the last frame of all is filled up with zeros
        heard = self._ear.hear(np.pad(samples, (0, rest)))
        self._heard = end
        self._segmenter.hear(heard.voice, heard.voiced)
        self._end_if_all_is_heard()
        return [*self._first_voice(), *self._level(samples)]

    def _end_if_all_is_heard(self) -> None:
        if self._finished and not self._ended and self._heard == self._samples.end:
            self._ended = True
            self._segmenter.rest(self._heard)

    def _first_voice(self) -> Iterator[Event]:
        first = self._ear.first_voice_s
        if first is not None and not self._speech_started:
            self._speech_started = True
            yield SpeechStarted(self.opened.utterance, at=self._start / SAMPLE_RATE + first)

    def _level(self, samples: NDArray[np.int16]) -> Iterator[Event]:
        if self.opened.urgent and self._heard - self._level_at >= _LEVEL_SAMPLES:
            self._level_at = self._heard
            yield Level(self.opened.utterance, dbfs(samples[-_LEVEL_SAMPLES:]), self._ear.silent_seconds)

    # The text

    def _decode(self) -> list[Event]:
        block = self._segmenter.ready
        assert block is not None
        began = time.monotonic()
        if self._job is None or not self._job.is_for(block):
            self._job = self._begin(block)
        self._job.said_until = _OVER
        texts = next(self._job.steps)
        if self._finished:
            self._decode_ms += (time.monotonic() - began) * 1000
        if texts is None:
            return []
        self._job = None
        return self._commit(block, texts)

    def _begin(self, block: Block) -> _Job:
        """The decode of a segment: of all of it, or of what the last guess has not covered."""
        if not self._is_speech(block):
            return _Job(block, iter([[]]))
        guess, begin, known = self._guess, block.speech.start, list[TimedText]()
        if guess is not None and guess.covers(block):
            return _Job(block, iter([list(guess.texts)]))
        if guess is not None and self._finished and (at := guess.usable_until(block, self._split)) is not None:
            known = [text for text in guess.texts if round(text.start * SAMPLE_RATE) < at]
            begin = at
        return _Job(block, self._texts(block, begin, known))

    def _is_speech(self, block: Block) -> bool:
        seconds = (block.end - self._start) / SAMPLE_RATE  # a segment may be short: what was cut off goes before it
        return capture_verdict(seconds, block.voiced_seconds, self._ear.peak, live=False) is Verdict.SPEECH

    def _texts(self, block: Block, start: int, before: list[TimedText]) -> Steps:
        """What is said from sample ``start`` on, behind what is known already."""
        frame = (start - block.speech.start) // FRAME_SAMPLES
        samples = self._samples.read(start, block.speech.end)
        offset = start / SAMPLE_RATE
        for texts in self._model.decode(samples, block.voiced[frame:], self.opened.language):
            yield texts if texts is None else [*before, *(_later(text, offset) for text in texts)]

    def _commit(self, block: Block, texts: list[TimedText]) -> list[Event]:
        """The segment's texts; the last one reaches to the segment's end, so that a replay may begin there."""
        last = self._finished and block.end == self._samples.end
        end = block.end / SAMPLE_RATE
        if not (texts or last):
            texts = [TimedText(block.start / SAMPLE_RATE, end, "")]
        events: list[Event] = [
            Segment(
                self.opened.utterance,
                min(text.start, end),
                end if text is texts[-1] else min(text.end, end),
                text.text,
            )
            for text in texts
        ]
        self._segmenter.committed()
        self._samples.drop(block.end)
        self._guess = None
        if last:
            self.done = True
            return [*events, self._final(end)]
        return events

    def _final(self, seconds: float) -> Final:
        return Final(
            self.opened.utterance,
            audio_seconds=seconds,
            voiced_seconds=self._ear.voiced_seconds,
            peak=self._ear.peak,
            decode_ms=self._decode_ms,
        )

    # Guesses

    def _guess_due(self) -> bool:
        """Is the open segment to be decoded in advance: because it may be over, or because somebody reads along?"""
        if self._finished or not self.opened.urgent:
            return False
        over = self._segmenter.silent_s >= self._policy.guess_s
        until = self._said_until()
        if not (over or self.opened.partials) or (self._guess is not None and until <= self._guess.said_until):
            return False  # told before the open segment is put together: this is asked at every frame
        block = self._segmenter.open
        if block is None or not self._is_speech(block):
            return False
        said = self._guess.said_until if self._guess is not None else block.speech.start
        return until > said and (over or until - said >= _PARTIAL_SAMPLES)

    def _said_until(self) -> int:
        return self._heard - round(self._segmenter.silent_s * SAMPLE_RATE)

    def _work_on_guess(self) -> list[Event]:
        if self._job is None:
            block = self._segmenter.open
            assert block is not None
            self._job = _Job(block, self._texts(block, block.speech.start, []), self._said_until())
        job = self._job
        texts = next(job.steps)
        if texts is None:
            return []
        self._job = None
        self._guess = Guess(job.block, job.said_until, texts)
        if not self.opened.partials:
            return []
        return [Partial(self.opened.utterance, stable="", provisional=join(text.text for text in texts))]


def _later(text: TimedText, seconds: float) -> TimedText:
    return TimedText(text.start + seconds, text.end + seconds, text.text)


def _resampler(rate: int) -> Resampler:
    from parleqd.speech_worker.resampling import Resampler  # PyAV is large, and hardly ever needed

    return Resampler(rate)
