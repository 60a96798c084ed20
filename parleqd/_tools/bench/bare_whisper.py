"""The yardstick for added latency: faster-whisper alone, with the worker's parameters, on whole clips.

Reads paths of files with 16 kHz samples from stdin, one a line; answers each with the milliseconds that its text
took, and its words.
"""

from __future__ import annotations

import sys
from time import perf_counter
from typing import Any

from parleqd.speech_worker.model import COMPUTE_TYPE, THREADS

_BEAM_SIZE, _TEMPERATURE = 1, 0.0  # as `speech_worker.window` decodes


def serve(folder: str) -> None:
    """Load the model, say so, then answer until stdin ends."""
    import numpy as np
    from faster_whisper import WhisperModel

    model: Any = WhisperModel(
        folder, device="cpu", compute_type=COMPUTE_TYPE, cpu_threads=THREADS, local_files_only=True
    )
    print("ready", flush=True)
    for line in sys.stdin:
        samples = np.fromfile(line.strip(), np.int16).astype(np.float32) / 32768
        began = perf_counter()
        pieces, _ = model.transcribe(samples, language="en", beam_size=_BEAM_SIZE, temperature=_TEMPERATURE)
        text = " ".join(piece.text.strip() for piece in pieces)
        print(f"{(perf_counter() - began) * 1000:.3f} {len(text.split())}", flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
