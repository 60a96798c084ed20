"""One hotkey client for each daemon: two would both hear one press."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from parleq_client import LocalError
from parleqd.protocol.names import Reason

SUFFIX = ".hotkey.lock"


@contextmanager
def only_one(socket_path: str) -> Iterator[None]:
    """Holds the lock beside the daemon's socket inside the block, and for as long as this process lives.

    Blocking: entered before the event loop runs. Raises LocalError: ``already_running``, ``socket_unusable``.
    """
    path = socket_path + SUFFIX
    try:
        os.makedirs(os.path.dirname(path) or ".", mode=0o700, exist_ok=True)  # the daemon may come later
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as problem:
        raise LocalError(
            Reason.SOCKET_UNUSABLE, f"{path} cannot be used: {problem.strerror}", "choose another --socket"
        ) from problem
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise LocalError(
                Reason.ALREADY_RUNNING,
                f"another parleq-hotkey serves the daemon at {socket_path} already",
                "one is enough: end the other first",
            ) from None
        yield
    finally:
        os.close(lock)  # the file stays: removing it would open a race
