"""Servers of others' making that uvicorn runs: started on a free port of loopback, until they say where."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

_READY = re.compile(rb"Uvicorn running on (http://127\.0\.0\.1:\d+)")
_STARTS_WITHIN_S = 120.0
_POLL_S = 0.05


class Running(NamedTuple):
    """Where it listens, such as ``http://127.0.0.1:4711``, and its process."""

    address: str
    process: subprocess.Popen[bytes]


@contextmanager
def running_uvicorn(
    command: Sequence[str | Path], folder: Path, log_name: str, environment: Mapping[str, str]
) -> Iterator[Running]:
    """``command`` with ``--host`` and ``--port`` added, in ``folder``, which is its home and takes its log.

    It gets PATH, HOME and ``environment``: nothing of the user's, no key and no proxy. Call it outside of an event
    loop: it takes seconds to start.
    """
    log = folder / log_name
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*command, "--host", "127.0.0.1", "--port", "0"],
            stdout=said,
            stderr=said,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
            cwd=folder,
        )
    with process:
        try:
            yield Running(_address(process, log), process)
        finally:
            process.kill()


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    give_up = monotonic() + _STARTS_WITHIN_S
    while (found := _READY.search(log.read_bytes())) is None:
        try:
            process.wait(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            if monotonic() < give_up:
                continue
        raise AssertionError(f"{log.stem} did not start:\n{log.read_text('utf-8', 'replace')}")
    return found[1].decode()
