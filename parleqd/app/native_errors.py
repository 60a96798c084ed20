"""Keeps what C libraries print on standard error (PortAudio and ALSA do at every loss) out of the daemon's log."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STDERR = 2


@contextmanager
def native_errors_silenced() -> Iterator[None]:
    """In this block only Python's ``sys.stderr`` reaches the real one; file descriptor 2 leads nowhere.

    Children that inherit descriptor 2 are silenced too. Without a standard error (`2>&-`) nothing is done.
    """
    try:
        real = os.dup(STDERR)
    except OSError:
        yield
        return
    before = sys.stderr
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with os.fdopen(real, "w", encoding="utf-8", errors="backslashreplace", buffering=1) as ours:
        os.dup2(nowhere, STDERR)
        os.close(nowhere)
        sys.stderr = ours
        try:
            yield
        finally:
            sys.stderr = before
            os.dup2(real, STDERR)
