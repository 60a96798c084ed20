"""Writes audio files of all kinds for tests."""

from __future__ import annotations

import wave
from array import array
from fractions import Fraction
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from parleqd.protocol.names import SAMPLE_RATE


def write_wav(path: Path, pcm: bytes, *, rate: int = SAMPLE_RATE, channels: int = 1, bits: int = 16) -> Path:
    """A WAV file of these samples (of ``bits`` each, channels interleaved)."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        file.writeframes(pcm)
    return path


def encode(path: Path, pcm: bytes, codec: str, *, rate: int = SAMPLE_RATE, layout: str = "mono") -> Path:
    """A file in the format that its name says, from 16 kHz mono samples."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=rate)
        assert isinstance(stream, AudioStream)
        stream.layout = layout
        resampler = AudioResampler(format=stream.format, layout=layout, rate=rate)
        frame = AudioFrame(format="s16", layout="mono", samples=len(pcm) // 2)
        frame.planes[0].update(pcm)
        frame.sample_rate = SAMPLE_RATE
        at = 0
        for resampled in [*resampler.resample(frame), *resampler.resample(None)]:
            resampled.pts, resampled.time_base = at, Fraction(1, rate)
            at += resampled.samples
            container.mux(stream.encode(resampled))
        container.mux(stream.encode(None))
    return path


def loudness(pcm: bytes) -> float:
    """The mean absolute sample: enough to tell a sound from a silence, and from half of it."""
    samples = array("h", pcm)
    return sum(abs(sample) for sample in samples) / max(1, len(samples))
