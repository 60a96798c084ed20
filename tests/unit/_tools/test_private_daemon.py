from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parleq_client import UnreachableError
from parleqd._tools.private_daemon import NoDaemonError, PrivateDaemon, private_daemon


@contextmanager
def daemon_that(program: str, folder: Path) -> Iterator[PrivateDaemon]:
    """A Python program in place of the daemon's."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stderr=log)
    with process:
        yield PrivateDaemon(process, folder / "s", folder / "log")


def test_a_real_daemon_answers_with_nobodys_settings_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    monkeypatch.setenv("PARLEQ_SOCKET", str(elsewhere))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://example.invalid")
    with private_daemon("cleanup.mode = 'raw'") as daemon:
        daemon.wait_for_answer()
        with daemon.connect() as connection:
            status = connection.call("status/get")
    assert (status["cleanup"]["mode"], status["cleanup"]["targets"]) == ("raw", [])
    assert status["config"]["state"] == "ok"
    assert daemon.process.returncode == 0
    assert not daemon.socket_path.parent.exists()
    assert not elsewhere.exists()


def test_a_daemon_that_ends_at_once_is_told_with_what_it_wrote(tmp_path: Path) -> None:
    with daemon_that("raise SystemExit('no such thing')", tmp_path) as daemon:
        with pytest.raises(NoDaemonError, match=r"with code 1:\nno such thing"):
            daemon.wait_for_answer()


def test_a_daemon_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with daemon_that("input()", tmp_path) as daemon:
        with pytest.raises(NoDaemonError, match="did not answer"):
            daemon.wait_for_answer(within_s=0.0)
        daemon.stop()


def test_a_daemon_that_does_not_heed_is_ended_by_force(tmp_path: Path) -> None:
    deaf = "import signal, sys; signal.signal(15, signal.SIG_IGN); print('deaf', file=sys.stderr); input()"
    with daemon_that(deaf, tmp_path) as daemon:
        while "deaf" not in daemon.log_tail():
            assert daemon.process.poll() is None
        daemon.stop(within_s=0.1)
    assert daemon.process.returncode == -9


def test_nobody_listens_before_the_daemon_does(tmp_path: Path) -> None:
    with daemon_that("input()", tmp_path) as daemon:
        with pytest.raises(UnreachableError):
            daemon.connect()
        daemon.stop()
