"""The real `parleq-hotkey` as a process, on a private desktop, with a real daemon."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from tests.e2e.programs import Daemon, eventually

WATCHED, INSERTED = "keys are watched by", "texts are inserted by"


class Desktop(Protocol):
    """Where it runs."""

    @property
    def env(self) -> Mapping[str, str]:
        """The variables that lead there."""


class Hotkey:
    """A running hotkey client. ``ready``: what it says once it is."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path, ready: Sequence[str]) -> None:
        self.process = process
        self._log = log
        self._ready = ready

    @property
    def log(self) -> str:
        """What it wrote to stderr."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_ready(self) -> None:
        """Until it is what it should be."""
        eventually(self._is_ready, f"parleq-hotkey is ready: {self.log}", 30)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.log
        return all(said in self.log for said in ("daemon reached", *self._ready))


@contextmanager
def running_hotkey(
    desktop: Desktop,
    daemon: Daemon,
    *options: str,
    log: str = "hotkey.log",
    ready: Sequence[str] = (WATCHED, INSERTED),
) -> Iterator[Hotkey]:
    """Started and ready; ended by SIGTERM after the block, unless it has ended."""
    environment = {**daemon.environment, **desktop.env, "HOME": str(daemon.home)}
    with hotkey_at(daemon.socket, environment, daemon.home / log, *options, ready=ready) as hotkey:
        yield hotkey


@contextmanager
def hotkey_at(
    socket: Path, environment: Mapping[str, str], log: Path, *options: str, ready: Sequence[str] = (WATCHED, INSERTED)
) -> Iterator[Hotkey]:
    """The same at any socket. No session bus of this session is its own."""
    command = [sys.executable, "-m", "parleq_hotkey", "--socket", str(socket), "--log-level", "info", *options]
    environment = {name: value for name, value in environment.items() if name != "DBUS_SESSION_BUS_ADDRESS"}
    with log.open("ab") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors, env=environment)
    hotkey = Hotkey(process, log, ready)
    try:
        hotkey.wait_ready()
        yield hotkey
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
