"""What a child asks of its operating system, seen from outside."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest

from parleqd.speech_worker.process import give_memory_back, report

CHILD = """
from parleqd.speech_worker.process import end_with_parent
end_with_parent()
print("ready", flush=True)
input()
"""
PARENT = f"""
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {CHILD!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
sys.stdin.read()
os._exit(0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_child_ends_with_its_parent() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(timeout=10)  # raises TimeoutExpired when it lives on


def test_prints_never_come_between_the_frames() -> None:
    code = """
import os
from parleqd.speech_worker.process import frames_on_stdout
with frames_on_stdout() as frames:
    print("a library says hello", flush=True)
    os.write(1, b"so does native code")
    frames.write(b"frames")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"frames"
    assert done.stderr == b"a library says hello\nso does native code"


@pytest.mark.parametrize(
    "failing",
    [
        "raise KeyError('text')",
        "try: {}['text']\nexcept KeyError as error: raise ExceptionGroup('text', [error])",
        "import threading; threading.Thread(target=lambda: {}['text']).start()",
    ],
)
def test_what_nobody_catches_tells_where_and_not_what(failing: str) -> None:
    code = f"from parleqd.speech_worker.process import report_what_ends_it\nreport_what_ends_it()\n{failing}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.endswith("KeyError\n")
    assert 'File "<string>", line 3' in done.stderr
    assert "text" not in done.stderr


def test_a_report_tells_where_and_not_what(capsys: pytest.CaptureFixture[str]) -> None:
    dictated = "text"
    try:
        raise ValueError(dictated)
    except ValueError as error:
        report(error)
    printed = capsys.readouterr().err
    assert printed.endswith("ValueError\n")
    assert "test_process.py" in printed
    assert "text" not in printed


def test_giving_memory_back_works_on_this_platform() -> None:
    give_memory_back()
