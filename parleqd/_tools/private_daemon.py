"""A real daemon for demo, bench and tests: its own process, a private socket in memory, nobody's settings."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from types import MappingProxyType

from parleq_client import Connection, UnreachableError

ANSWERS_WITHIN_S = 20.0
"""A machine that compiles all bytecode for the first time included."""
ENDS_WITHIN_S = 10.0
_MEMORY = Path("/dev/shm")
_POLL_S = 0.002
_LOG_LINES_SHOWN = 8
# What would bring the user's own daemon, settings, models or cleanup targets into play, or hide what libraries do.
_STRIPPED = ("PARLEQ_", "XDG_", "AZURE_", "OPENAI_", "ORT_")


class NoDaemonError(Exception):
    """The daemon did not start; the message holds the end of what it wrote."""


class PrivateDaemon:
    """A running daemon."""

    def __init__(self, process: subprocess.Popen[bytes], socket_path: Path, log: Path) -> None:
        self.process = process
        self.socket_path = socket_path
        self._log = log

    def connect(self) -> Connection:
        """A connection without a handshake. Raises ``UnreachableError`` when the daemon is gone."""
        return Connection.open(str(self.socket_path))

    def log_tail(self) -> str:
        """The last lines that the daemon wrote."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-_LOG_LINES_SHOWN:])

    def wait_for_answer(self, within_s: float = ANSWERS_WITHIN_S) -> None:
        """Return as soon as the socket answers. Raises ``NoDaemonError`` when the daemon ends, or hangs."""
        give_up = monotonic() + within_s
        while not self._answers():
            try:
                code = self.process.wait(timeout=_POLL_S)
            except subprocess.TimeoutExpired:
                if monotonic() < give_up:
                    continue
                raise NoDaemonError(f"the daemon did not answer in {within_s:g} s") from None
            raise NoDaemonError(f"the daemon ended at once, with code {code}:\n{self.log_tail()}")

    def stop(self, within_s: float = ENDS_WITHIN_S) -> None:
        """End it: by SIGTERM, and by force if that is not heeded in time."""
        self.process.terminate()
        try:
            self.process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        try:
            with self.connect() as connection:
                connection.call("status/get")
        except UnreachableError:
            return False
        return True


@contextmanager
def private_daemon(
    settings: str = "", environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[PrivateDaemon]:
    """A daemon that is being started with these settings (TOML); gone, with all it wrote, after the block.

    ``environment``: what it sees besides an ordinary one (`PrivateAudio.env`).
    """
    with tempfile.TemporaryDirectory(prefix="parleq-", dir=_MEMORY if _MEMORY.is_dir() else None) as name:
        folder = Path(name)
        config, socket_path, log = folder / "config.toml", folder / "parleqd.sock", folder / "log"
        config.write_text(settings, encoding="utf-8")
        command = [sys.executable, "-m", "parleqd", "--socket", str(socket_path), "--config", str(config)]
        with log.open("wb") as errors:
            # Its own session: Ctrl-C reaches this process alone, which then stops the daemon in good order.
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stderr=errors,
                env={**ordinary_environment(folder), **environment},
                start_new_session=True,
            )
        daemon = PrivateDaemon(process, socket_path, log)
        try:
            yield daemon
        finally:
            daemon.stop()


def ordinary_environment(home: Path) -> Mapping[str, str]:
    """This process's, without what would bring the user's own daemon, settings, models or targets into play."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_STRIPPED)}
    return {**kept, "HOME": str(home)}
