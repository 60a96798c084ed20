from __future__ import annotations

import io
import os
import stat
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from parleq_client import LocalError
from parleq_client.paths import memory_folder
from parleqctl.console import Console
from parleqctl.memory_copy import MAX_BYTES, memory_copy
from tests.fakes.command_line import MemoryStream


class UnreadableBytes(io.BytesIO):
    """What is left of a terminal that hung up."""

    def read(self, size: int | None = -1) -> bytes:
        raise OSError(5, "Input/output error")


class UnreadableStream(io.TextIOWrapper):
    def __init__(self) -> None:
        super().__init__(UnreadableBytes())


@pytest.fixture
def memory(tmp_path: Path) -> dict[str, str]:
    """An environment whose runtime folder passes for memory, by the table of mounts in it."""
    table = tmp_path / "mounts"
    table.write_text(f"tmpfs {tmp_path.resolve()} tmpfs rw 0 0\n")
    return {"XDG_RUNTIME_DIR": str(tmp_path)}


def copy_of(console: Console, max_bytes: int = MAX_BYTES) -> AbstractContextManager[str]:
    table = f"{console.environment['XDG_RUNTIME_DIR']}/mounts"
    return memory_copy(console, partial(memory_folder, mount_table=table, platform="linux"), max_bytes)


def console(data: bytes, environment: dict[str, str]) -> Console:
    return Console(MemoryStream(data), None, None, environment)


def left(environment: dict[str, str]) -> list[str]:
    return os.listdir(Path(environment["XDG_RUNTIME_DIR"]) / "parleq")


def test_the_copy_is_private_and_gone_afterwards(memory: dict[str, str]) -> None:
    audio = bytes(range(256)) * 10_000
    with copy_of(console(audio, memory)) as path:
        assert path.startswith(f"{memory['XDG_RUNTIME_DIR']}/parleq/stdin-")
        assert Path(path).name == "standard input"  # what the daemon's messages call it
        assert Path(path).read_bytes() == audio
        assert stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert left(memory) == []


def test_the_copy_is_gone_after_a_failure_too(memory: dict[str, str]) -> None:
    with pytest.raises(KeyboardInterrupt), copy_of(console(b"x", memory)):
        raise KeyboardInterrupt
    assert left(memory) == []


def test_standard_input_that_is_closed_makes_an_empty_file(memory: dict[str, str]) -> None:
    with copy_of(Console(None, None, None, memory)) as path:
        assert Path(path).read_bytes() == b""


def test_audio_larger_than_memory_may_take_is_refused(memory: dict[str, str]) -> None:
    with pytest.raises(LocalError, match="more than 3 bytes") as error, copy_of(console(b"four", memory), 3):
        pass
    assert error.value.reason == "too_large"
    assert left(memory) == []


def test_standard_input_that_cannot_be_read_is_no_audio(memory: dict[str, str]) -> None:
    stdin: Any = UnreadableStream()
    with (
        pytest.raises(LocalError, match="Input/output") as error,
        copy_of(Console(stdin, None, None, memory)),
    ):
        pass
    assert error.value.reason == "audio_unreadable"
    assert left(memory) == []


def test_without_memory_nothing_is_written(memory: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "mounts").write_text("/dev/vda / ext4 rw 0 0\n")
    with pytest.raises(LocalError, match="never written to a disk"), copy_of(console(b"x", memory)):
        pass
    assert not (tmp_path / "parleq").exists()
