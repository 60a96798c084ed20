"""Many clients at once: nobody notices the others, and nothing is left of them afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import psutil
import pytest

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from tests.e2e.programs import Daemon, eventually, running_daemon
from tests.parts import PROVING, ROOT, need, scale

pytestmark = pytest.mark.alone

RECORDING = ROOT / "parleqd" / "_tools" / "demo_recording" / "demo.flac"
IDLE, BUSY = 200, 20


# A client in a process of its own: the busy ones' threads must not be measured.
ASKER = """
import json, sys, time
from parleq_client.connection import Connection
took = []
with Connection.open(sys.argv[1]) as connection:
    for _ in range(int(sys.argv[2])):
        began = time.perf_counter()
        connection.call("status/get")
        took.append(time.perf_counter() - began)
print(json.dumps(sorted(took)))
"""


def percentile(ordered: list[float], percent: int) -> float:
    """Nearest rank."""
    return ordered[-(-percent * len(ordered) // 100) - 1]


def asked(daemon: Daemon, times: int) -> list[float]:
    """How long ``status/get`` took, each time, in seconds, ascending."""
    command = [sys.executable, "-c", ASKER, str(daemon.socket), str(times)]
    done = subprocess.run(command, capture_output=True, check=True, env=daemon.environment, timeout=60)
    took: list[float] = json.loads(done.stdout)
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
            f"status/get p50 {_compared(alone, second.took, 50)}, p95 {_compared(alone, second.took, 95)}; "
            f"memory {before[1] / 1e6:.1f}, then {first.memory / 1e6:.1f} and {second.memory / 1e6:.1f} MB; "
            f"descriptors {before[0]}, then {first.descriptors} and {second.descriptors}"
        )
        assert second.descriptors == first.descriptors
        assert second.threads <= first.threads
        # What is made at first use stays; what a crowd brings goes back once all is quiet.
        # (8 MB: the history of forty dictations, and modules that the first of them imports. test_soak.py has what
        # grows in the long run.)
        eventually(lambda: process.memory_info().rss - before[1] < 12_000_000, "the memory is back")
        for percent in (50, 95) if PROVING else (50,):
            assert percentile(second.took, percent) <= 5 * percentile(alone, percent)


def _compared(alone: list[float], together: list[float], percent: int) -> str:
    return (
        f"{percentile(alone, percent) * 1e3:.2f} ms alone and {percentile(together, percent) * 1e3:.2f} ms in the crowd"
    )
