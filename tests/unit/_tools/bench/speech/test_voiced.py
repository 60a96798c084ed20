from __future__ import annotations

import numpy as np

from parleqd._tools.bench.speech import voiced
from parleqd._tools.bench.speech.voiced import Samples
from parleqd.core.speech.voice import FRAME_SAMPLES
from parleqd.protocol.names import SAMPLE_RATE
from tests import clips


def demo() -> Samples:
    return np.frombuffer(clips.demo(), dtype=np.int16)


def last_voiced(samples: Samples) -> int:
    return max(at for at, voice in enumerate(voiced.frames(samples)) if voice)


def noise() -> np.random.Generator:
    return np.random.default_rng(1)


def test_speech_is_cut_out_of_the_silence_around_it() -> None:
    around = voiced.silence(SAMPLE_RATE, noise())
    cut = voiced.trimmed(np.concatenate([around, demo(), around]))
    assert abs(len(cut) - len(voiced.trimmed(demo()))) <= 0.4 * SAMPLE_RATE
    assert last_voiced(cut) == len(cut) // FRAME_SAMPLES - 1


def test_where_nobody_speaks_nothing_is_cut() -> None:
    quiet = voiced.silence(SAMPLE_RATE, noise())
    assert voiced.trimmed(quiet) is quiet
    assert voiced.frames(quiet[:100]) == []


def test_a_clip_ends_with_its_release() -> None:
    for release_s in (0.05, 0.5, 2.0):
        released = voiced.released(demo(), release_s, noise())
        assert len(released) == (last_voiced(demo()) + 1) * FRAME_SAMPLES + round(release_s * SAMPLE_RATE)


def test_pauses_are_within_the_speech() -> None:
    at = [middle / SAMPLE_RATE for middle in voiced.pauses(demo())]
    assert any(3.3 < second < 3.8 for second in at)  # behind "on Friday"
    assert min(at) > 0.2
    assert max(at) < 10
