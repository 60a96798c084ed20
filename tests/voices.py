"""Words spoken by espeak-ng, in rooms: at a loudness, with noise behind them. 16 kHz mono s16."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from parleqd.protocol.names import SAMPLE_RATE
from tests.parts import need

SILENCE_S = 0.4
"""Before the word, and behind it."""
FLOOR = 3.0
"""The room's own noise, of 32768."""


def speak(text: str, voice: str = "en-us", words_a_minute: int = 150) -> NDArray[np.int16]:
    """What espeak-ng makes of it."""
    from parleqd.speech_worker.decode.audio_file import pcm

    with tempfile.TemporaryDirectory(prefix="parleq-") as folder:
        path = Path(folder) / "spoken.wav"
        command = [str(need("espeak-ng")), "-v", voice, "-s", str(words_a_minute), "-w", str(path), text]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return np.frombuffer(b"".join(pcm(path)), "<i2")


def in_room(
    speech: NDArray[np.int16], dice: np.random.Generator, *, dbfs: float = -20.0, snr_db: float | None = None
) -> NDArray[np.int16]:
    """The speech at this loudness (root of the mean square), in a quiet room or before a noise so much softer."""
    silence = round(SILENCE_S * SAMPLE_RATE)
    wave = np.pad(speech.astype(np.float64), silence)
    wave *= 32768 * 10 ** (dbfs / 20) / np.sqrt(np.mean(np.square(speech.astype(np.float64))))
    noise = FLOOR if snr_db is None else 32768 * 10 ** ((dbfs - snr_db) / 20)
    wave += noise * dice.standard_normal(len(wave))
    return wave.clip(-32768, 32767).astype("<i2")
