"""The decoding child as a program: an audio file as records (``core.speech.file_audio``) on stdout."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from parleqd.core.speech import wire
from parleqd.core.speech.file_audio import Broken, Ended, FileAudio, Frames
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE
from parleqd.speech_worker.process import end_with_parent, frames_on_stdout, report

_RECORD_BYTES = SAMPLE_RATE * SAMPLE_BYTES


def main(arguments: Sequence[str]) -> int:
    """Decode one file, as fast as somebody reads; the last record tells how it ended."""
    parser = argparse.ArgumentParser(prog="parleqd.speech_worker.decode", description="The daemon starts this program.")
    parser.add_argument("path", type=Path)
    parser.add_argument("--skip-samples", type=int, default=0, help="how many are known already")
    asked = parser.parse_args(arguments)
    end_with_parent()
    try:
        with frames_on_stdout() as out:
            for record in records(asked.path, asked.skip_samples):
                out.write(wire.pack(record))
                out.flush()
    except BrokenPipeError:
        return 1  # nobody listens any more
    return 0


def records(path: Path, skip_samples: int) -> Iterator[FileAudio]:
    """What there is to say of a file."""
    from parleqd.speech_worker.decode.audio_file import AudioFileError, pcm  # FFmpeg: after the pipe is safe

    try:
        for frames in _in_seconds(pcm(path)):
            skipped = min(skip_samples, len(frames) // SAMPLE_BYTES)
            skip_samples -= skipped
            yield Frames(frames[skipped * SAMPLE_BYTES :])  # empty while skipping: a sign of life
    except AudioFileError as error:
        yield Broken(error.what, error.hint)
    except Exception as error:  # noqa: BLE001 - whatever a hostile file makes the libraries raise
        report(error)
        yield Broken("cannot be decoded")
    else:
        yield Ended()


def _in_seconds(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Regroup PCM into pieces of one second; what came before an error is not lost."""
    collected = bytearray()
    try:
        for piece in pieces:
            collected += piece
            while len(collected) >= _RECORD_BYTES:
                yield bytes(collected[:_RECORD_BYTES])
                del collected[:_RECORD_BYTES]
    except Exception:
        yield bytes(collected)
        raise
    yield bytes(collected)
