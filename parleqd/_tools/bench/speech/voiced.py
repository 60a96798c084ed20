"""Where the voice of a recording is: cut out, and ended so that the moment of release is known.

The detector and its thresholds are the daemon's own; all samples are 16 kHz, mono, int16.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from parleqd.core.speech.voice import FRAME_SAMPLES, VoiceActivity
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.voice import VoiceDetector

Samples = NDArray[np.int16]
_LEAD_IN = SAMPLE_RATE // 5
_FLOOR = 6.0
"""RMS of the noise that stands for silence (-75 dBFS): digital silence is what no microphone gives."""


def frames(samples: Samples) -> list[bool]:
    """Whether each whole frame holds a voice."""
    whole = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES]
    return VoiceActivity().hear(VoiceDetector().probabilities(whole)) if len(whole) else []


def trimmed(samples: Samples) -> Samples:
    """From a moment before the first voiced frame to the last; as it is where nobody speaks."""
    voiced = frames(samples)
    if True not in voiced:
        return samples
    return samples[max(0, voiced.index(True) * FRAME_SAMPLES - _LEAD_IN) : _end(voiced)]


def released(samples: Samples, release_s: float, noise: np.random.Generator) -> Samples:
    """The same, ending ``release_s`` seconds after the last voiced frame: cut, or with silence behind it."""
    voiced = frames(samples)
    end = (_end(voiced) if True in voiced else len(samples)) + round(release_s * SAMPLE_RATE)
    return np.concatenate([samples[:end], silence(max(0, end - len(samples)), noise)])


def silence(length: int, noise: np.random.Generator) -> Samples:
    """So many samples of a quiet room."""
    return (noise.standard_normal(length) * _FLOOR).astype(np.int16)


def pauses(samples: Samples, least_frames: int = 3) -> list[int]:
    """The middle of each pause within the speech, in samples."""
    voiced = frames(samples)
    found, began = [], None
    for at, voice in enumerate(voiced):
        if voice and began is not None and at - began >= least_frames:
            found.append((began + at) // 2 * FRAME_SAMPLES)
        if voice:
            began = at + 1
    return found


def _end(voiced: list[bool]) -> int:
    return (len(voiced) - voiced[::-1].index(True)) * FRAME_SAMPLES
