from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from parleqd._tools.private_audio import NoAudioError, PrivateAudio, private_audio
from tests.audio_files import write_wav
from tests.clips import tone
from tests.parts import need

pytestmark = pytest.mark.alone


@pytest.fixture
def audio() -> Iterator[PrivateAudio]:
    for part in ("pulseaudio", "pactl"):
        need(part)
    with private_audio() as running:
        yield running


@contextmanager
def recorder(audio: PrivateAudio) -> Iterator[subprocess.Popen[bytes]]:
    """A program that records from the default source; what it has heard first is thrown away."""
    command = ["parec", "--format=s16le", "--rate=16000", "--channels=1", "--latency-msec=20"]
    with subprocess.Popen(command, env={**os.environ, **audio.env}, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(640)
        yield process
        process.terminate()


def test_what_is_played_is_heard(audio: PrivateAudio, tmp_path: Path) -> None:
    sound = tone(0.3)
    write_wav(tmp_path / "tone.wav", sound)
    with recorder(audio) as listening:
        assert audio.listeners() == ["mic"]
        player = audio.start_playing(tmp_path / "tone.wav")
        heard = b""
        assert listening.stdout is not None
        while sound not in heard:  # bounded by the test's time limit
            heard += listening.stdout.read(640)
        player.wait()
    assert audio.listeners() == []


def test_a_muted_microphone_gives_zeros(audio: PrivateAudio, tmp_path: Path) -> None:
    write_wav(tmp_path / "tone.wav", tone(0.3))
    audio.mute(True)
    with recorder(audio) as listening:
        audio.play(tmp_path / "tone.wav")
        assert listening.stdout is not None
        assert not any(listening.stdout.read(8_000))


def test_the_microphone_goes_comes_back_and_is_replaced(audio: PrivateAudio) -> None:
    audio.unplug()
    assert audio.sources() == []
    audio.replug()
    assert audio.pactl("get-default-source").strip() == "mic"
    audio.replace()
    assert audio.sources() == ["speaker.monitor", "other-mic"]
    assert audio.pactl("get-default-source").strip() == "other-mic"


def test_the_server_dies_and_starts_again(audio: PrivateAudio) -> None:
    audio.kill_server()
    assert audio.listeners() == []
    with pytest.raises(NoAudioError, match="pactl info"):
        audio.pactl("info")
    audio.restart_server()
    assert "mic" in audio.sources()


def test_a_recording_that_is_not_there_cannot_be_played(audio: PrivateAudio, tmp_path: Path) -> None:
    with pytest.raises(NoAudioError, match="paplay failed"):
        audio.play(tmp_path / "nothing.wav")


def test_without_the_programs_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoAudioError, match="apt-get install pulseaudio"), private_audio():
        pytest.fail("it started")


def test_a_server_that_ends_at_once_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("pulseaudio", "pactl", "paplay", "parec"):
        program = tmp_path / name
        program.write_text(f"#!{sys.executable}\nraise SystemExit(1)\n", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoAudioError, match="pulseaudio ended at once"), private_audio():
        pytest.fail("it started")
