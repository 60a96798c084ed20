"""The voice detector: silero-vad, in the copy that faster-whisper carries, heard as a stream.

faster-whisper judges a whole clip at once; here the network's state (h, c) and the context, the last 64 samples of the
frame before, are kept from call to call, so that the probabilities are the same however the audio arrives.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.speech_worker.process import report
from parleqd.speech_worker.whisper import get_vad_model

_CONTEXT_SAMPLES = 64
_STATE = (1, 1, 128)


class VoiceDetector:
    """Hears one utterance."""

    def __init__(self) -> None:
        self._session = get_vad_model().session
        self._h = np.zeros(_STATE, dtype=np.float32)
        self._c = np.zeros(_STATE, dtype=np.float32)
        self._context = np.zeros((1, _CONTEXT_SAMPLES), dtype=np.float32)

    def probabilities(self, samples: NDArray[np.int16]) -> list[float]:
        """How surely each frame of 512 samples holds a voice, 0..1. ``samples`` are whole frames, at least one."""
        frames = samples.reshape(-1, FRAME_SAMPLES).astype(np.float32) / 32768.0
        tails = np.concatenate([self._context, frames[:, -_CONTEXT_SAMPLES:]])
        batch = np.concatenate([tails[:-1], frames], axis=1)
        output, self._h, self._c = self._session.run(None, {"input": batch, "h": self._h, "c": self._c})
        self._context = tails[-1:]
        return [float(probability) for probability in output.reshape(-1)]


def voice_detector() -> VoiceDetector | None:
    """A voice detector for one utterance, or ``None`` when there can be none: then all audio is decoded."""
    try:
        return VoiceDetector()
    except Exception as error:  # noqa: BLE001 - onnxruntime's errors have no common base; dictation goes on without it
        report(error)
        return None
