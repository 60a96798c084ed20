"""The real recogniser: one speech worker (``parleqd.speech_worker``), a child process on a socket pair."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress

import anyio
from anyio.abc import Process, UNIXSocketStream

from parleqd.core.errors import OutsideError
from parleqd.core.inheritance import without_secrets
from parleqd.core.ports import Log
from parleqd.core.speech import messages as speech
from parleqd.core.speech import wire
from parleqd.protocol.names import Reason

_READ_BYTES = 256 * 1024
_LINE_CHARACTERS = 300
_LINES_LOGGED = 100
_ALLOCATOR = (
    "glibc.malloc.hugetlb=1",  # large pages: the encoder's buffers cost a fifth of its time in page faults without
    "glibc.malloc.mmap_threshold=4194304",  # and go back to the system as soon as they are free
    "glibc.malloc.arena_max=1",  # one heap, and nothing kept back in it for each thread
    "glibc.malloc.tcache_count=0",
)
"""Told to glibc, together they keep the peak of tiny.en at 253 MB instead of 300; elsewhere they mean nothing."""


class Worker:
    """Fills the ``Recogniser`` port. ``patience_s``: how long a worker may take to end by itself."""

    def __init__(self, process: Process, stream: UNIXSocketStream, log: Log, patience_s: float) -> None:
        self._process = process
        self._stream = stream
        self._log = log
        self._patience_s = patience_s
        self._outbox: list[bytes] = []
        self._wake = anyio.Event()
        self._closing = False

    def send(self, command: speech.Command) -> None:
        """Queue a command; ignored when the worker is gone or was told to go."""
        if not self._closing and self._process.returncode is None:
            self._outbox.append(wire.pack(command))
            self._wake.set()

    async def events(self) -> AsyncIterator[speech.Event]:
        """What the worker answers, until it is gone."""
        unpacker = wire.events()
        while True:
            try:
                events = unpacker.feed(await self._stream.receive(_READ_BYTES))
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                break
            except wire.WireError as error:
                self._log("worker_garbled", detail=str(error))
                self.kill()
                break
            for event in events:
                yield event
        await self.close()

    def kill(self) -> None:
        """SIGKILL ends a stopped process too."""
        if self._process.returncode is None:
            self._process.kill()

    async def close(self) -> None:
        """Close its commands, which ends it after the current step; kill it when that takes too long."""
        self._closing = True
        self._outbox.clear()
        self._wake.set()
        with suppress(anyio.BusyResourceError, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
            await self._stream.send_eof()  # here too: the task that writes may have been cancelled
        with anyio.move_on_after(self._patience_s):
            await self._process.wait()
        self.kill()
        await self._process.wait()

    async def write(self) -> None:
        """Move commands from the queue to the worker; the only task that writes."""
        try:
            while not self._closing:
                await self._wake.wait()
                self._wake = anyio.Event()
                commands = b"".join(self._outbox)
                self._outbox.clear()
                await self._stream.send(commands)
            await self._stream.send_eof()
        except (anyio.BusyResourceError, anyio.BrokenResourceError, anyio.ClosedResourceError, OSError):
            pass  # the worker is gone: events() tells

    async def log_errors(self) -> None:
        """Put what the worker prints (tracebacks, native complaints, never text) into the log, line by line."""
        assert self._process.stderr is not None
        line, count = b"", 0
        async for data in self._process.stderr:
            *lines, line = (line + data).split(b"\n")
            for text in lines[: max(0, _LINES_LOGGED - count)]:
                self._log("worker_stderr", line=text[:_LINE_CHARACTERS].decode(errors="replace"))
            count += len(lines)
            line = line[:_LINE_CHARACTERS]
        if count > _LINES_LOGGED:
            self._log("worker_stderr_cut", lines=count - _LINES_LOGGED)


class WorkerFactory:
    """Fills the ``RecogniserFactory`` port. ``python``: the interpreter that has the worker's libraries.

    ``program``: the arguments that make it a recogniser, which finds its socket by ``--fd``.
    """

    def __init__(
        self,
        log: Log,
        python: str = sys.executable,
        patience_s: float = 2.0,
        program: Sequence[str] = ("-m", "parleqd.speech_worker"),
    ) -> None:
        self._log = log
        self._python = python
        self._patience_s = patience_s
        self._program = program

    @asynccontextmanager
    async def start(self) -> AsyncIterator[Worker]:
        """Start a worker; it is gone when the block is left."""
        try:
            stream, process = await self._started()
        except OSError as error:  # no such program, or no descriptors left
            message = f"the speech worker cannot be started: {error.strerror}"
            raise OutsideError(Reason.WORKER_FAILED, message) from error
        self._log("worker_started", pid=process.pid)
        worker = Worker(process, stream, self._log, self._patience_s)
        async with process, stream, anyio.create_task_group() as tasks:
            tasks.start_soon(worker.write)
            tasks.start_soon(worker.log_errors)
            try:
                yield worker
            finally:
                with anyio.CancelScope(shield=True):
                    await worker.close()
                self._log("worker_ended", pid=process.pid, status=process.returncode)

    async def _started(self) -> tuple[UNIXSocketStream, Process]:
        ours, theirs = socket.socketpair()
        with theirs:
            stream = await UNIXSocketStream.from_socket(ours)
            try:
                return stream, await self._open(theirs.fileno())
            except OSError:
                await stream.aclose()
                raise

    async def _open(self, descriptor: int) -> Process:
        command = [self._python, "-P", *self._program, "--fd", str(descriptor)]
        with anyio.CancelScope(shield=True):  # a start cancelled half-way is waited for by nobody
            process = await anyio.open_process(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment(os.environ),
                pass_fds=[descriptor],
                start_new_session=True,  # Ctrl-C in the daemon's terminal is the daemon's business
            )
        return process


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """The worker's environment: the daemon's without its secrets, the C library's allocator set to keep little."""
    own = inherited.get("GLIBC_TUNABLES")
    return {**without_secrets(inherited), "GLIBC_TUNABLES": ":".join([*([own] if own else []), *_ALLOCATOR])}
