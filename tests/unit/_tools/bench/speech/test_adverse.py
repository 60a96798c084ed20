from __future__ import annotations

import random

import numpy as np
import pytest

from parleqd._tools.bench.speech import adverse, voiced
from parleqd._tools.bench.speech.voiced import Samples
from parleqd.protocol.names import SAMPLE_RATE
from tests import clips

HESITANT, CONTINUOUS, FAST, NOISY = adverse.WAYS


def demo() -> Samples:
    return np.frombuffer(clips.demo(), dtype=np.int16)


def noise() -> np.random.Generator:
    return np.random.default_rng(1)


def test_a_hesitant_speaker_says_the_same_with_longer_pauses() -> None:
    hesitant = HESITANT.utterance(demo(), random.Random(1), noise())
    assert len(hesitant) > len(demo()) + 0.5 * SAMPLE_RATE
    assert sum(voiced.frames(hesitant)) == pytest.approx(sum(voiced.frames(demo())), rel=0.15)
    assert np.array_equal(HESITANT.whole(hesitant, noise()), hesitant)


def test_without_a_pause_nothing_is_stretched() -> None:
    quiet = voiced.silence(SAMPLE_RATE, noise())
    assert np.array_equal(HESITANT.utterance(quiet, random.Random(1), noise()), quiet)


def test_a_fast_speaker_takes_two_thirds_of_the_time() -> None:
    fast = FAST.whole(demo(), noise())
    assert fast.dtype == np.int16
    assert len(fast) == pytest.approx(len(demo()) / 1.5, rel=0.02)
    assert sum(voiced.frames(fast)) > 0.5 * sum(voiced.frames(demo()))


def test_noise_is_20_db_below_the_speech() -> None:
    difference = NOISY.whole(demo(), noise()).astype(float) - demo()
    ratio = np.sqrt(np.mean(demo().astype(float) ** 2) / np.mean(difference**2))
    assert 20 * np.log10(ratio) == pytest.approx(20, abs=0.5)


def test_a_continuous_speaker_is_only_joined_more_closely() -> None:
    assert max(CONTINUOUS.pauses_s) < 0.1
    assert np.array_equal(CONTINUOUS.utterance(demo(), random.Random(1), noise()), demo())
    assert np.array_equal(CONTINUOUS.whole(demo(), noise()), demo())
