"""The bridge between an editor that dies and a daemon that does: the other side learns of it, and no word is lost."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pytest

from tests.e2e.programs import Daemon, eventually, running_daemon
from tests.fakes.command_line import parleqctl_process

SECOND = base64.b64encode(bytes(32000)).decode()


@contextmanager
def bridged(daemon: Daemon) -> Iterator[tuple[subprocess.Popen[bytes], socket.socket, BinaryIO]]:
    """The bridge as node and libuv start it: its standard input and output are sockets."""
    ours, theirs = socket.socketpair()
    command, _ = parleqctl_process()
    process = subprocess.Popen(
        [*command, "bridge", "--socket", str(daemon.socket)],
        stdin=theirs.fileno(), stdout=theirs.fileno(), stderr=subprocess.DEVNULL, env=daemon.environment,
    )  # fmt: skip
    theirs.close()
    try:
        with ours, ours.makefile("rb") as lines:
            ours.settimeout(30)
            yield process, ours, lines
    finally:
        process.kill()
        process.wait()


def call(editor: socket.socket, lines: BinaryIO, number: int, method: str, **params: Any) -> dict[str, Any]:
    editor.sendall(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n")
    while (answer := json.loads(lines.readline())).get("id") != number:
        pass
    result: dict[str, Any] = answer["result"]
    return result


@pytest.mark.timeout(120)
def test_a_daemon_that_is_killed_ends_the_bridge_with_3_and_the_editors_input() -> None:
    with running_daemon() as daemon, bridged(daemon) as (process, editor, lines):
        assert call(editor, lines, 1, "status/get")["state"] == "idle"
        daemon.crash()
        assert lines.readline() == b""
        assert process.wait(30) == 3
        daemon.start_again()


@pytest.mark.timeout(120)
def test_an_editor_that_dies_ends_the_bridge_and_its_recording_stops() -> None:
    with running_daemon() as daemon:
        with bridged(daemon) as (process, editor, lines):
            client = {"name": "editor", "instance": "one"}
            call(editor, lines, 1, "initialize", client=client, protocol=1)
            session_id = call(editor, lines, 2, "session/start", source="stream")["session_id"]
            call(editor, lines, 3, "session/audio", session_id=session_id, pcm=SECOND)
            assert daemon.status()["sessions"] == 1
            editor.shutdown(socket.SHUT_RDWR)
            assert process.wait(30) == 0
        eventually(lambda: daemon.status()["sessions"] == 0, "the recording stopped, as nobody was there")
