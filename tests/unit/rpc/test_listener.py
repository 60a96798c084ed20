from __future__ import annotations

import os
import resource
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from parleqd.core.errors import RefusedError
from parleqd.protocol.names import Reason
from parleqd.rpc.listener import ClaimedSocket, adopt, claim, peer_uid
from tests.parts import ROOT, scale

CLAIMANTS = 4
CLAIM_EACH = """
import sys
from pathlib import Path
from parleqd.core.errors import RefusedError
from parleqd.rpc.listener import claim
claimed = []
for line in sys.stdin:
    try:
        claimed.append(claim(Path(line.strip())))
        print("claimed", flush=True)
    except RefusedError as problem:
        print(problem.reason, flush=True)
"""


@contextmanager
def claiming(path: Path) -> Iterator[ClaimedSocket]:
    claimed = claim(path)
    try:
        yield claimed
    finally:
        claimed.release()


def refusal(path: Path) -> RefusedError:
    with pytest.raises(RefusedError) as raised:
        claim(path)
    assert raised.value.hint
    return raised.value


def connects(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        return True


def leave_dead_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_the_user_can_reach_the_socket(tmp_path: Path) -> None:
    path = tmp_path / "parleq" / "parleqd.sock"
    before = os.umask(0)
    try:
        with claiming(path):
            assert connects(path)
            assert mode(path) == 0o600
            assert mode(path.parent) == 0o700
            assert mode(path.with_suffix(".lock")) == 0o600
            assert os.umask(0) == 0, "the process keeps its own mask"
    finally:
        os.umask(before)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the mask is changed for a moment")
def test_many_sockets_made_at_once_leave_the_mask_of_the_process_as_it_was(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with ThreadPoolExecutor(8) as threads:
            made = list(threads.map(lambda number: claim(tmp_path / f"{number}.sock"), range(64)))
        for each in made:
            each.release()
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_released_socket_is_gone_and_can_be_claimed_again(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    for _ in range(2):
        with claiming(path):
            assert connects(path)
        assert not path.exists()


def test_a_socket_that_another_daemon_made_in_place_of_ours_is_left_alone(tmp_path: Path) -> None:
    ours = claim(tmp_path / "s.sock")
    (tmp_path / "s.sock").unlink()
    with socket.socket(socket.AF_UNIX) as theirs:
        theirs.bind(str(tmp_path / "s.sock"))
        ours.release()
        assert (tmp_path / "s.sock").exists()


def test_sockets_of_different_names_do_not_share_a_lock(tmp_path: Path) -> None:
    for claimed in [claim(tmp_path / name) for name in ("d.one", "d.two", "d.sock", "d")]:
        claimed.release()


def test_a_dead_socket_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    leave_dead_socket(path)
    assert not connects(path)
    with claiming(path):
        assert connects(path)


def test_a_second_daemon_is_told_who_runs_already(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    with claiming(path):
        problem = refusal(path)
        assert problem.reason is Reason.ALREADY_RUNNING
        assert str(os.getpid()) in problem.message
        assert connects(path)


def test_a_live_socket_is_never_stolen_though_nobody_holds_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(path))
        other.listen()
        assert refusal(path).reason is Reason.ALREADY_RUNNING
        assert connects(path)


def test_a_live_socket_whose_owner_is_too_busy_to_answer_is_not_stolen(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    with socket.socket(socket.AF_UNIX) as other, socket.socket(socket.AF_UNIX) as waiting:
        other.bind(str(path))
        other.listen(0)
        waiting.connect(str(path))
        assert refusal(path).reason in (Reason.ALREADY_RUNNING, Reason.SOCKET_UNUSABLE)
        assert path.is_socket()


def test_a_refusal_lets_go_of_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    path.write_text("mine")
    refusal(path)
    path.unlink()
    with claiming(path):
        assert connects(path)


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_no_socket_is_left_alone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "d.sock"
    if kind == "file":
        path.write_text("mine")
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")
    problem = refusal(path)
    assert problem.reason is Reason.SOCKET_UNUSABLE
    assert str(path) in problem.message
    assert os.path.lexists(path)


def test_a_path_that_is_too_long_is_refused_with_its_length(tmp_path: Path) -> None:
    problem = refusal(tmp_path / ("x" * 200))
    assert problem.reason is Reason.SOCKET_UNUSABLE
    assert "108" in problem.message or "104" in problem.message


def test_a_missing_folder_above_the_sockets_own_is_named(tmp_path: Path) -> None:
    path = tmp_path / "absent" / "parleq" / "d.sock"
    problem = refusal(path)
    assert problem.reason is Reason.SOCKET_UNUSABLE
    assert str(path) in problem.message


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "parleq"
    folder.write_text("")
    problem = refusal(folder / "d.sock")
    assert problem.reason is Reason.SOCKET_UNUSABLE
    assert str(folder) in problem.message


def test_a_folder_of_ours_that_others_can_open_is_closed(tmp_path: Path) -> None:
    folder = tmp_path / "parleq-7"
    folder.mkdir(mode=0o755)
    with claiming(folder / "d.sock"):
        assert mode(folder) == 0o700


def test_a_users_own_folder_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o755)
    with claiming(folder / "d.sock"):
        assert mode(folder) == 0o755


def test_a_link_that_somebody_laid_in_place_of_our_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "parleq-7").symlink_to(tmp_path / "elsewhere")
    assert refusal(tmp_path / "parleq-7" / "d.sock").reason is Reason.SOCKET_UNUSABLE
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_that_somebody_laid_in_place_of_the_lock_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("precious")
    (tmp_path / "d.lock").symlink_to(tmp_path / "victim")
    assert refusal(tmp_path / "d.sock").reason is Reason.SOCKET_UNUSABLE
    assert (tmp_path / "victim").read_text() == "precious"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away: run the tests as root")
def test_a_folder_that_another_user_made_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "parleq-0"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    problem = refusal(folder / "d.sock")
    assert problem.reason is Reason.SOCKET_UNUSABLE
    assert "another user" in problem.message


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc here: Linux only")
def test_a_folder_in_which_nothing_can_be_made_is_named() -> None:
    problem = refusal(Path("/proc/d.sock"))
    assert problem.reason is Reason.SOCKET_UNUSABLE
    assert "/proc/d.sock" in problem.message


def test_a_full_disk_is_named_and_the_lock_let_go(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        problem = refusal(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert problem.reason is Reason.SOCKET_UNUSABLE
    with claiming(path):
        assert connects(path)


def test_of_daemons_that_start_at_once_exactly_one_wins(tmp_path: Path) -> None:
    """Over and over, and over a dead socket each time: that is where the careless lose the race."""
    rounds = scale(25, 1000)
    claimants = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM_EACH], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        for _ in range(CLAIMANTS)
    ]
    try:
        for number in range(rounds):
            path = tmp_path / f"{number}.sock"
            leave_dead_socket(path)
            for claimant in claimants:
                assert claimant.stdin is not None
                claimant.stdin.write(f"{path}\n")
            for claimant in claimants:
                assert claimant.stdin is not None
                claimant.stdin.flush()
            results = [claimant.stdout.readline().strip() for claimant in claimants if claimant.stdout]
            assert sorted(results) == ["already_running"] * (CLAIMANTS - 1) + ["claimed"]
            assert connects(path)
    finally:
        for claimant in claimants:
            claimant.communicate(timeout=10)


def test_the_kernel_says_who_is_at_the_other_end() -> None:
    here, there = socket.socketpair()
    with here, there:
        assert peer_uid(here) == os.getuid()


@contextmanager
def handed_over(path: Path) -> Iterator[socket.socket]:
    """A socket as a service manager opens it."""
    with socket.socket(socket.AF_UNIX) as managers:
        managers.bind(str(path))
        path.chmod(0o600)
        managers.listen()
        yield managers


def test_the_socket_of_a_service_manager_stays_when_the_daemon_ends(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    with handed_over(path) as managers:
        claimed = adopt(managers.dup())
        assert claimed.path == path
        assert refusal(path).reason is Reason.ALREADY_RUNNING
        claimed.release()
        assert connects(path)
        adopt(managers.dup()).release()  # the lock is free again


def test_two_daemons_do_not_share_the_socket_of_a_service_manager(tmp_path: Path) -> None:
    with handed_over(tmp_path / "d.sock") as managers:
        claimed = adopt(managers.dup())
        with pytest.raises(RefusedError) as raised, managers.dup() as second:
            adopt(second)
        assert raised.value.reason is Reason.ALREADY_RUNNING
        claimed.release()


def test_a_socket_of_a_service_manager_that_others_can_reach_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "d.sock"
    with handed_over(path) as managers:
        path.chmod(0o666)
        with pytest.raises(RefusedError) as raised, managers.dup() as open_to_all:
            adopt(open_to_all)
        assert raised.value.reason is Reason.SOCKET_UNUSABLE
        path.chmod(0o600)
        adopt(managers.dup()).release()


def test_a_socket_whose_file_somebody_removed_is_served_all_the_same(tmp_path: Path) -> None:
    with handed_over(tmp_path / "d.sock") as managers:
        (tmp_path / "d.sock").unlink()
        adopt(managers.dup()).release()


@pytest.mark.parametrize("kind", ["of the network", "not listening", "of datagrams", "abstract"])
def test_what_is_no_listening_unix_socket_is_not_adopted(tmp_path: Path, kind: str) -> None:
    family = socket.AF_INET if kind == "of the network" else socket.AF_UNIX
    with socket.socket(family, socket.SOCK_DGRAM if kind == "of datagrams" else socket.SOCK_STREAM) as wrong:
        if kind == "of the network":
            wrong.bind(("127.0.0.1", 0))
        else:
            wrong.bind(f"\0{tmp_path}" if kind == "abstract" else str(tmp_path / "s"))
        if kind in ("of the network", "abstract"):
            wrong.listen()
        with pytest.raises(RefusedError) as raised:
            adopt(wrong)
        assert raised.value.reason is Reason.SOCKET_UNUSABLE
