"""Contents of a selection through pipes: received and sent without ever holding up the event loop."""

from __future__ import annotations

import asyncio
import fcntl
import os
import termios
from collections.abc import Callable
from contextlib import suppress

import anyio

CHUNK = 1 << 18
PIPE = 1 << 20
PATIENCE_S = 30.0
"""A reader that takes nothing for so long has given up."""
LOOK_S = 0.002
"""A pipe does not say when it is empty: it is asked so often."""


def pipe() -> tuple[int, int]:
    """A pipe for much at a time, where the system allows it: its reading and its writing end."""
    reader, writer = os.pipe()
    with suppress(OSError):
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, PIPE)
    return reader, writer


async def receive(reader: int, limit: int) -> bytes | None:
    """Everything that comes until the other end closes; None for more than ``limit`` bytes. Closes ``reader``."""
    os.set_blocking(reader, False)
    parts: list[bytes] = []
    left = limit
    try:
        while left >= 0:
            try:
                part = os.read(reader, CHUNK)
            except BlockingIOError:
                await anyio.wait_readable(reader)
                continue
            if not part:
                return b"".join(parts)
            parts.append(part)
            left -= len(part)
        return None
    finally:
        os.close(reader)


class Sending:
    """Bytes on their way to one reader. Closes ``writer``.

    ``ended`` is told once whether the reader took them all: what merely lies in the pipe, nobody has read.
    """

    def __init__(
        self, writer: int, content: bytes, ended: Callable[[bool], None], patience_s: float = PATIENCE_S
    ) -> None:
        self._writer = writer
        self._left = memoryview(content)
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._patience_s = patience_s
        self._give_up_at: float | None = None
        self._waiting = False
        self._timer: asyncio.TimerHandle | None = None
        os.set_blocking(writer, False)

    def start(self) -> None:
        """Writes what fits now, and the rest as the reader takes it."""
        try:
            while self._left:
                self._left = self._left[os.write(self._writer, self._left[:CHUNK]) :]
        except BlockingIOError:
            self._wait()
        except OSError:
            self.stop()  # The reader has closed its end.
        else:
            self._written()

    def stop(self) -> None:
        """Gives up: the reader gets no more."""
        self._finish(False)

    def _wait(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._loop.add_writer(self._writer, self.start)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(self._patience_s, self.stop)

    def _written(self) -> None:
        if self._waiting:
            self._waiting = False
            self._loop.remove_writer(self._writer)
        if self._timer is not None:
            self._timer.cancel()
        if self._give_up_at is None:
            self._give_up_at = self._loop.time() + self._patience_s
        if not _in_pipe(self._writer):
            self._finish(True)
        elif self._loop.time() > self._give_up_at:
            self._finish(False)
        else:
            self._timer = self._loop.call_later(LOOK_S, self._written)

    def _finish(self, whole: bool) -> None:
        if self._writer < 0:
            return
        if self._timer is not None:
            self._timer.cancel()
        if self._waiting:
            self._loop.remove_writer(self._writer)
        os.close(self._writer)
        self._writer = -1
        self._ended(whole)


def _in_pipe(writer: int) -> bool:
    """Are there bytes that the reader has not taken? Of what is no pipe (a file), nobody need take them."""
    try:
        return any(fcntl.ioctl(writer, termios.FIONREAD, bytes(4)))
    except OSError:
        return False
