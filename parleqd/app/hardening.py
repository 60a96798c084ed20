"""What a process does against leaks before it does anything else: files are its user's alone, memory is not dumped."""

from __future__ import annotations

import os
import resource
from contextlib import suppress
from pathlib import Path

_DUMPED = Path("/proc/self/coredump_filter")


def harden() -> None:
    """Called first. Children inherit all of it, ``az`` and the programs that it starts too.

    ``RLIMIT_CORE`` alone is not enough on Linux: the kernel heeds it for files, not where dumps are piped to a program
    (core(5)), as most desktops have it. So what would be dumped is emptied as well.

    PR_SET_DUMPABLE stays as it is. It would keep debuggers of the same user out, who may use the socket and the
    keyring anyhow, and make /proc/PID root's: no profiler, no count of descriptors or of memory without root.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):  # Linux's alone
        _DUMPED.write_text("0", encoding="ascii")
