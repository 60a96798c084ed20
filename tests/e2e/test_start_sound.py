"""The start sound is never in a recording, although the microphone hears all that the loudspeaker plays."""

from __future__ import annotations

import os
import subprocess
import sys
from array import array
from pathlib import Path

import pytest

from parleq_hotkey.feedback.tones import LOUDNESS
from parleqd._tools.private_audio import private_audio
from tests.parts import ROOT, need, scale

pytestmark = pytest.mark.alone


@pytest.mark.timeout(180)
def test_the_recording_begins_when_the_start_sound_is_over(tmp_path: Path) -> None:
    for part in ("pulseaudio", "pactl", "portaudio"):
        need(part)
    rounds = scale(4, 100)
    with private_audio() as audio:
        command = [sys.executable, "-m", "tests.sounding", str(tmp_path), str(rounds)]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **audio.env}, capture_output=True, text=True, check=False, timeout=170
        )
    assert done.returncode == 0, done.stderr
    loudest = [_loudest(tmp_path / str(number)) for number in range(rounds)]
    assert loudest == [0] * rounds, "not even the end sound of the recording before may be heard"
    assert _loudest(tmp_path / "control") > 0.5 * LOUDNESS * 32_767, "the rig does not hear the sound at all"


def _loudest(path: Path) -> int:
    return max(map(abs, array("h", path.read_bytes())))
