"""A recogniser of coded speech as a process of its own, to be killed, stopped and starved as a real one.

``python -m tests.fakes.speech_program --fd N``, which the real adapter starts in the real worker's place. It commits a
segment every four words, takes as long over each as ``CODED_SPEECH_S`` says (seconds) and needs memory for it.
Its model is a folder whose file ``model.bin`` must be as it was made.
"""

from __future__ import annotations

import argparse
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from parleqd.core.speech import messages as m
from parleqd.protocol.names import SAMPLE_BYTES
from parleqd.speech_worker.link import Link
from parleqd.speech_worker.process import end_with_parent, prints_to_stderr
from tests.fakes.coded_speech import WORD_S, heard

MODEL = "model.bin"
CONTENT = "a coded model"
TAKES = "CODED_SPEECH_S"
_SEGMENT_WORDS = 4
_NEEDS_BYTES = 32 * 1024 * 1024


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
                if isinstance(event, m.LoadFailed):
                    return
            link.step_ends()


def _obey(command: m.Command, utterances: dict[str, _Utterance]) -> Iterator[m.Event]:
    match command:
        case m.Load():
            yield _loaded(command)
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


def _loaded(command: m.Load) -> m.Event:
    model = Path(command.path) / MODEL
    if not model.is_file():
        return m.LoadFailed(missing=True, message="there is no model")
    if model.read_text() != CONTENT:
        return m.LoadFailed(missing=False, message="the model is damaged")
    return m.Loaded(command.name, compute_type="coded", load_ms=1.0)


class _Utterance:
    """Audio that is not committed yet, and where it begins, seconds."""

    def __init__(self, opened: m.Open) -> None:
        self._id = opened.utterance
        self._start = opened.start
        self._pcm = b""
        self._rate = 1
        self._peak = 0

    def hear(self, pcm: bytes, rate: int) -> Iterator[m.Event]:
        self._pcm += pcm
        self._rate = rate
        size = round(_SEGMENT_WORDS * WORD_S * rate) * SAMPLE_BYTES
        while len(self._pcm) >= size:
            yield self._commit(size)

    def finish(self) -> Iterator[m.Event]:
        if self._pcm:
            yield self._commit(len(self._pcm))
        yield m.Final(self._id, self._start, self._start, peak=2000, decode_ms=0.0)

    def _commit(self, size: int) -> m.Segment:
        scratch = bytearray(_NEEDS_BYTES)
        scratch[::4096] = bytes(len(scratch) // 4096)
        Event().wait(float(os.environ.get(TAKES, "0")))
        pcm, self._pcm = self._pcm[:size], self._pcm[size:]
        start, self._start = self._start, self._start + size / SAMPLE_BYTES / self._rate
        return m.Segment(self._id, start, self._start, " ".join(heard(pcm, self._rate)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    main(parser.parse_args().fd)
