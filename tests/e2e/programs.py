"""The real programs as processes: a daemon on a private socket, `parleqctl`, and the daemon's children."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import psutil

from parleq_client.connection import Connection
from parleq_client.errors import UnreachableError
from tests.parts import ROOT

PATIENCE_S = 90.0
"""How long anything may take before a test gives up on it."""


class Daemon:
    """A running `parleqd`. ``home`` holds its socket, settings and log; nothing of the user's own is touched."""

    def __init__(self, home: Path, environment: dict[str, str], options: Sequence[str]) -> None:
        self.home = home
        self.environment = environment
        self.socket = home / "s.sock"
        self._options = options
        self.process = self._started()

    @property
    def log(self) -> str:
        """What it wrote to stderr."""
        return (self.home / "log").read_text(errors="replace")

    def connect(self) -> Connection:
        """A connection without a handshake."""
        return Connection.open(str(self.socket))

    def status(self) -> dict[str, Any]:
        """The answer to ``status/get``."""
        with self.connect() as connection:
            return connection.call("status/get")

    def children(self, module: str) -> list[psutil.Process]:
        """Its child processes that run ``python -m module``."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            try:
                line = child.cmdline()
            except psutil.Error:
                continue  # it has just ended
            if module in line:
                found.append(child)
        return found

    def ctl(self, *arguments: str, stdin: bytes = b"", timeout: float = PATIENCE_S) -> subprocess.CompletedProcess[str]:
        """Run `parleqctl` against it."""
        return ctl(*arguments, "--socket", str(self.socket), environment=self.environment, stdin=stdin, timeout=timeout)

    def wait_ready(self) -> None:
        """Until the model is loaded."""
        eventually(lambda: self.status()["model"]["state"] == "ready", "the model is ready")

    def wait_answers(self) -> None:
        """Until it answers."""
        eventually(self._answers, "the daemon answers")

    def crash(self, *, worker_too: bool = False) -> None:
        """Kill it, and its worker (which would end with it), with a blow that no process can soften."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        for victim in [psutil.Process(self.process.pid), *(children if worker_too else [])]:
            try:
                victim.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait()
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive, f"outlived the daemon: {alive}"

    def start_again(self) -> None:
        """Start another one in the place of one that is gone, and wait until it answers."""
        assert self.process.poll() is not None, "it runs"
        self.process = self._started()
        self.wait_answers()

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "parleqd", "--socket", str(self.socket), *self._options]
        with (self.home / "log").open("ab") as log:
            return subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"the daemon did not start:\n{self.log}"
        try:
            return bool(self.status())
        except UnreachableError:
            return False


def ctl(
    *arguments: str, environment: dict[str, str] | None = None, stdin: bytes = b"", timeout: float = PATIENCE_S
) -> subprocess.CompletedProcess[str]:
    """Run `parleqctl`; its output as text."""
    done = subprocess.run(
        [sys.executable, "-m", "parleqctl", *arguments],
        input=stdin,
        capture_output=True,
        env=environment,
        timeout=timeout,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


@contextmanager
def running_daemon(settings: str = "", *options: str, environment: dict[str, str] | None = None) -> Iterator[Daemon]:
    """Start `parleqd` and wait until it answers; stop it at the end, and insist that it ends cleanly."""
    with tempfile.TemporaryDirectory(prefix="parleq-") as folder:
        home = Path(folder)
        (home / "config.toml").write_text(settings)
        private = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "clients")]),
            "HOME": folder,
            "XDG_CONFIG_HOME": folder,
            "XDG_DATA_HOME": folder,
            "PARLEQ_CONFIG": str(home / "config.toml"),
            **(environment or {}),
        }
        daemon = Daemon(home, private, options)
        try:
            daemon.wait_answers()
            yield daemon
            assert daemon.process.poll() is None, f"the daemon ended by itself:\n{daemon.log}"
        finally:
            process = daemon.process
            children = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        assert process.returncode == 0, daemon.log
        _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive, f"left behind: {alive}"


def eventually(condition: Callable[[], object], what: str, patience: float = PATIENCE_S) -> None:
    """Wait until ``condition`` holds; fail with ``what`` when it never does."""
    pause, end = Event(), monotonic() + patience
    while not condition():
        assert monotonic() < end, f"waited {patience:g} s in vain: {what}"
        pause.wait(0.02)


def pause(seconds: float) -> None:
    """Let so much time pass: where speech is played, time itself is the input."""
    Event().wait(seconds)


def result_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The one JSON object that `parleqctl --json` printed."""
    (line,) = done.stdout.splitlines()
    parsed: dict[str, Any] = json.loads(line)
    return parsed
