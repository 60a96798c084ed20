"""The real worker and its real model, starved and damaged: no text is lost, and none is wrong."""

from __future__ import annotations

import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from parleq_client.errors import RefusedError
from tests.e2e.programs import Daemon, eventually, running_daemon
from tests.e2e.recordings import samples
from tests.parts import need

SPOKEN = "utt-84-121123-0007.flac"
WORKER = "parleqd.speech_worker"

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(sys.platform != "linux", reason="limits and small file systems as Linux has them"),
]


def dictated(connection: Connection) -> str:
    """One dictation, or whatever can be recovered of it."""
    dictation = Dictation(connection)
    dictation.start_stream(mode="raw")
    dictation.feed(samples(SPOKEN))
    dictation.stop()
    return text_of(dictation)


def text_of(dictation: Dictation) -> str:
    """Taken."""
    text = str(dictation.result()["text"])
    dictation.acknowledge("read")
    return text


def damaged(model: Path, whole: bytes) -> None:
    """As a download that broke off."""
    model.write_bytes(whole[: len(whole) // 2])


def gone(model: Path, whole: bytes) -> None:
    """Deleted."""
    model.unlink()


@pytest.mark.parametrize("damage", [damaged, gone])
def test_a_model_that_is_damaged_is_told_of_and_costs_no_audio(
    damage: Callable[[Path, bytes], None], tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(need("embedded-model") / "model", folder)
    model = folder / "model.bin"
    whole = model.read_bytes()
    with running_daemon(f'[speech]\nmodel = "{folder}"\n') as daemon, daemon.connect() as connection:
        connection.initialize("test", instance="a", partials=False)
        daemon.wait_ready()
        expected = dictated(connection)
        assert expected
        damage(model, whole)
        kill(daemon)
        with pytest.raises(RefusedError) as refusal:
            dictated(connection)
        assert refusal.value.reason in ("model_damaged", "model_missing")
        model.write_bytes(whole)
        again = Dictation(connection)
        again.recover()
        assert text_of(again) == expected


def test_a_worker_that_gets_no_more_memory_costs_no_text() -> None:
    need("embedded-model")
    with running_daemon() as daemon, daemon.connect() as connection:
        connection.initialize("test", instance="a", partials=False)
        daemon.wait_ready()
        expected = dictated(connection)
        for more in (0, 1 << 20, 16 << 20):
            [worker] = eventually_there(daemon)
            most = worker.memory_info().vms + more
            resource.prlimit(worker.pid, resource.RLIMIT_AS, (most, most))
            assert dictated(connection) == expected
            kill(daemon)


def test_a_daemon_without_a_free_descriptor_cannot_start_a_worker_and_does_so_later() -> None:
    need("embedded-model")
    with running_daemon() as daemon, daemon.connect() as connection:
        connection.initialize("test", instance="a", partials=False)
        daemon.wait_ready()
        expected = dictated(connection)
        process = psutil.Process(daemon.process.pid)
        before = process.rlimit(psutil.RLIMIT_NOFILE)
        kill(daemon)
        process.rlimit(psutil.RLIMIT_NOFILE, (3, before[1]))  # those that the dead worker leaves cannot be had either
        dictation = Dictation(connection)
        dictation.start_stream(mode="raw")
        dictation.feed(samples(SPOKEN))
        dictation.stop()
        eventually(lambda: "worker_start_failed" in daemon.log, "no worker can be started")
        process.rlimit(psutil.RLIMIT_NOFILE, before)
        assert text_of(dictation) == expected


def eventually_there(daemon: Daemon) -> list[psutil.Process]:
    """The worker that is to run next."""
    eventually(lambda: daemon.children(WORKER), "another worker runs")
    daemon.wait_ready()
    return daemon.children(WORKER)


def kill(daemon: Daemon) -> None:
    """The worker that runs."""
    for worker in daemon.children(WORKER):
        worker.kill()
        worker.wait(10)
