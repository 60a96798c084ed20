"""Files, beyond the contract (``tests/contract/test_audio_source.py``): pace, dying children, what errors say."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import anyio
import pytest
from anyio import to_thread

from parleqd.adapters.audio.file import FRAME_SAMPLES, FileSource
from parleqd.core.errors import OutsideError
from parleqd.core.ports import CaptureRequest
from parleqd.protocol.names import SAMPLE_RATE, Pace, Reason, Source
from tests import clips
from tests.audio_files import write_wav
from tests.fakes.log import MemoryLog
from tests.fakes.sink import MemorySink


class TimedSink(MemorySink):
    """Knows when each frame came."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    async def write(self, pcm: bytes) -> None:
        self.times.append(anyio.current_time())
        await super().write(pcm)


def request(path: Path, pace: Pace = Pace.FAST) -> CaptureRequest:
    return CaptureRequest(Source.FILE, path=str(path), pace=pace)


def interpreter(path: Path, script: str) -> str:
    """A program that is run in Python's place."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """Less than half a second."""
    return write_wav(tmp_path / "short.wav", clips.tone(0.45))


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Two minutes: more than the pipe holds."""
    return write_wav(tmp_path / "long.wav", clips.demo() * 12)


@pytest.mark.asyncio
async def test_at_the_pace_of_speech_no_frame_comes_before_it_is_spoken(short: Path) -> None:
    sink = TimedSink()
    await FileSource(MemoryLog()).capture(request(short, Pace.REALTIME), sink)
    assert [len(frame) // 2 for frame in sink.frames] == [FRAME_SAMPLES] * 4 + [FRAME_SAMPLES // 2]
    for number, time in enumerate(sink.times[:4]):
        assert time >= sink.times[0] + number * FRAME_SAMPLES / SAMPLE_RATE - 0.02
    assert sink.pcm == clips.tone(0.45)


@pytest.mark.asyncio
async def test_a_killed_child_is_followed_by_one_that_goes_on_where_it_was(long: Path) -> None:
    sound = clips.demo() * 12
    log, sink = MemoryLog(), MemorySink(room=3)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(FileSource(log).capture, request(long), sink)
        await sink.waiting.wait()
        (started,) = log.fields("decode_started")
        os.kill(int(started["pid"] or 0), signal.SIGKILL)
        sink.make_room()
    assert sink.pcm == sound
    _, again = log.fields("decode_started")
    (died,) = log.fields("decode_died")
    assert again["skip_samples"] == died["heard_samples"]
    assert 3 * SAMPLE_RATE <= int(died["heard_samples"] or 0) < len(sound) // 2


@pytest.mark.asyncio
@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "exec sleep 1000", "echo no frames of ours"])
async def test_three_children_that_die_or_stall_at_once_are_the_files_fault(tmp_path: Path, script: str) -> None:
    python = await to_thread.run_sync(interpreter, tmp_path / "python", script)
    log, sink = MemoryLog(), MemorySink()
    with pytest.raises(OutsideError) as error:
        await FileSource(log, python, patience_s=0.3).capture(request(tmp_path / "bad.wav"), sink)
    assert error.value.reason is Reason.AUDIO_UNREADABLE
    assert error.value.message == "bad.wav ended its decoder 3 times in a row"
    assert error.value.hint
    assert log.events() == ["decode_started", "decode_died"] * 3


@pytest.mark.asyncio
async def test_a_silent_decoder_holds_up_the_next_file_only_for_its_turn(short: Path, tmp_path: Path) -> None:
    script = f'case "$*" in *stuck.wav) exec sleep 1000;; *) exec {sys.executable} "$@";; esac'
    python = await to_thread.run_sync(interpreter, tmp_path / "python", script)
    log, sink = MemoryLog(), MemorySink()
    source = FileSource(log, python, patience_s=1000, turn_s=0.2)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(source.capture, request(tmp_path / "stuck.wav"), MemorySink())
        await anyio.wait_all_tasks_blocked()
        await source.capture(request(short), sink)
        tasks.cancel_scope.cancel()
    assert sink.pcm == clips.tone(0.45)


@pytest.mark.asyncio
async def test_a_decoder_that_cannot_be_started(tmp_path: Path) -> None:
    source = FileSource(MemoryLog(), python=str(tmp_path / "no-python"))
    with pytest.raises(OutsideError, match="cannot be started: No such file") as error:
        await source.capture(request(tmp_path / "a.wav"), MemorySink())
    assert error.value.reason is Reason.WORKER_FAILED


@pytest.mark.asyncio
async def test_errors_name_the_file_and_the_log_does_not(tmp_path: Path) -> None:
    log = MemoryLog()
    with pytest.raises(OutsideError) as error:
        await FileSource(log).capture(request(tmp_path / "my-secret-plan.wav"), MemorySink())
    assert error.value.message == "my-secret-plan.wav does not exist"
    assert error.value.hint == "name an existing audio file"
    assert "secret" not in repr(log.records)
