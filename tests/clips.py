"""Recordings for tests: the demo's, read once, and sounds that are no speech. PCM is 16 kHz mono s16."""

from __future__ import annotations

import math
from array import array
from functools import cache

from parleqd._tools.demo_recording import RECORDING
from parleqd.protocol.names import SAMPLE_RATE


@cache
def demo() -> bytes:
    """The demo's recording: ten seconds of speech."""
    from parleqd.speech_worker.decode.audio_file import pcm

    return b"".join(pcm(RECORDING))


@cache
def at_rate(pcm: bytes, rate: int) -> bytes:
    """The same sound at another rate."""
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler

    resampler = AudioResampler(format="s16", layout="mono", rate=rate)
    frame = AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2)
    frame.planes[0].update(pcm)
    frame.sample_rate = SAMPLE_RATE
    resampled = [*resampler.resample(frame), *resampler.resample(None)]
    return b"".join(piece.to_ndarray().tobytes() for piece in resampled)


def silence(seconds: float) -> bytes:
    """Digital silence."""
    return bytes(2 * round(seconds * SAMPLE_RATE))


def tone(seconds: float) -> bytes:
    """A sine of 440 Hz at a tenth of full scale: loud, and no voice."""
    whole = _second_of_tone() * math.ceil(seconds)
    return whole[: 2 * round(seconds * SAMPLE_RATE)]


@cache
def _second_of_tone() -> bytes:
    angle = 2 * math.pi * 440 / SAMPLE_RATE
    return array("h", (round(3277 * math.sin(angle * at)) for at in range(SAMPLE_RATE))).tobytes()
