"""WireMock: a server of others' making that matches requests exactly and breaks connections in every way."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.parts import ROOT, need

FAULTS = ("EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE", "CONNECTION_RESET_BY_PEER")
"""Each is served at /faults/NAME, as tests/peers/wiremock/mappings.json says; what stands nowhere there is a 404."""


@contextmanager
def running_wiremock(folder: Path) -> Iterator[str]:
    """Its URL, without a path. ``folder`` is empty. Call it outside of an event loop: it takes seconds to start."""
    jar, java = need("wiremock"), need("java")
    mappings = folder / "mappings"
    mappings.mkdir()
    shutil.copy(ROOT / "tests" / "peers" / "wiremock" / "mappings.json", mappings)
    command: list[str | Path] = [java, "-XX:TieredStopAtLevel=1", "-Xmx256m", "-jar", jar]
    command += ["--port", "0", "--bind-address", "127.0.0.1", "--root-dir", folder]
    command += ["--disable-banner", "--no-request-journal"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield f"http://127.0.0.1:{_port(process)}"
        finally:
            process.terminate()


def _port(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        if found := re.match(r"port: +(\d+)$", line.strip()):
            return found[1]
        said.append(line)
    raise AssertionError(f"WireMock did not start:\n{''.join(said)}")
