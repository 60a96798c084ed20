"""What a process uses, out of /proc (proc(5)): processor time and memory. Elsewhere than on Linux nothing is known."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")
_KB_A_MB = 1024


def cpu_seconds(pid: int, proc: Path = PROC) -> float | None:
    """Processor time of all its threads so far."""
    fields = _stat(proc / str(pid))
    return None if fields is None else (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_mb(pid: int, proc: Path = PROC) -> float | None:
    """The most memory that was resident at once (VmHWM), since `forget_peak`."""
    try:
        lines = (proc / str(pid) / "status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / _KB_A_MB for line in lines if line.startswith("VmHWM:")), None)


def forget_peak(pid: int, proc: Path = PROC) -> None:
    """Measure the peak anew from what is resident now, where the system lets one."""
    try:
        (proc / str(pid) / "clear_refs").write_text("5")
    except OSError:
        pass


def worker_of(daemon: int, proc: Path = PROC) -> int | None:
    """The speech worker that is a child of this daemon."""
    for folder in proc.glob("[0-9]*"):
        fields = _stat(folder)
        if fields is not None and int(fields[1]) == daemon and _is_worker(folder):
            return int(folder.name)
    return None


def _is_worker(folder: Path) -> bool:
    try:
        return b"parleqd.speech_worker" in (folder / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def _stat(folder: Path) -> list[str] | None:
    """The fields behind the program's name, which may hold blanks: state, parent …"""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
