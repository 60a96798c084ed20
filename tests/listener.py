"""The real microphone in a process of its own, so that pytest never loads PortAudio: what it hears goes to a file.

Run as ``python -m tests.listener FILE [PREROLL_S]``. Commands are words, one a line: ``start``, ``stop``, ``probe``,
``devices``, ``choose DEVICE``; the end of stdin ends it. Events are JSON lines.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import anyio
import msgspec
from anyio import to_thread

from parleqd.adapters.audio.microphone.source import MicrophoneSource
from parleqd.core.errors import OutsideError
from parleqd.core.ports import CaptureRequest, MicrophoneChoice
from parleqd.protocol.names import Source


class FileSink:
    """Appends to a file, and says when the first frames of a capture come."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._silent = True

    def set_rate(self, rate: int) -> None:
        say(rate=rate)

    async def write(self, pcm: bytes) -> None:
        self.push(pcm)

    def push(self, pcm: bytes) -> None:
        self._file.write(pcm)
        if self._silent:
            self._silent = False
            say(heard=True)

    def close(self) -> None:
        self._file.close()


def say(**event: Any) -> None:
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()


async def obey(source: MicrophoneSource, path: Path, preroll_s: float) -> None:
    """Read commands until there are no more."""
    scope = anyio.CancelScope()
    async with anyio.create_task_group() as tasks:
        choice = MicrophoneChoice(preroll_s=preroll_s)
        tasks.start_soon(source.run, choice, lambda status: say(status=msgspec.to_builtins(status)))
        while line := await to_thread.run_sync(sys.stdin.readline):
            match line.split(maxsplit=1):
                case ["start"]:
                    scope = anyio.CancelScope()
                    tasks.start_soon(capture, source, path, scope)
                case ["stop"]:
                    scope.cancel()
                case ["probe"]:
                    say(probe=msgspec.to_builtins(await source.probe()))
                case ["devices"]:
                    await tell_devices(source)
                case ["choose", device]:
                    source.choose(MicrophoneChoice(device.strip(), preroll_s=preroll_s))
        tasks.cancel_scope.cancel()


async def capture(source: MicrophoneSource, path: Path, scope: anyio.CancelScope) -> None:
    sink = FileSink(path)
    try:
        with scope:
            await source.capture(CaptureRequest(Source.MICROPHONE), sink)
        say(ended="")
    except OutsideError as problem:
        say(ended=problem.reason, message=problem.message, hint=problem.hint)
    finally:
        sink.close()


async def tell_devices(source: MicrophoneSource) -> None:
    try:
        say(devices=msgspec.to_builtins(await source.devices()))
    except OutsideError as problem:
        say(devices=[], reason=problem.reason, message=problem.message)


def log(event: str, /, **fields: object) -> None:
    say(log=event, **fields)


def main() -> None:
    path, preroll_s = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 0.0
    anyio.run(obey, MicrophoneSource(log), path, preroll_s)
    say(numpy="numpy" in sys.modules)
    os._exit(0)  # as the daemon ends: a call into a library that never comes back would hold up every other way


if __name__ == "__main__":
    main()
