"""Many clients at once: nobody notices the others, and nothing is left of them afterwards."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import NamedTuple

import psutil
import pytest

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from tests.e2e.programs import Daemon, eventually, running_daemon
from tests.parts import ROOT, need, scale

RECORDING = ROOT / "parleqd" / "_tools" / "demo_recording" / "demo.flac"
IDLE, BUSY = 200, 20


def p95(values: list[float]) -> float:
    """Nearest rank."""
    return sorted(values)[int(0.95 * len(values))]


def asked(daemon: Daemon, times: int) -> list[float]:
    """How long ``status/get`` took, each time."""
    took = []
    with daemon.connect() as connection:
        for _ in range(times):
            began = perf_counter()
            connection.call("status/get")
            took.append(perf_counter() - began)
    return took


def dictating(daemon: Daemon, stop: threading.Event) -> int:
    """A busy client: one dictation after the other."""
    done = 0
    with daemon.connect() as connection:
        connection.initialize("busy", instance=str(uuid.uuid4()))
        while not stop.is_set():
            dictation = Dictation(connection)
            dictation.start_file(str(RECORDING), pace="realtime")
            assert dictation.result()["verdict"] == "speech"
            dictation.acknowledge("sent")
            done += 1
    return done


def idle(daemon: Daemon) -> Connection:
    """A client that has said who it is, and then nothing more."""
    connection = daemon.connect()
    connection.initialize("idle", instance=str(uuid.uuid4()))
    return connection


class Crowd(NamedTuple):
    """What one crowd did: how long ``status/get`` took meanwhile, and what the daemon holds once it is gone."""

    took: list[float]
    descriptors: int
    threads: int
    memory: int


def crowd(daemon: Daemon, questions: int) -> Crowd:
    """Let everybody in, ask in their midst, let everybody go."""
    process = psutil.Process(daemon.process.pid)
    stop = threading.Event()
    with ThreadPoolExecutor(BUSY) as pool:
        bystanders = [idle(daemon) for _ in range(IDLE)]
        working = [pool.submit(dictating, daemon, stop) for _ in range(BUSY)]
        eventually(lambda: daemon.status()["sessions"] >= BUSY // 2, "the busy ones are at work")
        took = asked(daemon, questions)
        stop.set()
        assert sum(task.result() for task in working) >= BUSY
    full = process.num_fds()
    for connection in bystanders:
        connection.close()
    eventually(lambda: process.num_fds() <= full - IDLE, "the descriptors are back")
    return Crowd(took, process.num_fds(), process.num_threads(), process.memory_info().rss)


@pytest.mark.timeout(300)
def test_two_hundred_idle_and_twenty_busy_clients() -> None:
    need("embedded-model")
    questions = scale(300, 2000)
    with running_daemon() as daemon:
        daemon.wait_ready()
        process = psutil.Process(daemon.process.pid)
        before = process.num_fds(), process.memory_info().rss
        alone = asked(daemon, questions)
        first, second = crowd(daemon, questions), crowd(daemon, questions)
        print(
            f"status/get p95: alone {p95(alone) * 1e3:.2f} ms, in the crowds {p95(first.took) * 1e3:.2f} and "
            f"{p95(second.took) * 1e3:.2f} ms; memory {before[1] / 1e6:.1f}, then {first.memory / 1e6:.1f} and "
            f"{second.memory / 1e6:.1f} MB; descriptors {before[0]}, then {first.descriptors}, {second.descriptors}"
        )
        assert second.descriptors == first.descriptors
        assert second.threads <= first.threads
        # what is made at first use stays; what a crowd brings does not
        assert second.memory - first.memory < 4_000_000
        assert p95(second.took) <= 5 * p95(alone)
