"""What another user may have laid in the way of the socket beforehand is refused, with what, where and what to do."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from parleqd.core.errors import RefusedError
from parleqd.protocol.names import Reason
from parleqd.rpc.listener import claim


def refusal(path: Path) -> RefusedError:
    """Why nobody can listen there."""
    with pytest.raises(RefusedError) as raised:
        claim(path)
    assert raised.value.hint
    assert raised.value.reason is Reason.SOCKET_UNUSABLE
    return raised.value


def test_a_folder_of_our_name_where_others_could_leave_something_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "parleq"
    folder.mkdir()
    folder.chmod(0o770)
    problem = refusal(folder / "d.sock")
    assert f"others can write to {folder} (mode 770)" in problem.message
    folder.chmod(0o755)  # as systemd's RuntimeDirectory= makes it
    claim(folder / "d.sock").release()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["parleq", "other"])
def test_a_folder_that_others_could_replace_is_refused_unless_it_is_sticky(name: str, tmp_path: Path) -> None:
    wide = tmp_path / "wide"
    (wide / "deep" / name).mkdir(parents=True)
    wide.chmod(0o777)
    problem = refusal(wide / "deep" / name / "d.sock")
    assert f"others can replace what lies in {wide} (user id {os.getuid()}, mode 777)" in problem.message
    assert f"chmod go-w {wide}" in problem.hint
    wide.chmod(0o1777)
    claim(wide / "deep" / name / "d.sock").release()


def test_nothing_is_made_or_changed_where_others_could_replace_it(tmp_path: Path) -> None:
    """A link in the place of the folder, put there in time, would have another folder of ours narrowed."""
    (tmp_path / "parleq").mkdir()
    (tmp_path / "parleq").chmod(0o755)
    tmp_path.chmod(0o777)
    for name in ("parleq", "parleq-new"):
        assert "others can replace" in refusal(tmp_path / name / "d.sock").message
    assert stat.S_IMODE((tmp_path / "parleq").stat().st_mode) == 0o755
    assert not (tmp_path / "parleq-new").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away: run the tests as root")
def test_a_folder_within_another_users_is_refused(tmp_path: Path) -> None:
    (tmp_path / "theirs" / "deep").mkdir(parents=True)
    os.chown(tmp_path / "theirs", 65534, 65534)
    assert "user id 65534, mode" in refusal(tmp_path / "theirs" / "deep" / "d.sock").message


def plant_second_name(lock: Path) -> None:
    (lock.parent / "precious").write_text("precious")
    (lock.parent / "precious").chmod(0o600)
    os.link(lock.parent / "precious", lock)


def plant_readable(lock: Path) -> None:
    lock.write_text("precious")
    lock.chmod(0o644)


def plant_pipe(lock: Path) -> None:
    os.mkfifo(lock, 0o600)


@pytest.mark.parametrize("plant", [plant_second_name, plant_readable, plant_pipe])
def test_a_lock_that_is_not_ours_alone_is_refused_as_it_is(plant: Callable[[Path], None], tmp_path: Path) -> None:
    plant(tmp_path / "d.lock")
    problem = refusal(tmp_path / "d.sock")
    assert "is not this user's alone" in problem.message
    for file in tmp_path.iterdir():
        assert not file.is_file() or file.read_text() == "precious"


def test_a_lock_that_is_a_link_is_not_followed_and_named(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "d.lock").symlink_to("precious")
    assert f"{tmp_path / 'd.lock'}: " in refusal(tmp_path / "d.sock").message
    assert (tmp_path / "precious").read_text() == "precious"
