"""Frames of other rates come out as 16 kHz, as long and as loud as they were."""

from __future__ import annotations

import math
import subprocess
import sys
from array import array

import pytest

from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.resampling import Resampler

RATES = [8_000, 11_025, 22_050, 32_000, 44_100, 48_000, 96_000]
LOUD = 3277


def sine(rate: int, samples: int) -> array[int]:
    angle = 2 * math.pi * 440 / rate
    return array("h", (round(LOUD * math.sin(angle * at)) for at in range(samples)))


def resampled(pcm: bytes, rate: int, frame_bytes: int) -> array[int]:
    resampler = Resampler(rate)
    frames = [resampler.feed(pcm[at : at + frame_bytes]) for at in range(0, len(pcm), frame_bytes)]
    return array("h", b"".join(frames) + resampler.flush())


@pytest.mark.parametrize("rate", RATES)
def test_a_sine_stays_that_sine(rate: int) -> None:
    pcm = sine(rate, 2 * rate + rate // 3).tobytes()
    out = resampled(pcm, rate, 2 * (rate // 50))
    assert len(out) == pytest.approx(len(pcm) / 2 / rate * SAMPLE_RATE, abs=1)
    expected = sine(SAMPLE_RATE, len(out))
    edge = SAMPLE_RATE // 50  # the filter has nothing but silence beyond both ends
    apart = [abs(was - now) for was, now in zip(expected[edge:-edge], out[edge:-edge], strict=True)]
    assert max(apart) <= 2


@pytest.mark.parametrize("rate", RATES)
def test_how_it_is_cut_into_frames_makes_no_difference(rate: int) -> None:
    pcm = sine(rate, rate).tobytes()
    assert resampled(pcm, rate, 2 * 333) == resampled(pcm, rate, len(pcm))


@pytest.mark.parametrize("rate", RATES)
def test_flat_zero_stays_flat_zero(rate: int) -> None:
    out = resampled(bytes(2 * rate), rate, 2 * (rate // 50))
    assert len(out) == pytest.approx(SAMPLE_RATE, abs=1)
    assert not any(out)


def test_nothing_gives_nothing() -> None:
    resampler = Resampler(48_000)
    assert resampler.feed(b"") == b""
    assert resampler.flush() == b""


def test_pyav_is_not_loaded_before_it_is_needed() -> None:
    """In a process of its own: this one has loaded everything."""
    code = "import sys, parleqd.speech_worker.worker; sys.exit('av' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=15).returncode == 0
