from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from parleq_client import LocalError, UnreachableError, paths


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    """A folder that lies in memory by the table of mounts beside it, as XDG_RUNTIME_DIR."""
    table = tmp_path / "mounts"
    table.write_text(f"/dev/vda / ext4 rw 0 0\ntmpfs {tmp_path.resolve()}/run tmpfs rw 0 0\n")
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


def folder_in(memory: Path) -> str:
    return paths.memory_folder({"XDG_RUNTIME_DIR": str(memory)}, str(memory.parent / "mounts"), "linux")


def test_the_environment_chooses_the_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEQ_SOCKET", "/tmp/a.sock")
    assert paths.default_socket_path() == "/tmp/a.sock"
    assert paths.default_socket_path({"XDG_RUNTIME_DIR": "/r"}) == "/r/parleq/parleqd.sock"


def test_a_socket_path_too_long_is_unreachable() -> None:
    with pytest.raises(UnreachableError) as error:
        paths.default_socket_path({"PARLEQ_SOCKET": "/" + "x" * 120})
    assert error.value.reason == "socket_unusable"
    with pytest.raises(UnreachableError):
        paths.usable_socket_path("/" + "x" * 120)


def test_the_folder_in_memory_is_made_for_this_user_only(memory: Path) -> None:
    folder = folder_in(memory)
    assert folder == str(memory / "parleq")
    assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert folder_in(memory) == folder


def test_a_folder_that_others_may_write_to_is_refused(memory: Path) -> None:
    (memory / "parleq").mkdir()
    (memory / "parleq").chmod(0o777)
    with pytest.raises(LocalError, match="must be a folder that only user"):
        folder_in(memory)


def test_a_link_in_the_folder_s_place_is_refused(memory: Path) -> None:
    elsewhere = memory / "elsewhere"
    elsewhere.mkdir()
    (memory / "parleq").symlink_to(elsewhere)
    with pytest.raises(LocalError, match="must be a folder"):
        folder_in(memory)


def test_a_disk_is_never_taken_for_memory(memory: Path) -> None:
    (memory.parent / "mounts").write_text("/dev/vda / ext4 rw 0 0\n")
    with pytest.raises(LocalError, match="never written to a disk"):
        folder_in(memory)


def test_a_platform_without_a_mount_table_has_no_such_folder(memory: Path) -> None:
    with pytest.raises(LocalError):
        paths.memory_folder({}, str(memory / "none"), "linux")
