"""Budgets: resident memory of the daemon, idle and after dictations, and the worker's peak."""

from __future__ import annotations

from pathlib import Path

import psutil

from parleqd._tools.bench.figures import Budget, Figure

IDLE = Budget("daemon, resident, idle", 40, "MB")
USED = Budget("daemon, resident, after dictations", 90, "MB")
WORKER = Budget("worker with tiny.en, resident, peak", 260, "MB")
_MB = 1024 * 1024


def measure_idle(daemon: int) -> list[Figure]:
    """Before the first dictation, the model loaded in the worker. ``daemon`` is its process id."""
    return [IDLE.figure(_resident(daemon), f"before the first dictation; {_own(daemon)}")]


def measure_used(daemon: int) -> list[Figure]:
    """After some dictations. Its only child is the worker."""
    peaks = [_peak(child) for child in psutil.Process(daemon).children()]
    return [
        USED.figure(_resident(daemon), "after the dictations above; no microphone, no Polished"),
        *([WORKER.figure(max(peaks), "up to now")] if peaks else []),
    ]


def _resident(daemon: int) -> float:
    return float(psutil.Process(daemon).memory_info().rss) / _MB


def _own(daemon: int) -> str:
    """Resident pages of libraries count fully, though every process that uses them shares them: PortAudio's ALSA
    loads each plugin that is installed, and Debian's a52 brings all of FFmpeg."""
    return f"{psutil.Process(daemon).memory_full_info().uss / _MB:.0f} MB of it are its own, the rest library pages"


def _peak(process: psutil.Process) -> float:
    """proc(5) keeps the high-water mark as VmHWM; elsewhere what is resident now has to do."""
    status = Path(f"/proc/{process.pid}/status")
    if not status.exists():
        return float(process.memory_info().rss) / _MB
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
