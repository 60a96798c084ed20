"""The speech model: faster-whisper on a folder, and the voice detector that goes before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.transcript import TimedText
from parleqd.speech_worker.decoding import segment_texts
from parleqd.speech_worker.features import BlockwiseFeatures
from parleqd.speech_worker.process import report
from parleqd.speech_worker.voice import VoiceDetector
from parleqd.speech_worker.whisper import WhisperModel
from parleqd.speech_worker.window import WindowDecoder

COMPUTE_TYPE = "int8"
THREADS = 1
"""With two a whole clip takes about as long, short windows longer, and a third more processor time."""


class SpeechModel:
    """A loaded model, and the voice detector that goes before it."""

    compute_type = COMPUTE_TYPE

    def __init__(self, folder: Path) -> None:
        """Raises whatever faster-whisper raises for a damaged model."""
        self._whisper: Any = WhisperModel(
            str(folder), device="cpu", compute_type=COMPUTE_TYPE, cpu_threads=THREADS, local_files_only=True
        )
        self._whisper.feature_extractor = BlockwiseFeatures(self._whisper.feature_extractor)
        self._window = WindowDecoder(self._whisper)
        self.detector()  # loads its network, so that the first utterance need not

    def decode(
        self, samples: NDArray[np.int16], voiced: Sequence[bool], language: str, hotwords: str = ""
    ) -> Iterator[list[TimedText] | None]:
        """The text of a segment, at most 30 s of 16 kHz samples: ``None`` for each step that is done, then the texts.

        ``voiced``: whether each frame of `core.speech.voice` holds a voice; empty where that is not known.
        """
        return segment_texts(self._window, samples, voiced, self._language(language), hotwords)

    def detector(self) -> VoiceDetector | None:
        """A voice detector for one utterance, or ``None`` when there can be none: then all audio is decoded."""
        try:
            return VoiceDetector()
        except Exception as error:  # noqa: BLE001 - onnxruntime's errors have no common base; dictation goes on without it
            report(error)
            return None

    def _language(self, language: str) -> str | None:
        """Whisper's word for it; ``None`` ("auto", or a language it does not know) lets it find out."""
        if not self._whisper.model.is_multilingual:
            return "en"
        primary = language.replace("_", "-").partition("-")[0].lower()  # "en-US" is English
        return primary if primary in self._whisper.supported_languages else None
