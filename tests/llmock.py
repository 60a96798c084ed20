"""LLMock: a model of others' making that fails as it is told, and judges how the client took it."""

from __future__ import annotations

import http.client
import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.parts import need

Behaviour = dict[str, object]
"""One of LLMock's own: ``fail``, ``stream_fault``, ``reply`` …"""

# Its own test server: it chooses a free port and tells it, and ends when nobody listens any more. Its answers take
# their time as a model's do: it sees whether a client leaves in the middle of one.
_SERVE = """
import sys
from llmock.chaos import StreamChaos
from llmock.testing import LLMockServer

with LLMockServer() as server:
    server.state.stream_chaos = StreamChaos(chunk_delay_ms=20)
    print(server.port, flush=True)
    sys.stdin.read()
"""


class LLMock:
    """One that runs. Its calls block: from an event loop, make them in a thread."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.resource = f"http://127.0.0.1:{port}/groq"
        """What a target names as its ``resource``: below it lies Azure's v1 path."""

    def play(self, behaviours: Sequence[Behaviour]) -> None:
        """Forget everything, and treat the next requests so."""
        self._ask("POST", "reset")
        self._ask("POST", "scenario", {"behaviors": list(behaviours)})

    def verdict(self) -> dict[str, Any]:
        """On all requests since."""
        verdict: dict[str, Any] = self._ask("GET", "verdict")
        return verdict

    def statuses(self) -> list[int]:
        """Of the answers to them."""
        return [request["status"] for request in self._ask("GET", "requests")["requests"]]

    def _ask(self, method: str, path: str, body: object = None) -> Any:
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)) as connection:
            connection.request(method, f"/_llmock/{path}", json.dumps(body))
            answer = connection.getresponse()
            said = answer.read()
        assert answer.status < 300, said
        return json.loads(said)


@contextmanager
def running_llmock() -> Iterator[LLMock]:
    """One on a free port of loopback. Call it outside of an event loop: it takes seconds to start."""
    command: list[str | Path] = [need("llmock"), "-c", _SERVE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield LLMock(int(process.stdout.readline()))
        finally:
            process.terminate()
