"""silero, heard as a stream, says what it says of the whole clip."""

from __future__ import annotations

import numpy as np
import pytest

from parleqd.core.speech.voice import FRAME_SAMPLES, VoiceActivity
from parleqd.speech_worker.voice import VoiceDetector
from parleqd.speech_worker.whisper import get_vad_model
from tests import clips


@pytest.mark.parametrize("frames_at_once", [1, 7, 100])
def test_the_same_probabilities_however_the_audio_arrives(frames_at_once: int) -> None:
    samples = np.frombuffer(clips.demo(), dtype=np.int16)[: 150 * FRAME_SAMPLES]
    # One frame more than is compared: faster-whisper blanks the end of the last one.
    whole = get_vad_model()(np.append(samples, samples[:FRAME_SAMPLES]).astype(np.float32) / 32768.0).reshape(-1)[:-1]
    detector = VoiceDetector()
    streamed: list[float] = []
    for at in range(0, len(samples), frames_at_once * FRAME_SAMPLES):
        streamed += detector.probabilities(samples[at : at + frames_at_once * FRAME_SAMPLES])
    np.testing.assert_allclose(streamed, whole, atol=1e-4)


@pytest.mark.parametrize(("pcm", "voiced"), [(clips.silence(2.0), False), (clips.tone(2.0), False)])
def test_what_is_no_voice(pcm: bytes, voiced: bool) -> None:
    samples = np.frombuffer(pcm, dtype=np.int16)
    samples = samples[: len(samples) // FRAME_SAMPLES * FRAME_SAMPLES]
    assert any(VoiceActivity().hear(VoiceDetector().probabilities(samples))) is voiced
