"""Takes one channel out of interleaved samples."""

from __future__ import annotations


def take_channel(pcm: bytes, channels: int, channel: int) -> bytes:
    """Channel ``channel`` (from 1) of signed 16-bit samples in the machine's byte order; mono is left as it is."""
    if channels == 1:
        return pcm
    return memoryview(pcm).cast("h")[channel - 1 :: channels].tobytes()
