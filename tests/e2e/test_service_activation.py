"""The daemon under `systemd-socket-activate` and a notify socket of the test's own: no service manager is needed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from parleq_client.connection import Connection
from tests.e2e.programs import eventually
from tests.parts import ROOT, need

pytestmark = pytest.mark.timeout(60)

NO_MODEL = "[speech]\nunload_after_s = 0\n"
TOLD_OF_THE_MANAGER = {"LISTEN_FDS", "LISTEN_PID", "NOTIFY_SOCKET", "WATCHDOG_USEC"}


class Activated:
    """A daemon that is not there until somebody connects; ``told``: what it has told its service manager."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], notices: socket.socket) -> None:
        self.path = folder / "d.sock"
        self.process = process
        self._notices = notices
        self.told: list[str] = []

    def until(self, wanted: str, times: int = 1) -> None:
        """Until a line was told so often. The socket's own timeout ends the wait."""
        while self.told.count(wanted) < times:
            self.told += self._notices.recv(4096).decode().splitlines()

    def forget(self) -> None:
        """What was told until now."""
        self.told.clear()


@contextmanager
def activated(folder: Path, settings: str = NO_MODEL) -> Iterator[Activated]:
    need("systemd-socket-activate")
    (folder / "config.toml").write_text(settings)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notices:
        notices.bind(str(folder / "notify"))
        notices.settimeout(30)
        environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LD_LIBRARY_PATH")},
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "clients")]),
            "NOTIFY_SOCKET": str(folder / "notify"),
            "WATCHDOG_USEC": "300000",
        }
        daemon = [sys.executable, "-m", "parleqd", "--config", str(folder / "config.toml")]
        given = [word for name in environment for word in ("-E", f"{name}={environment[name]}")]
        process = subprocess.Popen(
            ["systemd-socket-activate", "-l", str(folder / "d.sock"), *given, *daemon],
            env=environment, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            assert process.stderr is not None
            assert b"Listening" in process.stderr.readline()
            (folder / "d.sock").chmod(0o600)  # systemd makes it so by itself: SocketMode=
            yield Activated(folder, process, notices)
        finally:
            process.kill()
            process.communicate()


def test_the_first_request_starts_it_and_it_says_that_it_is_ready_and_lives(tmp_path: Path) -> None:
    with activated(tmp_path) as daemon:
        with Connection.open(str(daemon.path)) as connection:
            status = connection.call("status/get", timeout=30)
        assert status["pid"] == daemon.process.pid
        daemon.until("READY=1")
        daemon.until("WATCHDOG=1", times=3)
        assert any(line.startswith("STATUS=idle; tiny.en is ") for line in daemon.told)


def test_a_reload_is_told_and_serves_on(tmp_path: Path) -> None:
    with activated(tmp_path) as daemon, Connection.open(str(daemon.path)) as connection:
        connection.call("status/get", timeout=30)
        daemon.until("READY=1")
        daemon.forget()
        (tmp_path / "config.toml").write_text(f"{NO_MODEL}[audio]\ndevice = 'desk'\n")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.until("READY=1")
        assert daemon.told.index("RELOADING=1") < daemon.told.index("READY=1")
        assert connection.call("status/get")["device"] == "desk"


def test_it_says_when_it_stops_and_leaves_the_socket_to_its_owner(tmp_path: Path) -> None:
    with activated(tmp_path) as daemon:
        with Connection.open(str(daemon.path)) as connection:
            connection.call("status/get", timeout=30)
        identity = daemon.path.stat().st_ino
        daemon.process.send_signal(signal.SIGTERM)
        daemon.until("STOPPING=1")
        assert daemon.process.wait(20) == 0
        assert daemon.path.stat().st_ino == identity


def test_its_children_are_not_told_of_the_service_manager(tmp_path: Path) -> None:
    need("embedded-model")
    with activated(tmp_path, settings="") as daemon, Connection.open(str(daemon.path)) as connection:
        connection.call("status/get", timeout=30)
        eventually(lambda: workers(daemon), "the speech worker runs")
        (worker,) = workers(daemon)
        assert "PYTHONPATH" in worker.environ(), "the others are there"
        assert not TOLD_OF_THE_MANAGER & set(worker.environ())


def workers(daemon: Activated) -> list[psutil.Process]:
    children = psutil.Process(daemon.process.pid).children()
    return [child for child in children if "parleqd.speech_worker" in words_of(child)]


def words_of(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []  # a short-lived one


def test_a_second_daemon_by_hand_is_refused(tmp_path: Path) -> None:
    with activated(tmp_path) as daemon, Connection.open(str(daemon.path)) as connection:
        connection.call("status/get", timeout=30)
        command = [sys.executable, "-m", "parleqd", "--socket", str(daemon.path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30, cwd=ROOT)
        assert done.returncode == 1
        assert f"already running here (process {daemon.process.pid})" in done.stderr
        assert connection.call("status/get")["state"] == "idle"
