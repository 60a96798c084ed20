from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parleqd._tools.bench.speech import process_use

linux = pytest.mark.skipif(sys.platform != "linux", reason="there is a /proc on Linux only")


def process(proc: Path, pid: int, parent: int, *command: str) -> None:
    """As proc(5) has it, with a name that looks like the end of it."""
    folder = proc / str(pid)
    folder.mkdir()
    ticks = os.sysconf("SC_CLK_TCK")
    (folder / "stat").write_text(f"{pid} (a) b) S {parent} 1 1 0 -1 0 0 0 0 0 {2 * ticks} {ticks} 0 0 20 0 1 0\n")
    (folder / "cmdline").write_bytes(b"\0".join(part.encode() for part in command) + b"\0")
    (folder / "status").write_text("Name:\tx\nVmPeak:\t  9999 kB\nVmHWM:\t  2048 kB\nVmRSS:\t 1024 kB\n")


def test_processor_time_is_that_of_user_and_system(tmp_path: Path) -> None:
    process(tmp_path, 7, 1, "python")
    assert process_use.cpu_seconds(7, tmp_path) == 3.0
    assert process_use.peak_mb(7, tmp_path) == 2.0


def test_the_worker_is_the_child_with_its_module(tmp_path: Path) -> None:
    process(tmp_path, 7, 1, "python", "-m", "parleqd")
    process(tmp_path, 8, 7, "python", "-m", "parleqd.speech_worker.decode")
    process(tmp_path, 9, 1, "python", "-m", "parleqd.speech_worker")
    assert process_use.worker_of(7, tmp_path) is None
    process(tmp_path, 10, 7, "python", "-P", "-m", "parleqd.speech_worker", "--fd", "4")
    assert process_use.worker_of(7, tmp_path) == 10


def test_of_a_process_that_is_gone_nothing_is_known(tmp_path: Path) -> None:
    assert process_use.cpu_seconds(7, tmp_path) is None
    assert process_use.peak_mb(7, tmp_path) is None
    process_use.forget_peak(7, tmp_path)


@linux
def test_the_real_figures_of_this_process() -> None:
    used = process_use.cpu_seconds(os.getpid())
    assert used is not None
    assert used > 0
    process_use.forget_peak(os.getpid())
    peak = process_use.peak_mb(os.getpid())
    assert peak is not None
    assert peak > 1
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE):
        assert process_use.worker_of(os.getpid()) is None
