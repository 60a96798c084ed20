"""The log-mel spectrogram of faster-whisper, value for value, computed a few seconds at a time.

faster-whisper transforms the whole clip at once, which takes 0.6 MB a second and would be the largest thing in the
worker. Here only the spectrogram itself grows with the clip, and the samples stay 16 bits wide until their turn comes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_BLOCK_FRAMES = 1000  # 10 s


class BlockwiseFeatures:
    """Takes the place of a model's ``feature_extractor``; ``whole`` is the one it replaces."""

    def __init__(self, whole: Any) -> None:
        self.sampling_rate: int = whole.sampling_rate
        self.hop_length: int = whole.hop_length
        self.time_per_frame: float = whole.time_per_frame
        self.nb_max_frames: int = whole.nb_max_frames
        self._n_fft: int = whole.n_fft
        self._mel_filters: NDArray[np.float32] = whole.mel_filters
        self._stft = whole.stft
        self._window = np.hanning(self._n_fft + 1)[:-1].astype(np.float32)

    def __call__(
        self, samples: NDArray[np.int16], padding: int = 160, chunk_length: None = None
    ) -> NDArray[np.float32]:
        """The features of 16-bit samples, mel bands by frames; ``padding`` zeros follow, as in faster-whisper."""
        length = len(samples) + padding
        frames = length // self.hop_length
        features = np.empty((len(self._mel_filters), frames), dtype=np.float32)
        for first in range(0, frames, _BLOCK_FRAMES):
            last = min(frames, first + _BLOCK_FRAMES)
            features[:, first:last] = self._log_mel(self._reach(samples, length, first, last))
        np.maximum(features, features.max() - 8.0, out=features)
        features += 4.0
        features /= 4.0
        return features

    def _reach(self, samples: NDArray[np.int16], length: int, first: int, last: int) -> NDArray[np.float32]:
        """The samples under these frames' windows, mirrored at both ends of the padded clip."""
        half = self._n_fft // 2
        at = np.abs(np.arange(first * self.hop_length - half, (last - 1) * self.hop_length + half))
        at = np.where(at >= length, 2 * (length - 1) - at, at)
        inside = at < len(samples)  # the rest is padding
        reach = np.zeros(len(at), dtype=np.float32)
        reach[inside] = samples[at[inside]]
        reach /= 32768.0
        return reach

    def _log_mel(self, reach: NDArray[np.float32]) -> NDArray[np.float32]:
        spectrum = self._stft(
            reach, self._n_fft, self.hop_length, window=self._window, center=False, return_complex=True
        ).astype("complex64")
        mel: NDArray[np.float32] = self._mel_filters @ (np.abs(spectrum) ** 2)
        return np.log10(np.clip(mel, a_min=1e-10, a_max=None))
