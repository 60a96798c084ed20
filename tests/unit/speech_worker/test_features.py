"""The block-wise spectrogram is faster-whisper's own, value for value."""

from __future__ import annotations

import numpy as np
import pytest

from parleqd.speech_worker.features import BlockwiseFeatures
from parleqd.speech_worker.whisper import FeatureExtractor


@pytest.mark.parametrize("length", [3200, 16_000, 160_000, 160_001, 159_999, 523_457])
def test_equal_to_the_whole_at_once(length: int) -> None:
    whole = FeatureExtractor()
    rng = np.random.default_rng(length)
    samples = (rng.normal(0, 3000, length) * np.linspace(0, 1, length)).astype(np.int16)
    expected = whole(samples.astype(np.float32) / 32768.0)
    features = BlockwiseFeatures(whole)(samples)
    assert features.dtype == np.float32
    assert features.shape == expected.shape
    np.testing.assert_allclose(features, expected, rtol=0, atol=1e-6)


def test_digital_silence() -> None:
    whole = FeatureExtractor()
    samples = np.zeros(32_000, dtype=np.int16)
    np.testing.assert_array_equal(BlockwiseFeatures(whole)(samples), whole(samples.astype(np.float32)))
