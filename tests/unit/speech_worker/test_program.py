"""The worker as a process."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parleqd.core.speech import messages as m
from parleqd.core.speech import wire
from parleqd.speech_worker.program import main

PROGRAM = [sys.executable, "-m", "parleqd.speech_worker"]


@contextmanager
def started() -> Iterator[tuple[subprocess.Popen[bytes], socket.socket]]:
    """A worker, and the daemon's end of its socket."""
    ours, theirs = socket.socketpair()
    ours.settimeout(15)
    with ours, theirs:
        command = [*PROGRAM, "--fd", str(theirs.fileno())]
        with subprocess.Popen(command, pass_fds=[theirs.fileno()], stderr=subprocess.PIPE) as process:
            theirs.close()
            try:
                yield process, ours
            finally:
                process.kill()


def receive(sock: socket.socket) -> m.Event:
    (event,) = wire.events().feed(sock.recv(4096))
    return event


def test_it_answers_before_it_is_told_what_to_load_and_ends_with_the_socket() -> None:
    with started() as (process, daemon):
        daemon.sendall(wire.pack(m.Ping(1)))
        assert receive(daemon) == m.Pong(1, 0.0)
        daemon.close()
        assert process.wait(timeout=15) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_missing_model_ends_it_in_order(tmp_path: Path) -> None:
    with started() as (process, daemon):
        daemon.sendall(wire.pack(m.Load("none", str(tmp_path))))
        failed = receive(daemon)
        assert isinstance(failed, m.LoadFailed)
        assert failed.missing
        assert process.wait(timeout=15) == 0


def test_it_is_not_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([])
    assert "--fd" in capsys.readouterr().err
