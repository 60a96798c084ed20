from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parts import ROOT

IN_A_CHILD = """
import os, resource, subprocess, sys
from parleqd.app.hardening import harden
harden()
sys.stdout.write(subprocess.run(["sh", "-c", sys.argv[1]], capture_output=True, text=True).stdout)
"""
CRASH = """
import os, resource
from parleqd.app.hardening import harden
word = "".join(reversed("dlefnroc")) * 3
resource.setrlimit = lambda *_: None
if {hardened}:
    harden()
os.abort()
"""
CORE_PATTERN = Path("/proc/sys/kernel/core_pattern")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="what is looked at is Linux's")


def in_a_child(command: str) -> str:
    """What a shell prints that a hardened process has started."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_CHILD, command], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout.strip()


def test_children_make_files_for_this_user_alone_and_leave_no_core() -> None:
    assert in_a_child("umask; ulimit -Sc; ulimit -Hc").split() == ["0077", "0", "0"]


@linux_only
def test_children_have_nothing_to_dump() -> None:
    assert int(in_a_child("cat /proc/self/coredump_filter"), 16) == 0


@linux_only
@pytest.mark.parametrize("hardened", [True, False])
def test_a_dump_that_no_limit_holds_back_has_nothing_in_it(hardened: bool, tmp_path: Path) -> None:
    """As one is that goes through a pipe: there the kernel heeds no limit."""
    if CORE_PATTERN.read_text().strip() != "core" or resource.getrlimit(resource.RLIMIT_CORE)[1] == 0:
        pytest.skip("no dump can be looked at here: that needs kernel.core_pattern=core, and no hard limit of 0")
    (tmp_path / "crash.py").write_text(CRASH.format(hardened=hardened))
    command = ["sh", "-c", f"ulimit -c unlimited; exec {sys.executable} crash.py"]
    subprocess.run(command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    (core,) = tmp_path.glob("core*")
    assert (b"cornfeld" * 3 in core.read_bytes()) is not hardened
