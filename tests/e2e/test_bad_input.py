"""Whatever a person or a program throws at it: a clear error where it belongs, and the daemon goes on."""

from __future__ import annotations

import json
import math
import os
import struct
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.programs import Daemon, ctl, result_of, running_daemon
from tests.parts import ROOT, need, scale

RECORDING = ROOT / "parleqd" / "_tools" / "demo_recording" / "demo.flac"


def tone(path: Path, *, seconds: float, rate: int = 16_000, width: int = 2, channels: int = 1) -> Path:
    """A wave file with a 440 Hz tone."""
    with wave.open(str(path), "wb") as out:
        out.setparams((channels, width, rate, 0, "NONE", ""))
        step = bytearray()
        for number in range(rate):
            value = math.sin(2 * math.pi * 440 * number / rate)
            if width == 1:
                sample = struct.pack("B", int(128 + 100 * value))
            else:
                sample = struct.pack("<i", int(value * (1 << 30)))[4 - width :]
            step += sample * channels
        for _ in range(math.ceil(seconds)):
            out.writeframes(bytes(step))
    return path


def empty(folder: Path) -> Path:
    path = folder / "empty.wav"
    path.touch()
    return path


def text(folder: Path) -> Path:
    path = folder / "notes.txt"
    path.write_text("this is no audio\n" * 100)
    return path


def noise(folder: Path) -> Path:
    path = folder / "noise.bin"
    path.write_bytes(bytes(range(256)) * 400)
    return path


def directory(folder: Path) -> Path:
    path = folder / "folder"
    path.mkdir()
    return path


def fifo(folder: Path) -> Path:
    path = folder / "fifo"
    os.mkfifo(path)
    return path


def missing(folder: Path) -> Path:
    return folder / "no such file.wav"


UNREADABLE: list[Callable[[Path], Path]] = [empty, text, noise, directory, fifo, missing]


@pytest.mark.timeout(300)
def test_what_is_no_audio_is_refused_with_the_reason(tmp_path: Path) -> None:
    need("embedded-model")
    with running_daemon() as daemon:
        for make in UNREADABLE:
            path = make(tmp_path)
            done = daemon.ctl("dictate", str(path), "--json")
            assert done.returncode == 4, (make.__name__, done)
            error = result_of(done)["error"]
            assert error["reason"] == "audio_unreadable", (make.__name__, error)
            assert path.name in error["message"], (make.__name__, error)
        assert _still_works(daemon)


@pytest.mark.timeout(300)
def test_every_shape_of_audio_is_heard(tmp_path: Path) -> None:
    need("embedded-model")
    shapes = [
        tone(tmp_path / "8-bit.wav", seconds=1, width=1),
        tone(tmp_path / "24-bit.wav", seconds=1, width=3),
        tone(tmp_path / "32-bit.wav", seconds=1, width=4),
        tone(tmp_path / "stereo.wav", seconds=1, channels=2),
        tone(tmp_path / "192-kHz.wav", seconds=1, rate=192_000),
        tone(tmp_path / "8-kHz.wav", seconds=1, rate=8_000),
    ]
    with running_daemon() as daemon:
        done = daemon.ctl("dictate", "--pace", "fast", "--json", *map(str, shapes))
        results = [json.loads(line) for line in done.stdout.splitlines()]
        assert [round(result["audio_seconds"], 1) for result in results] == [1.0] * len(shapes)
        assert done.returncode == 5, "a tone is no speech"
        done = daemon.ctl("dictate", "-", "--pace", "fast", "--json", stdin=RECORDING.read_bytes())
        assert result_of(done)["text"], done


@pytest.mark.timeout(300)
def test_a_truncated_file_gives_what_can_be_read(tmp_path: Path) -> None:
    need("embedded-model")
    cut = tmp_path / "cut.flac"
    cut.write_bytes(RECORDING.read_bytes()[: RECORDING.stat().st_size * 2 // 3])
    with running_daemon() as daemon:
        done = daemon.ctl("dictate", str(cut), "--pace", "fast", "--json")
        assert done.returncode == 0, done
        assert result_of(done)["raw"]


@pytest.mark.timeout(900)
def test_a_long_file_is_decoded_whole(tmp_path: Path) -> None:
    need("embedded-model")
    minutes = scale(6, 60)
    path = tone(tmp_path / "long.wav", seconds=60 * minutes)
    with running_daemon() as daemon:
        done = daemon.ctl("dictate", str(path), "--pace", "fast", "--json", timeout=900)
        assert round(result_of(done)["audio_seconds"]) == 60 * minutes, done


@pytest.mark.timeout(120)
def test_texts_of_every_kind() -> None:
    with running_daemon() as daemon:
        for given in (b"", b" \n\t", b"um, uh", "Grüße 👍🏽 שלום".encode(), b"a\x00b\x07c", b"word " * 200_000):
            done = daemon.ctl("clean", "-", "--json", stdin=given)
            assert done.returncode == 0, (given[:20], done.stderr)
            assert "text" in result_of(done)
        done = daemon.ctl("clean", "-", "--json", stdin=b"broken \xff\xfe bytes")
        assert done.returncode in (2, 4), done
        assert "error" in result_of(done)
        with daemon.connect() as connection:
            connection._stream.sendall(b'{"jsonrpc":"2.0","id":1,"method":"text/clean","params":{"text":"\\ud800"}}\n')
            assert b"-32602" in connection._stream.recv(1000)
        assert daemon.status()["state"] == "idle"


@pytest.mark.timeout(120)
def test_a_config_with_faults_names_them_and_the_daemon_starts() -> None:
    settings = '[cleanup]\nmode = "polish"\n[histroy]\nkeep = 5\n'
    with running_daemon(settings) as daemon:
        config = daemon.status()["config"]
        assert config["state"] == "config_invalid"
        problems = "\n".join(config["problems"])
        assert "history" in problems, "did you mean"
        assert "polished" in problems
        done = daemon.ctl("config", "validate")
        assert done.returncode == 4, done
        assert "2" in done.stdout + done.stderr, "the line is named"


@pytest.mark.timeout(60)
def test_nobody_listens(tmp_path: Path) -> None:
    done = ctl("status", "--json", "--socket", str(tmp_path / "none.sock"))
    assert done.returncode == 3
    assert result_of(done)["error"]["reason"] == "daemon_unreachable"
    assert "parleqd" in result_of(done)["error"]["hint"], "it says how to start it"


def _still_works(daemon: Daemon) -> bool:
    done = daemon.ctl("dictate", str(RECORDING), "--pace", "fast", "--json")
    return bool(result_of(done)["text"])
