"""The program: runs every measurement, prints each figure beside its budget; 1 when a budget is missed."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

from parleqd._tools.bench import (
    added_latency,
    desktop,
    first_frame,
    instant,
    instant_memory,
    memory,
    model_ready,
    release_to_raw,
    round_trip,
    start_up,
    status,
)
from parleqd._tools.bench.figures import Budget, Figure, told
from parleqd._tools.private_daemon import NoDaemonError, private_daemon

EXIT_MISSED = 1
EXIT_NO_DAEMON = 2


def measure() -> Iterator[Figure]:
    """Every figure, as it is found; what needs a quiet daemon comes before what does not."""
    yield from instant.measure()
    yield from instant_memory.measure()
    yield from start_up.measure()
    began = perf_counter()
    with private_daemon() as daemon:
        yield from model_ready.measure(daemon, began)
        yield from memory.measure_idle(daemon.process.pid)
        yield from status.measure(daemon.socket_path)
        yield from round_trip.measure(daemon.socket_path)
        yield from added_latency.measure(daemon.socket_path)
        yield from memory.measure_used(daemon.process.pid)
    yield from first_frame.measure()
    yield from desktop.measure()
    yield from release_to_raw.measure()


def main(arguments: Sequence[str] | None = None, figures: Callable[[], Iterator[Figure]] = measure) -> int:
    """Tell each of the ``figures`` as it is found; returns the exit code."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a figure, one a line")
    as_json: bool = parser.parse_args(arguments).json
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that its processes end with it
    tell = _as_json if as_json else told
    found = []
    try:
        for figure in figures():
            found.append(figure)
            print(tell(figure), flush=True)
    except NoDaemonError as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return EXIT_NO_DAEMON
    missed = [figure.what for figure in found if figure.held is False]
    for what in missed:
        print(f"bench: over budget: {what}", file=sys.stderr)
    return EXIT_MISSED if missed else 0


def budgets() -> list[Budget]:
    """Everything that is held to something."""
    return [
        start_up.BUDGET,
        status.BUDGET,
        *round_trip.BUDGETS.values(),
        added_latency.BUDGET,
        *release_to_raw.BUDGETS.values(),
        first_frame.BUDGET,
        desktop.KEY_BUDGET,
        desktop.TEXT_BUDGET,
        instant.BUDGET,
        instant.LONG,
        instant.GROWTH,
        instant_memory.ENGINE,
        instant_memory.VOCABULARY,
        memory.IDLE,
        memory.USED,
        memory.WORKER,
    ]


def budget_table(_: Path) -> str:
    """The budgets as ARCHITECTURE.md shows them."""
    rows = [f"| {budget.what} | ≤ {budget.limit:g} {budget.unit} |" for budget in budgets()]
    return "\n".join(["| what | budget |", "| --- | --- |", *rows])


def _as_json(figure: Figure) -> str:
    return json.dumps(figure.as_dict())
