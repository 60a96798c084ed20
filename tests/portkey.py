"""Portkey's gateway: it routes requests between deployments as its configuration says, an oracle for our router."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.parts import ROOT, need


@contextmanager
def running_portkey() -> Iterator[str]:
    """Its URL, without a path. Call it outside of an event loop: it takes seconds to start."""
    command: list[str | Path] = [need("node"), "--require", ROOT / "tests" / "peers" / "portkey" / "loopback.cjs"]
    command += [need("portkey"), "--headless"]
    environment = os.environ | {"TRUSTED_CUSTOM_HOSTS": "127.0.0.1", "NODE_ENV": "production"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        port = _port(process)
        # It writes on, and must not wait for a reader.
        with subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL):
            try:
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()


def _port(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        if found := re.search(r"port: (\d+)", line):
            return found[1]
        said.append(line)
    raise AssertionError(f"the gateway did not start:\n{''.join(said)}")
