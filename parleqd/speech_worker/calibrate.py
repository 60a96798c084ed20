"""``python -m parleqd.speech_worker.calibrate FOLDER DEVICE``: how fast is this model here, and with what?

A decode costs its window and its tokens, whatever is said in it. So none of anybody's speech is needed: the window
holds noise, and the model is kept from ending before it has made as many tokens as that much speech has.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.calibration import SPEECH_S, TOKENS, Calibration, best, thread_counts
from parleqd.core.speech.devices import CPU, GPU, THREADS, Computing
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.loading import opened
from parleqd.speech_worker.process import end_with_parent, frames_on_stdout
from parleqd.speech_worker.window import WindowDecoder

_REPEATS = 4
_BUSY = 0.6
_FIRST_TO_DIE = Path("/proc/self/oom_score_adj")

Trial = Callable[[Computing], Calibration]
"""How fast the model is when it computes like this, or as the machine allows."""


def main(arguments: Sequence[str]) -> int:
    """Print the calibration as one line of JSON."""
    end_with_parent()
    out = frames_on_stdout()
    if _FIRST_TO_DIE.exists():  # it holds the model a second time: where that is too much, this process goes
        _FIRST_TO_DIE.write_text("1000")
    folder, device = arguments
    cores = os.cpu_count() or 1
    busy = os.getloadavg()[0] > cores * _BUSY
    # Where others come and go, whether two threads beat one is a matter of chance.
    found = calibrated(trial_of(Path(folder)), device, 1 if busy else cores)
    out.write(msgspec.json.encode(msgspec.structs.replace(found, busy=busy)) + b"\n")
    out.close()
    return 0


def calibrated(trial: Trial, device: str, cores: int) -> Calibration:
    """The best way to compute: on a GPU if it is not slower, and with more threads only while they help."""
    first = trial(Computing(device, threads=THREADS))
    on_gpu = first.computing.device == GPU
    if on_gpu and device == GPU:
        return first
    trials = [first]
    counts = thread_counts(cores)
    for threads in counts if on_gpu else counts[1:]:
        trials.append(trial(Computing(CPU, threads=threads)))
        if best(trials[-2:]) != trials[-1]:
            break
    return best(trials)


def trial_of(folder: Path) -> Trial:
    """Trials of the model in this folder, which raise whatever faster-whisper raises for a damaged one."""

    def trial(wanted: Computing) -> Calibration:
        whisper, computing, _ = opened(folder, wanted)
        return Calibration(computing, _factor(whisper))

    return trial


def _factor(whisper: Any) -> float:
    """The shortest of a few decodes, without the first, which is always slower: other programs only lengthen them."""
    window = WindowDecoder(whisper)
    noise = np.random.default_rng(seed=1).normal(0, 3000, round(SPEECH_S * SAMPLE_RATE)).astype(np.int16)
    took = [_seconds(window, noise) for _ in range(1 + _REPEATS)]
    return min(took[1:]) / SPEECH_S


def _seconds(window: WindowDecoder, samples: NDArray[np.int16]) -> float:
    began = time.monotonic()
    window.exercise(samples, TOKENS)
    return time.monotonic() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
