"""Audio of any rate as 16 kHz, frame by frame: libswresample, through PyAV.

Only devices that refuse 16 kHz need this, so PyAV (16 MB) is loaded with the first of their frames and never before.
"""

from __future__ import annotations

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE

_FORMAT, _LAYOUT = "s16", "mono"


class Resampler:
    """Hears one utterance at ``rate`` samples a second. No dither is added: flat zero stays flat zero.

    All together is as long as what went in, to a sample, however it was cut into frames.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._resampler = AudioResampler(format=_FORMAT, layout=_LAYOUT, rate=SAMPLE_RATE)
        self._fed = False

    def feed(self, pcm: bytes) -> bytes:
        """The next frames at 16 kHz; the last few samples are held back until more comes."""
        if not pcm:
            return b""
        frame = AudioFrame(format=_FORMAT, layout=_LAYOUT, samples=len(pcm) // SAMPLE_BYTES)
        frame.planes[0].update(pcm)
        frame.sample_rate = self._rate
        self._fed = True
        return self._resampled(frame)

    def flush(self) -> bytes:
        """What was held back; nothing may follow."""
        return self._resampled(None) if self._fed else b""

    def _resampled(self, frame: AudioFrame | None) -> bytes:
        return b"".join(resampled.to_ndarray().tobytes() for resampled in self._resampler.resample(frame))
