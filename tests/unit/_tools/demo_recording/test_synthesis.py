"""The demo's recording can be made again, and the one in the repository is what the tools expect."""

from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.demo_recording import RECORDING
from parleqd._tools.demo_recording.synthesis import speak
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.decode.audio_file import pcm
from tests.audio_files import loudness
from tests.parts import need


def test_text_becomes_speech(tmp_path: Path) -> None:
    need("espeak-ng")
    speak("one two three", tmp_path / "a.flac")
    audio = b"".join(pcm(tmp_path / "a.flac"))
    assert 0.5 < len(audio) / 2 / SAMPLE_RATE < 3.0
    assert loudness(audio) > 100


def test_the_recording_is_short_and_small() -> None:
    audio = b"".join(pcm(RECORDING))
    assert len(audio) / 2 / SAMPLE_RATE == pytest.approx(10.6, abs=1.0)
    assert loudness(audio) > 100
    assert RECORDING.stat().st_size < 200_000
