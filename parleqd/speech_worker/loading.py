"""Opens a model's folder on the best device that works."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from parleqd.core.speech.devices import GPU, Computing, missed, ways
from parleqd.speech_worker.features import BlockwiseFeatures
from parleqd.speech_worker.process import report
from parleqd.speech_worker.whisper import WhisperModel
from parleqd.speech_worker.window import AT_ONCE

_LEAST_FRAMES = 100


class Opened(NamedTuple):
    """A faster-whisper model, how it computes, and why not as it was wanted ("" when it does)."""

    whisper: Any
    computing: Computing
    problem: str


def opened(folder: Path, wanted: Computing) -> Opened:
    """The model in the folder. Raises whatever faster-whisper raises for a damaged one."""
    failure = ""
    *gpu_ways, processor = ways(wanted, *_gpus())
    for way in gpu_ways:
        try:
            whisper = _opened(folder, way)
            return Opened(whisper, way, "")
        except Exception as error:  # noqa: BLE001 - a GPU fails in many ways, and dictation goes on without it
            report(error)
            failure = str(error)
    return Opened(_opened(folder, processor), processor, missed(wanted, processor, failure))


def _gpus() -> tuple[int, set[str]]:
    """How many GPUs CTranslate2 can use, and what all of them compute with."""
    import ctranslate2

    count = ctranslate2.get_cuda_device_count()
    return (count, set(ctranslate2.get_supported_compute_types(GPU))) if count else (0, set())


def _opened(folder: Path, way: Computing) -> Any:
    whisper = WhisperModel(
        str(folder),
        device=way.device,
        compute_type=way.compute_type,
        cpu_threads=way.threads,
        num_workers=AT_ONCE,
        local_files_only=True,
    )
    if way.device == GPU:  # its libraries are loaded only when they are needed: that is tried now
        whisper.encode(np.zeros((whisper.model.n_mels, _LEAST_FRAMES), np.float32))
    whisper.feature_extractor = BlockwiseFeatures(whisper.feature_extractor)
    return whisper
