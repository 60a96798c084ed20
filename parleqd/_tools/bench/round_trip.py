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
_ECHO = "echo"


def measure(socket_path: Path, rounds: int = ROUNDS, trips: int = TRIPS) -> list[Figure]:
    """Blocks of round trips to echo and daemon, in turn, each over one connection; the first of each to warm up."""
    took: dict[str, list[float]] = {_ECHO: [], **{method: [] for method in BUDGETS}}
    with (
        _echo_server(socket_path.with_name("echo.sock")) as echo,
        _connected(echo) as to_echo,
        _connected(socket_path) as to_daemon,
    ):
        for number in range(rounds + 1):
            for name, values in took.items():
                stream, method = (to_echo, "status/get") if name == _ECHO else (to_daemon, name)
                request = b'{"jsonrpc":"2.0","id":1,"method":"%b","params":{}}\n' % method.encode()
                found = _trips(stream, request, trips)
                values += found if number else []
    return [_compare(method, took[method], took[_ECHO]) for method in BUDGETS]


def _compare(method: str, ours: list[float], echo: list[float]) -> Figure:
    detail = f"{median(ours):.0f} µs and {median(echo):.0f} µs, {len(ours)} of each"
    return BUDGETS[method].figure(median(ours) / median(echo), detail)


def _trips(stream: socket.socket, request: bytes, trips: int) -> list[float]:
    """Microseconds each."""
    found = []
    for _ in range(trips):
        began = perf_counter()
        stream.sendall(request)
        answer = stream.recv(65536)
        while not answer.endswith(b"\n"):
            answer += stream.recv(65536)
        found.append((perf_counter() - began) * 1e6)
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
