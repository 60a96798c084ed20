from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import os, sys
from parleqd.app.native_errors import native_errors_silenced
before = sys.stderr
with native_errors_silenced():
    os.write(2, b"from C\\n")
    print("from Python", file=sys.stderr)
assert sys.stderr is before
os.write(2, b"after\\n")
"""


WITHOUT_STDERR = """
from parleqd.app.native_errors import native_errors_silenced
with native_errors_silenced():
    print("still there")
"""


def test_only_python_is_heard_inside() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False, timeout=10)
    assert (done.returncode, done.stderr) == (0, "from Python\nafter\n")


def test_without_a_standard_error_nothing_is_done() -> None:
    command = ["sh", "-c", 'exec "$0" -c "$1" 2>&-', sys.executable, WITHOUT_STDERR]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    assert (done.returncode, done.stdout) == (0, "still there\n")
