from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path


def test_what_is_sent_comes_back(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    command = [sys.executable, "-m", "parleqd._tools.bench.echo_server", path]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE) as process,
        socket.socket(socket.AF_UNIX) as stream,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        stream.connect(path)
        with stream.makefile("rwb") as lines:
            for line in (b"one\n", b"two\n"):
                lines.write(line)
                lines.flush()
                assert lines.readline() == line
        process.terminate()
