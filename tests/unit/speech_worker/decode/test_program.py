"""The decoding child, from its arguments to its records."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from parleqd.core.speech import wire
from parleqd.core.speech.file_audio import Broken, Ended, FileAudio, Frames
from parleqd.protocol.names import SAMPLE_RATE
from parleqd.speech_worker.decode.program import records
from tests import clips
from tests.audio_files import write_wav
from tests.parts import ROOT

SOUND = clips.tone(2.5)
IMPORTABLE = {**os.environ, "PYTHONPATH": str(ROOT)}
PROGRAM = [sys.executable, "-m", "parleqd.speech_worker.decode"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Two and a half seconds of sound."""
    return write_wav(tmp_path / "--a.wav", SOUND)


def frames(of: list[FileAudio]) -> bytes:
    return b"".join(record.pcm for record in of if isinstance(record, Frames))


def test_a_file_is_told_a_second_at_a_time_and_its_end_is_said(path: Path) -> None:
    told = list(records(path, skip_samples=0))
    assert frames(told) == SOUND
    assert [len(record.pcm) // 2 / SAMPLE_RATE for record in told if isinstance(record, Frames)] == [1.0, 1.0, 0.5]
    assert told[-1] == Ended()


def test_samples_that_are_known_already_are_skipped_with_signs_of_life(path: Path) -> None:
    told = list(records(path, skip_samples=SAMPLE_RATE * 3 // 2))
    assert told[0] == Frames(b"")
    assert frames(told) == SOUND[2 * SAMPLE_RATE * 3 // 2 :]
    assert told[-1] == Ended()


def test_what_was_read_before_the_break_is_told(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 3 // 4])
    told = list(records(path, skip_samples=0))
    assert frames(told) == SOUND[: len(frames(told))]
    assert len(frames(told)) > len(SOUND) * 0.7
    assert isinstance(told[-1], Broken)


def test_as_a_process_with_a_name_like_an_option(path: Path) -> None:
    command = [*PROGRAM, "--skip-samples=100", "--", path.name]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, check=True, env=IMPORTABLE)
    told = wire.file_audio().feed(done.stdout)
    assert frames(told) == SOUND[200:]
    assert done.stderr == b""


def test_nobody_listens_any_more(path: Path) -> None:
    write_wav(path, SOUND * 100)
    with subprocess.Popen(
        [*PROGRAM, "--", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=IMPORTABLE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(timeout=15) == 1
        assert process.stderr.read() == b""
