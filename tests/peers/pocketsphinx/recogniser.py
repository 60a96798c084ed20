"""A recogniser as unlike Whisper as there is one: PocketSphinx, which hears 30 ms at a time and decodes as it hears.

It has no window, no segmenter and no guesses of ours: its own endpointer says where an utterance's stretches of speech
begin and end, and each is a segment. It proves that the port asks for none of these. As an engine it would not do: its
word error rate on the public utterances is about 26 %, tiny.en's 6 %.

Runs in an environment of its own (requirements.in), as ``parleqd.speech_worker`` does in the product's.
"""

from __future__ import annotations

import array
import math
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

from pocketsphinx import Decoder, Endpointer, Vad

from parleqd.core.speech import messages as m
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE
from parleqd.speech_worker.link import Link
from parleqd.speech_worker.process import end_with_parent, prints_to_stderr
from parleqd.speech_worker.resampling import Resampler

_LEVEL_S = 0.1
_SILENCE_DBFS = -90.0


def main(descriptor: int) -> None:
    """Serve the socket with this descriptor until its other end is closed."""
    end_with_parent()
    prints_to_stderr()
    link = Link(socket.socket(fileno=descriptor))
    link.start()
    utterances: dict[str, _Utterance] = {}
    while (commands := link.take(wait=True)) is not None:
        for command in commands:
            link.step_begins()
            for event in _obey(command, utterances):
                link.send(event)
            link.step_ends()


def _obey(command: m.Command, utterances: dict[str, _Utterance]) -> Iterator[m.Event]:
    match command:
        case m.Load():
            began = time.monotonic()
            _decoder()
            yield m.Loaded(command.name, "pocketsphinx", (time.monotonic() - began) * 1000)
        case m.Open():
            utterances[command.utterance] = _Utterance(command)
        case m.Discard():
            utterances.pop(command.utterance, None)
        case m.Audio() | m.Finish() if utterance := utterances.get(command.utterance):
            yield m.Working(command.utterance)
            if isinstance(command, m.Audio):
                yield from utterance.hear(command.pcm, command.rate)
            else:
                del utterances[command.utterance]
                yield from utterance.finish()
            yield m.Working(None)


def _decoder() -> Any:
    return Decoder(samprate=SAMPLE_RATE, fwdflat=False, bestpath=False, loglevel="FATAL")  # one pass: as it hears


class _Utterance:
    """One utterance, with a decoder of its own: several may be heard at once. Times are its own, ``start`` included."""

    def __init__(self, opened: m.Open) -> None:
        self._opened = opened
        self._decoder = _decoder()
        self._endpointer: Any = Endpointer()
        self._vad: Any = Vad()
        self._resampler: Resampler | None = None
        self._pcm = bytearray()
        self._received_s = self._heard_s = self._voice_until_s = self._level_at_s = opened.start
        self._committed_s = opened.start
        self._voiced_s = 0.0
        self._peak = 0
        self._decoding = False
        self._said = ""

    def hear(self, pcm: bytes, rate: int) -> Iterator[m.Event]:
        """The next frames."""
        if rate != SAMPLE_RATE:
            self._resampler = self._resampler or Resampler(rate)
            pcm = self._resampler.feed(pcm)
        yield from self._take(pcm)
        if self._opened.urgent and self._received_s - self._level_at_s >= _LEVEL_S:
            self._level_at_s = self._received_s
            yield m.Level(self._opened.utterance, _dbfs(pcm), self._received_s - self._voice_until_s)

    def finish(self) -> Iterator[m.Event]:
        """What is left of it."""
        if self._resampler is not None:
            yield from self._take(self._resampler.flush())
        began = time.monotonic()
        if self._endpointer.in_speech:
            yield from self._decode(self._endpointer.end_stream(bytes(self._pcm)) or b"")
        if self._decoding or self._committed_s < self._received_s:
            yield from self._commit(self._received_s)
        decode_ms = (time.monotonic() - began) * 1000
        yield m.Final(self._opened.utterance, self._received_s, self._voiced_s, self._peak, decode_ms)

    def _take(self, pcm: bytes) -> Iterator[m.Event]:
        self._pcm += pcm
        self._received_s += len(pcm) / SAMPLE_BYTES / SAMPLE_RATE
        self._peak = max(self._peak, *(min(abs(sample), 32767) for sample in array.array("h", pcm)), 0)
        size = self._endpointer.frame_bytes
        while len(self._pcm) >= size:
            frame = bytes(self._pcm[:size])
            del self._pcm[:size]
            yield from self._frame(frame)

    def _frame(self, frame: bytes) -> Iterator[m.Event]:
        self._heard_s += self._endpointer.frame_length
        if any(frame) and self._vad.is_speech(frame):
            if not self._voiced_s:
                yield m.SpeechStarted(self._opened.utterance, self._heard_s - self._endpointer.frame_length)
            self._voiced_s += self._endpointer.frame_length
            self._voice_until_s = min(self._heard_s, self._received_s)
        speech = self._endpointer.process(frame)
        if speech is not None:
            yield from self._decode(speech)
            if not self._endpointer.in_speech:
                yield from self._commit(self._heard_s)

    def _decode(self, speech: bytes) -> Iterator[m.Event]:
        if not self._decoding:
            self._decoding = True
            self._decoder.start_utt()
        if speech:
            self._decoder.process_raw(speech)
        if self._opened.partials and (said := self._hypothesis()) != self._said:
            self._said = said
            yield m.Partial(self._opened.utterance, stable="", provisional=said)

    def _commit(self, end_s: float) -> Iterator[m.Event]:
        text = ""
        if self._decoding:
            self._decoder.end_utt()
            self._decoding = False
            text = self._hypothesis()
        yield m.Segment(self._opened.utterance, self._committed_s, end_s, text)
        self._committed_s, self._said = end_s, ""

    def _hypothesis(self) -> str:
        hypothesis = self._decoder.hyp()
        return "" if hypothesis is None else str(hypothesis.hypstr)


def _dbfs(pcm: bytes) -> float:
    samples = array.array("h", pcm)
    power = sum(sample * sample for sample in samples) / max(1, len(samples)) / 32768**2
    return max(_SILENCE_DBFS, 10 * math.log10(power)) if power else _SILENCE_DBFS


if __name__ == "__main__":
    main(int(sys.argv[-1]))
