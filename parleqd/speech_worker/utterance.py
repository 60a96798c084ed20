"""One utterance in the worker: its audio, and the piece of work that comes next.

Every piece is short (listening to half a minute, or the decode of one window), so that a more urgent utterance never
waits for longer than one of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from enum import IntEnum
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.blocks import Block, Blocks
from parleqd.core.speech.messages import Event, Final, Level, Open, Partial, Segment, SpeechStarted
from parleqd.core.speech.partials import Partials, Span
from parleqd.core.speech.transcript import TimedText
from parleqd.core.speech.verdict import capture_verdict
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE, Verdict
from parleqd.speech_worker.ear import Detector, Ear, dbfs
from parleqd.speech_worker.samples import Samples

if TYPE_CHECKING:
    from parleqd.speech_worker.resampling import Resampler

_LISTEN_FRAMES = 30 * SAMPLE_RATE // FRAME_SAMPLES
_WINDOW_SAMPLES = 30 * SAMPLE_RATE
"""What Whisper's encoder takes at once."""
_LEVEL_SAMPLES = SAMPLE_RATE // 10

Steps = Iterator[list[TimedText] | None]
"""A decode in progress: ``None`` for each step that is done, and at last the texts."""


class Model(Protocol):
    """What an utterance needs of a speech model."""

    def decode(self, samples: NDArray[np.int16], language: str, *, gated: bool) -> Iterator[TimedText]:
        """The text of these samples, one step for each piece."""

    def detector(self) -> Detector | None:
        """A fresh voice detector; ``None``: everything may be speech."""


class Piece(IntEnum):
    """A piece of work, the most pressing first."""

    LISTEN = 0
    DECODE = 1
    GUESS = 2


class Utterance:
    """What the worker knows of one utterance. Its audio is numbered in samples of 16 kHz from its beginning."""

    def __init__(self, opened: Open, model: Model) -> None:
        start = round(opened.start * SAMPLE_RATE)
        self.opened = opened
        self.done = False
        self._model = model
        self._samples = Samples(start)
        self._resampler: Resampler | None = None
        self._start = start
        self._heard = start
        self._finished = False
        self._ear = Ear(model.detector())
        self._speech_started = False
        self._level_at = start
        self._blocks = Blocks(start)
        self._block: Block | None = None
        self._partials = Partials(wanted=opened.partials, start=start)
        self._span: Span | None = None
        self._steps: Steps | None = None
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
        self._find_block()

    @property
    def decoding(self) -> bool:
        """Is a block's decode under way?"""
        return self._block is not None and self._steps is not None

    @property
    def short(self) -> bool:
        """Does what is to be decoded now fit into one window?"""
        return self._block is not None and self._block.end - self._block.start <= _WINDOW_SAMPLES

    def next_piece(self) -> Piece | None:
        """What is to be done now; ``None``: wait for more audio."""
        unheard = self._samples.end - self._heard
        if unheard >= FRAME_SAMPLES or (self._finished and unheard):
            return Piece.LISTEN
        if self._block is not None:
            return Piece.DECODE
        if self._span is not None or self._partials.due(self._heard, self._ear.voiced_seconds):
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
                return self._guess()

    # Listening

    def _listen(self) -> list[Event]:
        frames = min((self._samples.end - self._heard) // FRAME_SAMPLES, _LISTEN_FRAMES)
        end = self._heard + frames * FRAME_SAMPLES if frames else self._samples.end
        samples = self._samples.read(self._heard, end)
        rest = -len(samples) % FRAME_SAMPLES  # the last frame of all is filled up with zeros
        heard = self._ear.hear(np.pad(samples, (0, rest)))
        self._heard = end
        self._blocks.hear(heard.voice, heard.voiced)
        self._find_block()
        return [*self._first_voice(), *self._level(samples)]

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

    def _find_block(self) -> None:
        if self._block is None:
            self._block = self._blocks.cut()
        if self._block is None and self._finished and self._heard == self._samples.end:
            self._block = self._blocks.rest(self._heard)
        if self._block is not None and self._span is not None:  # the text itself comes now: no more guessing
            self._span = self._steps = None

    def _decode(self) -> list[Event]:
        assert self._block is not None
        began = time.monotonic()
        if self._steps is None:
            self._steps = self._transcribe(self._block)
        texts = next(self._steps)
        if self._finished:
            self._decode_ms += (time.monotonic() - began) * 1000
        return [] if texts is None else self._commit(self._block, texts)

    def _transcribe(self, block: Block) -> Steps:
        """Only speech is decoded; when whisper itself takes that for silence, once more with its own gate open."""
        texts: list[TimedText] = []
        seconds = (block.end - block.start) / SAMPLE_RATE
        speech = capture_verdict(seconds, block.voiced_seconds, self._ear.peak, live=False) is Verdict.SPEECH
        for gated in (True, False) if speech else ():
            for text in self._texts(block.start, block.end, gated=gated):
                texts.append(text)
                yield None
            if texts:
                break
        yield texts

    def _commit(self, block: Block, texts: list[TimedText]) -> list[Event]:
        """The block's segments; the last one reaches to the block's end, so that a replay may begin there."""
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
        self._blocks.committed(block)
        self._partials.committed(block.end)
        self._samples.drop(block.end)
        self._block = self._steps = None
        if last:
            self.done = True
            return [*events, self._final(end)]
        self._find_block()
        return events

    def _final(self, seconds: float) -> Final:
        return Final(
            self.opened.utterance,
            audio_seconds=seconds,
            voiced_seconds=self._ear.voiced_seconds,
            peak=self._ear.peak,
            decode_ms=self._decode_ms,
        )

    # Hypotheses

    def _guess(self) -> list[Event]:
        if self._span is None or self._steps is None:
            self._span = self._partials.begin(self._heard, self._ear.voiced_seconds)
            self._steps = self._transcribe_span(self._span)
        texts = next(self._steps)
        if texts is None:
            return []
        hypothesis = self._partials.decoded(self._span, texts)
        self._span = self._steps = None
        return [Partial(self.opened.utterance, stable="", provisional=hypothesis)]

    def _transcribe_span(self, span: Span) -> Steps:
        texts: list[TimedText] = []
        for text in self._texts(span.start, span.end, gated=True):
            texts.append(text)
            yield None
        yield texts

    def _texts(self, start: int, end: int, *, gated: bool) -> Iterator[TimedText]:
        """The pieces of text between two samples, in seconds of the utterance."""
        samples = self._samples.read(start, end)
        offset = start / SAMPLE_RATE
        for text in self._model.decode(samples, self.opened.language, gated=gated):
            yield TimedText(offset + text.start, offset + text.end, text.text)


def _resampler(rate: int) -> Resampler:
    from parleqd.speech_worker.resampling import Resampler  # PyAV is large, and hardly ever needed

    return Resampler(rate)
