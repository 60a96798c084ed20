"""Many clients at once: nobody notices the others, and nothing is left of them afterwards."""

from __future__ import annotations

import statistics
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

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


@pytest.mark.timeout(300)
def test_two_hundred_idle_and_twenty_busy_clients() -> None:
    need("embedded-model")
    questions = scale(300, 2000)
    with running_daemon() as daemon:
        daemon.wait_ready()
        process = psutil.Process(daemon.process.pid)
        assert dictating_once(daemon)
        # what one client alone sees while as much is going on: the machine's load must not count against the daemon
        descriptors, threads, memory = process.num_fds(), process.num_threads(), process.memory_info().rss
        alone = asked(daemon, questions)
        stop = threading.Event()
        with ThreadPoolExecutor(BUSY) as pool:
            crowd = [idle(daemon) for _ in range(IDLE)]
            working = [pool.submit(dictating, daemon, stop) for _ in range(BUSY)]
            eventually(lambda: daemon.status()["sessions"] >= BUSY // 2, "the busy ones are at work")
            together = asked(daemon, questions)
            stop.set()
            assert sum(task.result() for task in working) >= BUSY
        for connection in crowd:
            connection.close()
        eventually(lambda: process.num_fds() <= descriptors, "the descriptors are back")
        assert process.num_threads() <= threads
        grown = process.memory_info().rss - memory
        print(
            f"status/get p95: alone {p95(alone) * 1e3:.2f} ms, in the crowd {p95(together) * 1e3:.2f} ms; "
            f"medians {statistics.median(alone) * 1e3:.2f} and {statistics.median(together) * 1e3:.2f} ms; "
            f"memory grew by {grown / 1e6:.1f} MB"
        )
        assert grown < 12_000_000
        assert p95(together) <= 5 * max(p95(alone), 0.001)


def dictating_once(daemon: Daemon) -> int:
    """One dictation, so that everything which is made at first use is there."""
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        task = pool.submit(dictating, daemon, stop)
        eventually(lambda: daemon.status()["sessions"] == 1, "it is at work")
        stop.set()
        return task.result()
