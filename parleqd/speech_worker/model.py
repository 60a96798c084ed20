"""The speech model: faster-whisper on a folder, always with the same parameters.

    int8, beam 1, temperature 0 (no fallback), everything else as faster-whisper's defaults,
    the previous window's text as prompt included

A whole clip gives word for word what bare ``WhisperModel.transcribe`` gives with these parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.transcript import TimedText
from parleqd.speech_worker.features import BlockwiseFeatures
from parleqd.speech_worker.process import report
from parleqd.speech_worker.voice import VoiceDetector
from parleqd.speech_worker.whisper import WhisperModel

COMPUTE_TYPE = "int8"
THREADS = 1
"""With two a whole clip takes about as long, short windows longer, and a third more processor time."""
BEAM_SIZE = 1
TEMPERATURE = 0.0
NO_SPEECH_THRESHOLD = 0.6  # faster-whisper's default


class SpeechModel:
    """A loaded model, and the voice detector that goes before it."""

    compute_type = COMPUTE_TYPE

    def __init__(self, folder: Path) -> None:
        """Raises whatever faster-whisper raises for a damaged model."""
        self._whisper: Any = WhisperModel(
            str(folder), device="cpu", compute_type=COMPUTE_TYPE, cpu_threads=THREADS, local_files_only=True
        )
        self._whisper.feature_extractor = BlockwiseFeatures(self._whisper.feature_extractor)
        self.detector()  # loads its network, so that the first utterance need not

    def decode(self, samples: NDArray[np.int16], language: str, *, gated: bool) -> Iterator[TimedText]:
        """The text of 16 kHz samples, piece by piece, in seconds from the first sample.

        Each step decodes one window of at most 30 s, or none when the last window gave several pieces. ``gated``:
        windows that whisper itself thinks empty are left out.
        """
        pieces, _ = self._whisper.transcribe(
            samples,
            language=self._language(language),
            beam_size=BEAM_SIZE,
            temperature=TEMPERATURE,
            no_speech_threshold=NO_SPEECH_THRESHOLD if gated else None,
        )
        for piece in pieces:
            yield TimedText(float(piece.start), float(piece.end), str(piece.text).strip())

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
