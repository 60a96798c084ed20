"""Where the journal lies: in memory, this user's alone, one daemon's alone."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from parleqd.adapters.journal.place import (
    ABANDONED_S,
    Machine,
    folder_name,
    memory_place,
    own_folder,
    place_in,
    sweep,
    this_machine,
)
from parleqd.core.errors import OutsideError, RefusedError
from parleqd.protocol.names import Reason

SOCKET = "/run/user/1000/parleq/parleqd.sock"
UID = os.getuid()


@pytest.fixture
def runtime(tmp_path: Path) -> Path:
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    return folder


def machine(runtime: Path, kind: str = "tmpfs", uid: int = UID) -> Machine:
    """``runtime`` on a file system of this kind; the shared memory of Linux on none in memory."""
    mounts = f"none / ext4 rw 0 0\nnone {runtime.resolve()} {kind} rw 0 0\nnone /dev/shm ext4 rw 0 0\n"
    return Machine({"XDG_RUNTIME_DIR": str(runtime)}, uid, "linux", mounts)


def refusal(socket: str, where: Machine) -> str:
    with pytest.raises(OutsideError) as caught:
        memory_place(socket, where)
    assert caught.value.reason is Reason.JOURNAL_FAILED
    return caught.value.message


def test_it_lies_in_the_runtime_folder_if_that_is_memory(runtime: Path) -> None:
    place = memory_place(SOCKET, machine(runtime))
    assert place.folder == runtime / "parleq" / folder_name(SOCKET)
    for folder in (place.folder, place.folder.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((place.folder / "lock").stat().st_mode) == 0o600
    place.release()
    assert os.listdir(runtime / "parleq") == []


def test_the_journal_of_a_socket_that_nobody_comes_back_to_is_swept_away(runtime: Path) -> None:
    old, used, young, other = (place_in(runtime, name, UID) for name in ("old", "used", "young", "other"))
    for place in (old, young):
        (place.folder / "session").mkdir()
        os.close(place.lock)
    os.close(other.lock)
    other.folder.rename(runtime / "something-else")
    a_week_ago = time.time() - ABANDONED_S - 1
    for folder in (old.folder, used.folder, runtime / "something-else"):
        os.utime(folder, (a_week_ago, a_week_ago))
    assert sweep(runtime, time.time()) == 1
    assert sorted(path.name for path in runtime.iterdir()) == sorted(
        [used.folder.name, young.folder.name, "something-else"]
    )
    used.release()


def test_a_disk_is_not_taken_for_memory(runtime: Path) -> None:
    message = refusal(SOCKET, machine(runtime, kind="ext4"))
    assert message.count("lies on no file system in memory") == 2
    assert os.listdir(runtime) == []


def test_a_link_to_the_runtime_folder_is_followed_to_what_it_is(runtime: Path) -> None:
    link = runtime.parent / "link"
    link.symlink_to(runtime)
    through = machine(runtime)._replace(environment={"XDG_RUNTIME_DIR": str(link)})
    place = memory_place(SOCKET, through)
    assert place.folder.parent == runtime / "parleq"
    place.release()


def test_a_system_without_such_folders_says_so() -> None:
    assert "no such folder" in refusal(SOCKET, Machine({}, UID, "darwin", ""))


def test_a_runtime_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none") in refusal(SOCKET, machine(tmp_path / "none"))


def test_a_link_that_somebody_laid_is_refused(runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (runtime / "parleq").symlink_to(tmp_path / "elsewhere")
    assert "somebody else made it" in refusal(SOCKET, machine(runtime))
    assert os.listdir(tmp_path / "elsewhere") == []


def test_a_folder_where_others_could_write_is_refused(runtime: Path) -> None:
    (runtime / "parleq").mkdir()
    (runtime / "parleq").chmod(0o777)
    assert "others can write" in refusal(SOCKET, machine(runtime))


def test_a_parent_where_others_could_swap_it_is_refused(runtime: Path) -> None:
    runtime.chmod(0o777)
    assert "others can replace" in refusal(SOCKET, machine(runtime))
    runtime.chmod(0o1777)  # as /dev/shm and /tmp: sticky
    memory_place(SOCKET, machine(runtime)).release()


def test_in_a_sandbox_roots_folders_belong_to_nobody(runtime: Path) -> None:
    if UID != 0:
        pytest.skip("only root can give a folder away: run the tests as root")
    os.chown(runtime, 65534, 65534)
    assert "others can replace" in refusal(SOCKET, machine(runtime))
    memory_place(SOCKET, machine(runtime)._replace(uid_map="0 0 1\n")).release()


def test_another_users_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutsideError, match="another user's"):
        own_folder(tmp_path, UID + 1)


def test_a_wide_folder_of_ours_is_narrowed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)  # what systemd's RuntimeDirectory= makes
    own_folder(tmp_path, UID)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_the_mode_does_not_depend_on_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o277)
    try:
        own_folder(tmp_path / "a", UID)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o700


def test_one_daemon_at_a_time(tmp_path: Path) -> None:
    first = place_in(tmp_path, SOCKET, UID)
    with pytest.raises(RefusedError, match="another daemon keeps its journal") as caught:
        place_in(tmp_path, SOCKET, UID)
    assert caught.value.reason is Reason.ALREADY_RUNNING
    first.release()
    place_in(tmp_path, SOCKET, UID).release()


def test_a_place_that_another_daemon_has_is_not_replaced_by_the_next_folder(runtime: Path) -> None:
    first = memory_place(SOCKET, machine(runtime))
    with pytest.raises(RefusedError, match="another daemon keeps its journal"):
        memory_place(SOCKET, machine(runtime))
    first.release()


def test_two_sockets_share_nothing(tmp_path: Path) -> None:
    one, two = place_in(tmp_path, "/a/b.sock", UID), place_in(tmp_path, "/a-b.sock", UID)
    assert one.folder != two.folder
    one.release()
    two.release()


@pytest.mark.parametrize("socket", ["/" + "ä" * 4000, "/a b\n\udcff/..", "/"])
def test_any_socket_gives_a_folder_name(socket: str) -> None:
    name = folder_name(socket)
    assert len(os.fsencode(name)) <= 255
    assert name.isascii()
    assert set(name) & set("/ \n.") == set()


def test_a_link_as_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / folder_name(SOCKET)).mkdir(mode=0o700)
    (tmp_path / folder_name(SOCKET) / "lock").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="symbolic links"):
        place_in(tmp_path, SOCKET, UID)
    assert not (tmp_path / "target").exists()


def test_a_place_that_was_deleted_can_be_released(tmp_path: Path) -> None:
    place = place_in(tmp_path, SOCKET, UID)
    (place.folder / "lock").unlink()
    place.folder.rmdir()
    place.release()


def test_a_place_that_was_deleted_is_the_next_daemons(tmp_path: Path) -> None:
    first = place_in(tmp_path, SOCKET, UID)
    (first.folder / "lock").unlink()
    first.folder.rmdir()
    second = place_in(tmp_path, SOCKET, UID)
    first.release()
    assert os.listdir(second.folder) == ["lock"]
    second.release()


def test_this_machine_is_described() -> None:
    here = this_machine()
    assert here.uid == UID
    assert (" / " in here.mount_table) == (here.platform == "linux")
