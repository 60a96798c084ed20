from __future__ import annotations

import os
import subprocess
import sys

from parleqd._tools.bench import memory


def test_the_resident_memory_of_a_process_is_found() -> None:
    (figure,) = memory.measure_idle(os.getpid())
    assert figure.what == memory.IDLE.what
    assert figure.value > 1


def test_a_worker_is_a_child_and_its_peak_counts() -> None:
    child = "print('up', flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        figures = memory.measure_used(process.pid)
        assert process.stdin is not None
        process.stdin.close()  # both end
    assert [figure.what for figure in figures] == [memory.USED.what, memory.WORKER.what]
    assert all(figure.value > 1 for figure in figures)
