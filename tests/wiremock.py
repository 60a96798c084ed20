"""WireMock: a server of others' making that matches requests exactly and breaks connections in every way."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.parts import ROOT, need

FAULTS = ("EMPTY_RESPONSE", "MALFORMED_RESPONSE_CHUNK", "RANDOM_DATA_THEN_CLOSE", "CONNECTION_RESET_BY_PEER")
"""How connections break. Each is met below /faults/NAME, as tests/peers/wiremock/mappings.json says; what stands
nowhere there is a 404."""
SLOW = ("DRIBBLE", "LATE")
"""How an answer takes longer than anybody waits: in small pieces, or before it begins. Below /faults/NAME too."""
ANSWER = "answer.sse"
"""The file of a good answer, for ``bodyFileName``."""


class WireMock:
    """One that runs. Its calls block: from an event loop, make them in a thread."""

    def __init__(self, url: str) -> None:
        self.url = url
        """Without a path."""

    def expect(self, request: dict[str, Any], response: dict[str, Any]) -> None:
        """Answer this request so, from now on: a mapping in WireMock's own words."""
        self._ask("POST", "mappings", {"request": request, "response": response})

    def reset(self) -> None:
        """The faults are back, and what was expected is forgotten."""
        self._ask("POST", "scenarios/reset")
        self._ask("POST", "mappings/reset")

    def mend(self) -> None:
        """What is below /faults gives good answers."""
        self._ask("PUT", "scenarios/faults/state", {"state": "mended"})

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        where = urlsplit(self.url)
        with closing(http.client.HTTPConnection(str(where.hostname), where.port, timeout=10)) as connection:
            connection.request(method, f"/__admin/{path}", "" if body is None else json.dumps(body))
            answer = connection.getresponse()
            said = answer.read()
        assert answer.status < 300, said
        return json.loads(said or b"null")


@contextmanager
def running_wiremock(folder: Path) -> Iterator[WireMock]:
    """One on a free port of loopback. ``folder`` is empty. Call it outside of an event loop: it is slow to start."""
    jar, java = need("wiremock"), need("java")
    mappings, files = folder / "mappings", folder / "__files"
    peer = ROOT / "tests" / "peers" / "wiremock"
    for made, name in ((mappings, "mappings.json"), (files, ANSWER)):
        made.mkdir()
        shutil.copy(peer / name, made)
    command: list[str | Path] = [java, "-XX:TieredStopAtLevel=1", "-Xmx256m", "-jar", jar]
    command += ["--port", "0", "--bind-address", "127.0.0.1", "--root-dir", folder]
    command += ["--disable-banner", "--no-request-journal"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        port = _port(process)
        # It writes on, and must not wait for a reader.
        with subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL):
            try:
                yield WireMock(f"http://127.0.0.1:{port}")
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
