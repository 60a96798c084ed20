"""Independent peers drive a full dictation: a shell one-liner over netcat, and the JSON-RPC library of VS Code."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.e2e.programs import running_daemon
from tests.parts import ROOT, need

RECORDING = ROOT / "parleqd" / "_tools" / "demo_recording" / "demo.flac"


@pytest.mark.timeout(120)
def test_a_shell_one_liner_dictates_a_file() -> None:
    need("embedded-model")
    nc = need("nc")
    start = {"source": "file", "path": str(RECORDING), "pace": "fast", "mode": "raw"}
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "session/start", "params": start},
        {"jsonrpc": "2.0", "id": 2, "method": "session/result"},
    ]
    text = "\\n".join(json.dumps(line) for line in lines) + "\\n"
    with running_daemon() as daemon:
        # -N closes the sending side at the end of the input: every answer must still come
        command = f"printf '{text}' | {nc} -N -U {daemon.socket}"
        done = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=90, check=True)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert [answer["id"] for answer in answers] == [1, 2]
        assert answers[1]["result"]["verdict"] == "speech"
        (orphan,) = _pending(daemon.socket)
        assert orphan["session_id"] == answers[0]["result"]["session_id"]
        last = daemon.ctl("last", "--raw")
    assert last.stdout.strip() == answers[1]["result"]["raw"]


@pytest.mark.timeout(120)
def test_vscode_jsonrpc_dictates_a_file_with_content_length_framing() -> None:
    need("embedded-model")
    node, library = need("node"), need("vscode-jsonrpc").parent
    peer = ROOT / "tests" / "peers" / "vscode-jsonrpc" / "dictate.js"
    with running_daemon() as daemon:
        command = [str(node), str(peer), str(library), str(daemon.socket), str(RECORDING)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        assert result["verdict"] == "speech"
        assert result["text"]
        assert _pending(daemon.socket) == []


def _pending(socket_path: object) -> list[dict[str, object]]:
    from parleq_client.connection import Connection

    with Connection.open(str(socket_path)) as connection:
        found: list[dict[str, object]] = connection.call("session/pending", {"all": True})["sessions"]
        return found
