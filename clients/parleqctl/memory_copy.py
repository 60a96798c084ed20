"""Audio from standard input as a file that the daemon can open: in memory, mode 0600, gone afterwards."""

from __future__ import annotations

import os
from contextlib import contextmanager

from parleq_client import LocalError
from parleq_client.paths import memory_folder
from parleqd.protocol.names import Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from parleqctl.console import Console

MAX_BYTES = 1024**3
"""Memory that a recording may take: an hour and a half of 48 kHz stereo, uncompressed."""
MEMORY_COPY = "standard input"
"""The copy's file name: the daemon's messages call a file by its name."""
_CHUNK = 1024 * 1024


@contextmanager
def memory_copy(
    console: Console,
    parent: Callable[[Mapping[str, str]], str] = memory_folder,
    max_bytes: int = MAX_BYTES,
) -> Iterator[str]:
    """The path of the copy, until the block ends. ``parent`` finds the folder that it lies below.

    Raises LocalError when there is no folder in memory, when the audio is larger than ``max_bytes`` or than the
    memory left, and when standard input cannot be read.
    """
    folder = f"{parent(console.environment)}/stdin-{os.getpid()}-{os.urandom(8).hex()}"
    os.mkdir(folder, mode=0o700)
    path = f"{folder}/{MEMORY_COPY}"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            _fill(descriptor, console, max_bytes)
            yield path
        finally:
            os.unlink(path)
    finally:
        os.rmdir(folder)


def _fill(descriptor: int, console: Console, max_bytes: int) -> None:
    with open(descriptor, "wb") as copy:
        for chunk in _chunks(console):
            if copy.tell() + len(chunk) > max_bytes:
                raise _too_large(f"more than {max_bytes} bytes")
            try:
                copy.write(chunk)
                copy.flush()
            except OSError as error:
                raise _too_large(error.strerror or str(error)) from error


def _chunks(console: Console) -> Iterator[bytes]:
    if console.stdin is None:
        return
    try:
        while chunk := console.stdin.buffer.read(_CHUNK):
            yield chunk
    except OSError as error:
        raise LocalError(Reason.AUDIO_UNREADABLE, f"standard input cannot be read: {error.strerror}") from error


def _too_large(why: str) -> LocalError:
    return LocalError(
        Reason.TOO_LARGE,
        f"the audio on standard input is too large to be kept in memory: {why}",
        "save it to a file and give the file's path",
    )
