"""What both child processes ask of their operating system: end with the daemon, keep prints out of the frames."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import traceback
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1  # prctl(2)


def end_with_parent() -> None:
    """Be killed when the daemon is gone, however it went (Linux; elsewhere the end of the pipe has to do)."""
    if sys.platform == "linux":
        _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def frames_on_stdout() -> BinaryIO:
    """Standard output for frames alone: whatever else prints there, native code too, goes to stderr from now on."""
    frames = os.fdopen(os.dup(1), "wb")
    prints_to_stderr()
    return frames


def prints_to_stderr() -> None:
    """Send everything that is printed to stderr."""
    os.dup2(2, 1)


def give_memory_back() -> None:
    """Return freed memory to the system: the encoder's buffers are as large as the rest of the process (glibc)."""
    if sys.platform == "linux":
        trim = getattr(_libc(), "malloc_trim", None)
        if trim is not None:
            trim(0)


def report(error: BaseException) -> None:
    """Tell stderr, which is the daemon's log, what failed and where; the message is left out, it might quote text.

    Of a group the first.
    """
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    traceback.print_tb(error.__traceback__, file=sys.stderr)
    sys.stderr.write(f"{type(error).__qualname__}\n")


def report_what_ends_it() -> None:
    """The same of a failure that nobody catches, in any thread: Python itself would print the message."""
    sys.excepthook = lambda _, error, __: report(error)
    threading.excepthook = lambda failed: report(failed.exc_value or RuntimeError())


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)
