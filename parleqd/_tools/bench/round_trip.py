"""Budget: a request and its answer, over a bare echo on the same kind of socket with the same client code."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter

from parleqd._tools.bench.figures import Budget, Figure
from parleqd._tools.private_daemon import ENDS_WITHIN_S

BUDGETS = {
    method: Budget(f"round trip of `{method}`, over a bare asyncio echo, p50", 2, "×")
    for method in ("status/get", "session/pending")
}
ROUNDS = 20
TRIPS = 50


def measure(socket_path: Path) -> list[Figure]:
    """Blocks of round trips to echo and daemon, in turn, each over one connection."""
    figures = []
    with _echo_server(socket_path.with_name("echo.sock")) as echo:
        for method, budget in BUDGETS.items():
            request = b'{"jsonrpc":"2.0","id":1,"method":"%b","params":{}}\n' % method.encode()
            ours, bare = _side_by_side(socket_path, echo, request)
            detail = f"{ours * 1000:.0f} µs and {bare * 1000:.0f} µs over {ROUNDS * TRIPS} each"
            figures.append(budget.figure(ours / bare, detail))
    return figures


def _side_by_side(ours: Path, echo: Path, request: bytes) -> tuple[float, float]:
    """Median milliseconds of both."""
    took: dict[Path, list[float]] = {echo: [], ours: []}
    with _connected(echo) as to_echo, _connected(ours) as to_us:
        for _ in range(ROUNDS):
            for path, stream in ((echo, to_echo), (ours, to_us)):
                took[path] += _trips(stream, request)
    return median(took[ours]), median(took[echo])


def _trips(stream: socket.socket, request: bytes) -> list[float]:
    found = []
    for _ in range(TRIPS):
        began = perf_counter()
        stream.sendall(request)
        answer = stream.recv(65536)
        while not answer.endswith(b"\n"):
            answer += stream.recv(65536)
        found.append((perf_counter() - began) * 1000)
    return found


@contextmanager
def _connected(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as stream:
        stream.settimeout(ENDS_WITHIN_S)
        stream.connect(str(path))
        yield stream


@contextmanager
def _echo_server(path: Path) -> Iterator[Path]:
    command = [sys.executable, "-m", "parleqd._tools.bench.echo_server", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield path
        finally:
            process.terminate()
