"""Sounds and microphone in a process of their own, so that pytest never loads PortAudio.

Run as ``python -m tests.sounding FOLDER ROUNDS``: each round plays the start sound, records for a moment as soon
as that allows it, and plays the end sound. What was recorded goes to FOLDER/<round>; FOLDER/control holds a
recording in which the sound is played.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import anyio

from parleq_hotkey.feedback.sounds import Sounds
from parleq_hotkey.settings import FeedbackSettings
from parleqd.adapters.audio.microphone.source import MicrophoneSource
from parleqd.core.ports import CaptureRequest
from parleqd.protocol.names import Phase, Source

RECORDED_BYTES = 16_000
"""Half a second: longer than the sound and all that may be under way."""


class FileSink:
    """Appends to a file; ``enough`` is set when it holds so much as a test wants."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self.began, self.enough = anyio.Event(), anyio.Event()
        self._written = 0

    def set_rate(self, rate: int) -> None:
        raise AssertionError(f"the microphone gives {rate} samples a second")

    async def write(self, pcm: bytes) -> None:
        self.push(pcm)

    def push(self, pcm: bytes) -> None:
        self._written += self._file.write(pcm) or 0
        self.began.set()
        if self._written >= RECORDED_BYTES:
            self.enough.set()


def log(event: str, /, **fields: object) -> None:
    """Nobody reads it."""


async def rounds(folder: Path, number: int) -> None:
    sounds, microphone = Sounds(), MicrophoneSource(log)
    sounds.choose(FeedbackSettings(sounds="all"))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sounds.run)
        for one in range(number):
            await sounds.before_recording()
            await record(microphone, folder / str(one))
            sounds.working(Phase.TRANSCRIBING)
            await anyio.sleep(random.uniform(0, 0.3))  # the next recording may interrupt the end sound
        await record(microphone, folder / "control", sounds)
        tasks.cancel_scope.cancel()


async def record(microphone: MicrophoneSource, path: Path, sounds: Sounds | None = None) -> None:
    """``sounds``: played meanwhile."""
    sink = FileSink(path)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(microphone.capture, CaptureRequest(Source.MICROPHONE), sink)
        if sounds is not None:
            await sink.began.wait()
            await sounds.before_recording()
        await sink.enough.wait()
        tasks.cancel_scope.cancel()


if __name__ == "__main__":
    anyio.run(rounds, Path(sys.argv[1]), int(sys.argv[2]))
    os._exit(0)
