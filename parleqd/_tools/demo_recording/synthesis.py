"""Text to a FLAC file: espeak-ng speaks, PyAV makes it 16 kHz mono and encodes it."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

VOICE = "en-gb"
WORDS_A_MINUTE = 135
"""Voice and pace that tiny.en understands, the fillers included."""
AMPLITUDE = 60
"""At the default of 100 the loudest vowels are clipped."""
RATE = 16_000


def speak(text: str, recording: Path) -> None:
    """Write ``text``, spoken, to ``recording``. Raises ``FileNotFoundError`` without espeak-ng."""
    command = ["espeak-ng", "-v", VOICE, "-s", str(WORDS_A_MINUTE), "-a", str(AMPLITUDE), "--stdout", text]
    spoken = subprocess.run(command, capture_output=True, check=True).stdout
    with av.open(io.BytesIO(spoken), "r") as wav, av.open(recording, "w", format="flac") as flac:
        stream = flac.add_stream("flac", rate=RATE)
        assert isinstance(stream, AudioStream)
        stream.layout = "mono"
        stream.format = "s16"
        resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
        frames: list[AudioFrame] = []
        for frame in wav.decode(audio=0):
            frames += resampler.resample(frame)
        for frame in [*frames, *resampler.resample(None)]:
            flac.mux(stream.encode(frame))
        flac.mux(stream.encode(None))
