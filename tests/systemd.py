"""A real ``systemd --user`` for a test, where PID 1 is another program: in namespaces of its own, gone with them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psutil
import pytest

from parleq_client.connection import Connection
from tests.e2e.programs import eventually
from tests.parts import need

# In a mount and a process namespace of its own. `sd_booted(3)` is true where /run/systemd/system is a folder; without
# it the manager ends at once, in silence. With cgroups of version 1 it needs a corner that it may write to. It is the
# namespace's first process but one: when the shell ends (its input does), everything in there is killed.
_INSIDE = r"""
set -eu
mkdir -p /run/systemd
mount -t tmpfs tmpfs /run/systemd
mkdir /run/systemd/system
corner=/sys/fs/cgroup/systemd/$CORNER
if [ -w /sys/fs/cgroup/systemd/cgroup.procs ]; then mkdir "$corner"; echo 0 > "$corner/cgroup.procs"; fi
/lib/systemd/systemd --user >"$HOME/systemd.log" 2>&1 <&- &
manager=$!
echo ready
read -r line || true
kill -TERM $manager
wait $manager || true
"""
_TIDY = r"""
find /sys/fs/cgroup/systemd/$CORNER -depth -type d -exec rmdir {} \; 2>/dev/null
find /sys/fs/cgroup -mindepth 2 -maxdepth 3 -depth -type d -path "*$CORNER*" -exec rmdir {} \; 2>/dev/null
true
"""
_NAMESPACES = ["unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]


class UserSystemd:
    """A running manager. ``environment``: of the user whose manager it is, and of what it starts."""

    def __init__(self, home: Path, runtime: Path, environment: dict[str, str], inside: int) -> None:
        self.home = home
        self.runtime = runtime
        self.environment = environment
        self.socket = runtime / "parleq" / "parleqd.sock"
        self.inside = inside

    @property
    def folder(self) -> Path:
        """Where the user's units lie."""
        return self.home / ".config" / "systemd" / "user"

    def run(self, *command: str, patience_s: float = 90) -> subprocess.CompletedProcess[str]:
        """Run a command as that user would."""
        enter = ["nsenter", f"--target={self.inside}", "--mount", "--pid", f"--wd={self.home}"]
        return subprocess.run(
            [*enter, *command], env=self.environment, capture_output=True, text=True, check=False, timeout=patience_s
        )

    def systemctl(self, *arguments: str) -> str:
        """What ``systemctl --user`` prints; it must not fail."""
        done = self.run("systemctl", "--user", *arguments)
        assert done.returncode == 0, (arguments, done.stderr, self.log)
        return done.stdout.strip()

    def show(self, unit: str, name: str) -> str:
        """One property of a unit."""
        return self.systemctl("show", f"--property={name}", "--value", unit)

    def ctl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `parleqctl`."""
        return self.run(str(Path(sys.executable).with_name("parleqctl")), *arguments)

    def connect(self) -> Connection:
        """A connection to the daemon's socket, which starts the daemon."""
        return Connection.open(str(self.socket))

    def daemon(self) -> psutil.Process:
        """The daemon's process, as it is seen from outside."""
        with self.connect() as connection:
            connection.call("status/get", timeout=60)
        (found,) = [
            process
            for process in psutil.Process(self.inside).parent().children(recursive=True)
            if any(word.endswith("/parleqd") for word in _command(process))
        ]
        return found

    def drop_in(self, unit: str, text: str) -> None:
        """Add to a unit, as a user does."""
        folder = self.folder / f"{unit}.d"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "own.conf").write_text(text)
        self.systemctl("daemon-reload")

    @property
    def log(self) -> str:
        """What the manager wrote."""
        return (self.home / "systemd.log").read_text(errors="replace")


@contextmanager
def user_systemd() -> Iterator[UserSystemd]:
    """A manager that answers, with a home of its own and a runtime directory in memory."""
    for part in ("systemd", "unshare"):
        need(part)
    if (why := _impossible()) is not None:
        pytest.skip(f"no systemd of a test's own can run here ({why}); systemd-socket-activate stands in")
    with (
        tempfile.TemporaryDirectory(prefix="parleq-", dir="/dev/shm") as runtime,
        tempfile.TemporaryDirectory() as home,
    ):
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LD_LIBRARY_PATH")}
        corner = f"parleq-{os.getpid()}-{Path(home).name}"
        environment = {**kept, "HOME": home, "XDG_RUNTIME_DIR": runtime, "SYSTEMD_LOG_TARGET": "console"}
        shell = subprocess.Popen(
            [*_NAMESPACES, "sh", "-c", _INSIDE],
            env={**environment, "CORNER": corner}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=home,
        )  # fmt: skip
        assert shell.stdin is not None
        assert shell.stdout is not None
        try:
            assert shell.stdout.readline() == b"ready\n"
            inside = psutil.Process(shell.pid).children()[0].pid
            manager = UserSystemd(Path(home), Path(runtime), environment, inside)
            eventually(lambda: (Path(runtime) / "systemd" / "private").exists(), "systemd is there", 30)
            manager.run("systemctl", "--user", "is-system-running", "--wait")
            yield manager
        finally:
            shell.stdin.close()
            try:
                shell.wait(30)
            except subprocess.TimeoutExpired:
                shell.send_signal(signal.SIGKILL)
                shell.wait()
            shell.stdout.close()
            subprocess.run(["sh", "-c", _TIDY], env={**os.environ, "CORNER": corner}, check=False)


@cache
def _impossible() -> str | None:
    """Why namespaces cannot be had, or a file system mounted in them."""
    if shutil.which("nsenter") is None:
        return "nsenter is missing"
    tried = subprocess.run(
        [*_NAMESPACES, "sh", "-c", "mount -t tmpfs tmpfs /run/lock"], capture_output=True, text=True, check=False
    )
    return None if tried.returncode == 0 else tried.stderr.strip() or "unshare failed"


def _command(process: psutil.Process) -> list[str]:
    """Its command line; that of one that has just ended is empty."""
    try:
        return list(process.cmdline())
    except psutil.NoSuchProcess:
        return []
