"""The real `parleq-hotkey` as a process, on a private desktop, with a real daemon."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parleqd._tools.private_x import PrivateX
from tests.e2e.programs import Daemon, eventually


class Hotkey:
    """A running hotkey client."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    @property
    def log(self) -> str:
        """What it wrote to stderr."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def wait_ready(self) -> None:
        """Until its keys are watched and texts can be inserted."""
        eventually(self._is_ready, f"parleq-hotkey is ready: {self.log}", 30)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.log
        return all(said in self.log for said in ("daemon reached", "keys are watched by", "texts are inserted by"))


@contextmanager
def running_hotkey(desktop: PrivateX, daemon: Daemon, *options: str, log: str = "hotkey.log") -> Iterator[Hotkey]:
    """Started and ready; ended by SIGTERM after the block, unless it has ended."""
    path = daemon.home / log
    command = [sys.executable, "-m", "parleq_hotkey", "--socket", str(daemon.socket), "--log-level", "info", *options]
    environment = {**daemon.environment, **desktop.env, "HOME": str(daemon.home)}
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    with path.open("ab") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors, env=environment)
    hotkey = Hotkey(process, path)
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
