from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from parleq_client import LocalError
from parleqctl.service.systemd import DAEMON, HOTKEY, SOCKET, Systemd
from parleqctl.service.units import Programs
from tests.fakes.service_manager import FakeProgram

PROGRAMS = Programs("/bin/d", "/bin/h")
INACTIVE = "UnitFileState=disabled\nActiveState=inactive\nSubState=dead\n"
ACTIVE = "UnitFileState=static\nActiveState=active\nSubState=active\n"


@pytest.fixture
def systemctl(tmp_path: Path) -> FakeProgram:
    (tmp_path / "bin").mkdir()
    found = FakeProgram(tmp_path / "bin", "systemctl")
    found.answer("show --property=Version", "252\n")
    found.answer("show --property=UnitFileState", INACTIVE)
    return found


@pytest.fixture
def systemd(systemctl: FakeProgram, tmp_path: Path) -> Systemd:
    return Systemd(systemctl.environment(tmp_path), tmp_path)


def commands(systemctl: FakeProgram) -> list[str]:
    """What was asked of the user's own manager, without questions."""
    assert all(line.startswith("--user ") for line in systemctl.asked)
    return [line.removeprefix("--user ") for line in systemctl.asked if " show " not in line]


@pytest.mark.parametrize(
    ("variable", "expected"),
    [({}, ".config/systemd/user"), ({"XDG_CONFIG_HOME": "/c"}, "/c/systemd/user"), ({"XDG_CONFIG_HOME": "c"}, None)],
)
def test_units_lie_where_the_user_s_do(variable: dict[str, str], expected: str | None) -> None:
    found = Systemd({"HOME": "/home/u", **variable}).folder
    assert found == Path("/home/u") / (expected or ".config/systemd/user")


def test_the_usual_socket_is_left_to_the_manager_s_own_word(systemd: Systemd, tmp_path: Path) -> None:
    texts = [unit.text for unit in systemd.units(PROGRAMS, str(tmp_path / "run" / "parleq" / "parleqd.sock"))]
    assert sum("%t/parleq/parleqd.sock" in text for text in texts) == 1
    other = [unit.text for unit in systemd.units(PROGRAMS, "/x/s.sock")]
    assert sum("/x/s.sock" in text for text in other) == len(other)


def test_the_condition_is_told_in_the_manager_s_words(systemd: Systemd, systemctl: FakeProgram) -> None:
    systemctl.answer(
        "show --property=UnitFileState,ActiveState,SubState,StatusText,NRestarts,Result parleqd.service",
        "UnitFileState=indirect\nActiveState=failed\nSubState=failed\nStatusText=a=b\nNRestarts=3\nResult=watchdog\n",
    )
    found = systemd.condition(DAEMON)
    assert (found.enabled, found.running) == (True, False)
    assert found.detail == "failed (failed); a=b; restarted 3 times; last result: watchdog"
    assert found.down
    assert systemd.condition(SOCKET) == (False, False, "inactive (dead)", True), "nothing would start the daemon"
    assert not systemd.condition(HOTKEY).down, "it waits for a desktop"


def test_a_first_installation_opens_the_socket_and_leaves_the_rest_to_it(
    systemd: Systemd, systemctl: FakeProgram
) -> None:
    systemd.take_up([SOCKET, DAEMON, HOTKEY], restart=False)
    assert commands(systemctl) == [
        "daemon-reload",
        f"enable {SOCKET} {HOTKEY}",
        f"reset-failed {SOCKET} {DAEMON} {HOTKEY}",
        f"stop {DAEMON}",
        f"restart {SOCKET}",
        f"try-restart {HOTKEY}",
    ]


def test_what_did_not_change_is_not_disturbed(systemd: Systemd, systemctl: FakeProgram) -> None:
    systemctl.answer("Result graphical-session.target", ACTIVE)
    systemd.take_up([], restart=False)
    assert commands(systemctl)[-2:] == [f"start {SOCKET}", f"start {HOTKEY}"]
    assert not any("stop" in line for line in commands(systemctl))


def test_new_programs_leave_the_socket_open(systemd: Systemd, systemctl: FakeProgram) -> None:
    systemctl.answer("Result graphical-session.target", ACTIVE)
    systemd.take_up([], restart=True)
    assert commands(systemctl)[-3:] == [f"stop {DAEMON}", f"start {SOCKET}", f"restart {HOTKEY}"]


def test_only_what_is_there_is_given_up(systemd: Systemd, systemctl: FakeProgram) -> None:
    systemd.give_up([SOCKET, DAEMON])
    assert commands(systemctl) == []
    systemd.folder.mkdir(parents=True)
    (systemd.folder / SOCKET).touch()
    systemd.give_up([SOCKET, DAEMON])
    assert commands(systemctl) == [f"disable --now {SOCKET}"]


def test_what_is_left_in_memory_goes_but_no_journal_and_nothing_that_is_in_use(
    systemd: Systemd, tmp_path: Path
) -> None:
    folder = tmp_path / "run" / "parleq"
    (folder / "journal-of-a-daemon-that-died").mkdir(parents=True)
    locks = [folder / name for name in ("parleqd.lock", "parleqd.sock.hotkey.lock", "other.lock")]
    for lock in locks:
        lock.touch()
    with locks[1].open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        systemd.forget()
        assert [lock.exists() for lock in locks] == [False, True, True]
    locks[2].unlink()
    (folder / "journal-of-a-daemon-that-died").rmdir()
    systemd.forget()
    assert not folder.exists()


def test_links_to_a_unit_that_was_removed_by_hand_go(systemd: Systemd) -> None:
    wanted = systemd.folder / "sockets.target.wants"
    wanted.mkdir(parents=True)
    for name in (SOCKET, "other.socket"):
        (wanted / name).symlink_to(systemd.folder / name)
    systemd.forget()
    assert [link.name for link in wanted.iterdir()] == ["other.socket"]


def test_a_manager_that_reads_another_folder_is_told_of(systemd: Systemd, systemctl: FakeProgram) -> None:
    systemctl.answer("show --property=LoadState parleqd.socket", "LoadState=not-found\n")
    with pytest.raises(LocalError, match=f"reads no units from {systemd.folder}") as raised:
        systemd.take_up([SOCKET], restart=False)
    assert "XDG_CONFIG_HOME" in raised.value.hint
    assert not any("enable" in line for line in commands(systemctl))


def test_a_refusal_is_told_in_systemd_s_own_words(systemd: Systemd, systemctl: FakeProgram) -> None:
    systemctl.answer("daemon-reload", "Access denied\n", code=1)
    with pytest.raises(LocalError) as raised:
        systemd.take_up([], restart=False)
    assert (raised.value.reason, raised.value.message) == (
        "service_failed",
        "`systemctl --user daemon-reload` failed: Access denied",
    )


def test_without_systemctl_it_says_what_to_do_instead() -> None:
    with pytest.raises(LocalError) as raised:
        Systemd({"PATH": "/nowhere"}).check()
    assert raised.value.reason == "no_service_manager"
    assert "foreground" in raised.value.hint


@pytest.mark.parametrize(
    ("booted", "version", "variables", "message", "hint"),
    [
        (False, "Linux version 6.1", {}, "was not started by systemd", "container"),
        (False, "Linux version 5.15-Microsoft-WSL2", {}, "was not started by systemd", "/etc/wsl.conf"),
        (True, "", {"XDG_RUNTIME_DIR": ""}, "XDG_RUNTIME_DIR is not set", "not by su"),
        (True, "", {}, "does not answer: Failed to connect", "enable-linger"),
    ],
)
def test_a_manager_that_does_not_answer_has_its_reason_guessed(
    systemctl: FakeProgram,
    tmp_path: Path,
    booted: bool,
    version: str,
    variables: dict[str, str],
    message: str,
    hint: str,
) -> None:
    systemctl.answer("show --property=Version", "Failed to connect to bus: No medium found\n", code=1)
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / "version").write_text(version)
    if booted:
        (tmp_path / "run" / "systemd" / "system").mkdir(parents=True)
    with pytest.raises(LocalError) as raised:
        Systemd({**systemctl.environment(tmp_path), **variables}, tmp_path).check()
    assert raised.value.reason == "no_service_manager"
    if booted and os.geteuid() == 0:
        message, hint = "root has no services", "without sudo"
    assert message in raised.value.message
    assert hint in raised.value.hint


def test_a_manager_that_answers_is_fine(systemd: Systemd) -> None:
    systemd.check()
