"""Hears an audio file, at the pace of speech or as fast as there is room, through a short-lived decoding child.

The child may be killed by a hostile file, or by anything else: then another one goes on after the last frame received.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import PurePath

import anyio
from anyio.abc import ByteReceiveStream, Process

from parleqd.core.errors import OutsideError
from parleqd.core.inheritance import without_secrets
from parleqd.core.ports import AudioSink, CaptureRequest, Log
from parleqd.core.speech import wire
from parleqd.core.speech.file_audio import Broken, Ended, FileAudio, Frames
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE, Pace, Reason

DEATHS_ALLOWED = 3
"""So many deaths in a row without a new frame are the file's fault."""
STARTS_AT_ONCE = 1
"""Starting a decoder keeps a processor busy for a while; many at once would keep the daemon from answering."""
FRAME_SAMPLES = SAMPLE_RATE // 10
_READ_BYTES = 64 * 1024


class FileSource:
    """Fills the ``AudioSource`` port.

    ``patience_s``: how long a child may be silent before it counts as dead. ``turn_s``: how long one that says
    nothing keeps the next from starting.
    """

    def __init__(self, log: Log, python: str = sys.executable, patience_s: float = 30.0, turn_s: float = 2.0) -> None:
        self._log = log
        self._python = python
        self._patience_s = patience_s
        self._turn_s = turn_s
        self._starting = anyio.Semaphore(STARTS_AT_ONCE)

    async def capture(self, request: CaptureRequest, sink: AudioSink) -> None:
        """Hear the file to its end."""
        hearing = _Hearing(sink, request.pace)
        deaths = 0
        while deaths < DEATHS_ALLOWED:
            before = hearing.samples
            end = await self._hear(request.path, hearing)
            if isinstance(end, Ended):
                return
            if isinstance(end, Broken):
                raise _problem(request.path, hearing.samples, end.what, end.hint)
            self._log("decode_died", heard_samples=hearing.samples)
            deaths = 0 if hearing.samples > before else deaths + 1
        what = f"ended its decoder {DEATHS_ALLOWED} times in a row"
        raise _problem(request.path, hearing.samples, what, "convert it to WAV or FLAC and try again")

    async def _hear(self, path: str, hearing: _Hearing) -> Ended | Broken | None:
        """Run one child until it says how the file ended; ``None`` when it died, or stalled, before that."""
        async with AsyncExitStack() as stack:
            async with self._starting:
                child = await stack.enter_async_context(self._child(path, hearing.samples))
                assert child.stdout is not None
                first = await _first_bytes(child.stdout, self._turn_s)
            async for record in _records(child.stdout, first, self._patience_s):
                if not isinstance(record, Frames):
                    return record
                await hearing.take(record.pcm)
        return None

    @asynccontextmanager
    async def _child(self, path: str, skip_samples: int) -> AsyncIterator[Process]:
        program = [self._python, "-P", "-m", "parleqd.speech_worker.decode"]
        command = [*program, f"--skip-samples={skip_samples}", "--", path]
        try:
            with anyio.CancelScope(shield=True):  # a start cancelled half-way is waited for by nobody
                child = await anyio.open_process(
                    command,
                    stdin=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=without_secrets(os.environ),
                    start_new_session=True,
                )
        except OSError as error:
            message = f"the audio decoder cannot be started: {error.strerror}"
            raise OutsideError(Reason.WORKER_FAILED, message, "try again when less is going on") from error
        async with child:
            self._log("decode_started", pid=child.pid, skip_samples=skip_samples)
            try:
                yield child
            finally:
                if child.returncode is None:
                    child.kill()


class _Hearing:
    """Puts one file's frames into the sink, each when its last sample would have been spoken."""

    def __init__(self, sink: AudioSink, pace: Pace) -> None:
        self.samples = 0
        self._sink = sink
        self._pace = pace
        self._began: float | None = None

    async def take(self, pcm: bytes) -> None:
        """The next frames, of any length."""
        if self._pace is Pace.FAST:
            await self._put(pcm)
            return
        if self._began is None:
            self._began = anyio.current_time()
        for at in range(0, len(pcm), FRAME_SAMPLES * SAMPLE_BYTES):
            frame = pcm[at : at + FRAME_SAMPLES * SAMPLE_BYTES]
            spoken = self.samples + len(frame) // SAMPLE_BYTES
            await anyio.sleep_until(self._began + spoken / SAMPLE_RATE)
            await self._put(frame)

    async def _put(self, pcm: bytes) -> None:
        if pcm:
            await self._sink.write(pcm)
            self.samples += len(pcm) // SAMPLE_BYTES


async def _first_bytes(stream: ByteReceiveStream, within_s: float) -> bytes:
    """What a child says first; nothing when it says nothing in time, or has ended."""
    with anyio.move_on_after(within_s), suppress(anyio.EndOfStream, anyio.BrokenResourceError):
        return await stream.receive(_READ_BYTES)
    return b""


async def _records(stream: ByteReceiveStream, first: bytes, patience_s: float) -> AsyncIterator[FileAudio]:
    """The child's records, ``first`` being its first bytes, until it ends or says nothing for too long."""
    unpacker = wire.file_audio()
    data = first
    with suppress(anyio.EndOfStream, anyio.BrokenResourceError, TimeoutError, wire.WireError):
        while True:
            for record in unpacker.feed(data):
                yield record
            with anyio.fail_after(patience_s):
                data = await stream.receive(_READ_BYTES)


def _problem(path: str, samples: int, what: str, hint: str) -> OutsideError:
    reason = Reason.AUDIO_INCOMPLETE if samples else Reason.AUDIO_UNREADABLE
    return OutsideError(reason, f"{PurePath(path).name} {what}", hint)
