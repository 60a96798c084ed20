"""The login service under a real ``systemd --user``: started by the first request, always there, removed whole."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from parleq_client.connection import Connection
from parleq_client.dictation import Dictation
from parleqctl.service.systemd import SHIPPED
from parleqctl.service.units import Programs, systemd_unit
from tests.e2e.microphone import missing_words
from tests.e2e.programs import eventually, result_of
from tests.e2e.recordings import clips, samples
from tests.parts import need
from tests.systemd import UserSystemd, user_systemd

pytestmark = pytest.mark.timeout(180)

DAEMON, SOCKET, HOTKEY = "parleqd.service", "parleqd.socket", "parleq-hotkey.service"
BIN = Path(sys.executable).parent
PROGRAMS = Programs(str(BIN / "parleqd"), str(BIN / "parleq-hotkey"))
CLIP = "utt-LJ001-0014.flac"
# What `parleqctl service install` does, with other programs, and less patience than a person has.
INSTALL = """
import os, sys
from parleq_client import ClientError
from parleqctl.service.installing import Service
from parleqctl.service.programs import Programs
from parleqctl.service.systemd import Systemd
try:
    Service(Systemd(os.environ), Programs(*sys.argv[1:3]), sys.argv[3], answers_within_s=2).install()
except ClientError as error:
    sys.exit(f"{error.reason}: {error.message}")
"""


@pytest.fixture(scope="module")
def manager() -> Iterator[UserSystemd]:
    with user_systemd() as manager:
        yield manager


@pytest.fixture
def systemd(manager: UserSystemd) -> UserSystemd:
    """With the service installed, by the real command."""
    installed(manager)
    return manager


@pytest.fixture
def bare(manager: UserSystemd) -> UserSystemd:
    """Without it: gone by the real command, which leaves nothing."""
    done = manager.ctl("service", "uninstall")
    assert done.returncode == 0, done.stderr
    assert files(manager) == []
    return manager


def installed(manager: UserSystemd) -> dict[str, Any]:
    done = manager.ctl("service", "install", "--json")
    assert done.returncode == 0, (done.stdout, done.stderr, manager.log)
    return result_of(done)


def status(manager: UserSystemd) -> dict[str, Any]:
    return result_of(manager.ctl("service", "status", "--json"))


def files(manager: UserSystemd) -> list[Path]:
    """All that lies about of the service's own."""
    places = manager.home / ".config" / "systemd", manager.runtime / "parleq"
    return [found for place in places for found in place.rglob("*") if not found.is_dir()]


def restarts(manager: UserSystemd) -> int:
    return int(manager.show(DAEMON, "NRestarts"))


def test_the_first_request_starts_the_daemon_and_gets_its_answer(systemd: UserSystemd) -> None:
    systemd.systemctl("stop", DAEMON)
    assert systemd.show(DAEMON, "ActiveState") == "inactive"
    with systemd.connect() as connection:
        assert connection.call("status/get", timeout=60)["state"] == "idle"
    assert systemd.show(DAEMON, "ActiveState") == "active"
    eventually(lambda: "tiny.en" in systemd.show(DAEMON, "StatusText"), "it says what it does")
    daemon = systemd.daemon()
    told = {name for process in [daemon, *daemon.children(recursive=True)] for name in process.environ()}
    assert "LISTEN_FDS" in told, "the process was given them at its start"
    for child in daemon.children(recursive=True):
        assert not {"LISTEN_FDS", "LISTEN_PID", "NOTIFY_SOCKET", "WATCHDOG_USEC"} & set(child.environ())


def test_a_daemon_that_hangs_is_restarted_by_the_watchdog(systemd: UserSystemd) -> None:
    systemd.drop_in(DAEMON, "[Service]\nWatchdogSec=1\n")
    try:
        systemd.systemctl("restart", DAEMON)
        hung, before = systemd.daemon(), restarts(systemd)
        hung.suspend()
        with systemd.connect() as connection:  # while it hangs; the next one answers
            assert connection.call("status/get", timeout=60)["pid"]
        assert not hung.is_running()
        assert restarts(systemd) == before + 1
    finally:
        remove_drop_in(systemd, DAEMON)


def test_a_daemon_that_is_killed_is_back_with_its_journal_and_its_socket(systemd: UserSystemd) -> None:
    need("embedded-model")
    pcm = samples(CLIP)
    with systemd.connect() as connection:
        session_id = half_streamed(connection, pcm)
        socket, daemon, before = systemd.socket.stat().st_ino, systemd.daemon(), restarts(systemd)
        daemon.kill()
    eventually(lambda: restarts(systemd) == before + 1, "it is started again though nobody asks for it", 30)
    resumed(systemd, session_id, pcm)
    assert systemd.socket.stat().st_ino == socket
    assert systemd.daemon().pid != daemon.pid


def test_a_restart_in_the_middle_of_a_dictation_loses_nothing(systemd: UserSystemd) -> None:
    need("embedded-model")
    pcm = samples(CLIP)
    with systemd.connect() as connection:
        session_id = half_streamed(connection, pcm)
        systemd.systemctl("restart", DAEMON)
    resumed(systemd, session_id, pcm)


def test_a_reload_in_the_middle_of_a_dictation_is_not_noticed(systemd: UserSystemd) -> None:
    need("embedded-model")
    pcm, daemon = samples(CLIP), systemd.daemon()
    with systemd.connect() as connection:
        connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
        dictation = Dictation(connection)
        dictation.start_stream(mode="raw")
        dictation.feed(pcm[: len(pcm) // 4 * 2])
        systemd.systemctl("reload", DAEMON)
        assert systemd.show(DAEMON, "ActiveState") == "active"
        dictation.feed(pcm[len(pcm) // 4 * 2 :])
        dictation.stop()
        result = dictation.result()
        dictation.acknowledge("sent")
    assert missing_words(spoken(), result["raw"]) <= 1
    assert systemd.daemon() == daemon


def test_an_upgrade_replaces_what_it_wrote_and_keeps_what_the_user_added(systemd: UserSystemd) -> None:
    systemd.drop_in(DAEMON, "[Service]\nMemoryHigh=50%\n")
    try:
        old = systemd_unit(DAEMON, (SHIPPED / DAEMON).read_text().replace("=30", "=40"), PROGRAMS, None)
        (systemd.folder / DAEMON).write_text(old.text)
        assert not status(systemd)["up_to_date"]
        before = systemd.daemon()
        assert installed(systemd)["written"] == [DAEMON]
        after = systemd.daemon()
        assert before != after
        assert installed(systemd)["written"] == []
        assert systemd.daemon() == after, "what works is left in peace"
        assert status(systemd)["dropins"] == [str(systemd.folder / f"{DAEMON}.d")]
        assert (systemd.folder / f"{DAEMON}.d" / "own.conf").exists()
        assert list(systemd.folder.glob("*.before")) == []
    finally:
        remove_drop_in(systemd, DAEMON)


def test_units_that_do_not_start_are_rolled_back(systemd: UserSystemd) -> None:
    wanted = (systemd.folder / DAEMON).read_text()
    done = systemd.run(sys.executable, "-c", INSTALL, "/bin/false", "/bin/false", str(systemd.socket))
    assert "service_failed" in done.stderr
    assert "what was there before is back" in done.stderr
    assert (systemd.folder / DAEMON).read_text() == wanted
    assert systemd.daemon().is_running()
    assert status(systemd)["up_to_date"]


def test_a_first_installation_that_does_not_start_leaves_nothing(bare: UserSystemd) -> None:
    done = bare.run(sys.executable, "-c", INSTALL, "/bin/false", "/bin/false", str(bare.socket))
    assert "service_failed" in done.stderr
    assert files(bare) == []
    assert bare.run("systemctl", "--user", "is-active", SOCKET).stdout.strip() == "inactive"


def test_a_daemon_that_was_started_by_hand_is_not_robbed_of_its_socket(bare: UserSystemd) -> None:
    config = bare.home / "config.toml"
    config.write_text("[speech]\nunload_after_s = 0\n")
    command = [PROGRAMS.daemon, "--socket", str(bare.socket), "--config", str(config)]
    bare.socket.parent.mkdir(mode=0o700, exist_ok=True)
    by_hand = subprocess.Popen(command, env=bare.environment, stderr=subprocess.DEVNULL)
    try:
        eventually(bare.socket.exists, "it listens")
        done = bare.ctl("service", "install", "--json")
        assert result_of(done)["error"]["reason"] == "already_running"
        with bare.connect() as connection:
            assert connection.call("status/get")["pid"] == by_hand.pid
    finally:
        by_hand.terminate()
        by_hand.wait(20)
    assert not (bare.folder / DAEMON).exists()


def test_the_hotkey_client_comes_and_goes_with_the_desktop(systemd: UserSystemd) -> None:
    desktop = systemd.folder / "desk.target"
    desktop.write_text("[Unit]\nBindsTo=graphical-session.target\nBefore=graphical-session.target\n")
    try:
        systemd.systemctl("daemon-reload")
        assert systemd.show(HOTKEY, "ActiveState") == "inactive"
        systemd.systemctl("start", "desk.target")
        eventually(lambda: systemd.show(HOTKEY, "ActiveState") == "active", "it is there with the desktop")
        systemd.systemctl("stop", "desk.target")
        eventually(lambda: systemd.show(HOTKEY, "ActiveState") == "inactive", "it is gone with the desktop", 20)
        assert systemd.show(HOTKEY, "Result") == "success"
    finally:
        desktop.unlink()
        systemd.systemctl("daemon-reload")


def test_texts_that_wait_outlive_the_service(systemd: UserSystemd) -> None:
    need("embedded-model")
    manager = systemd
    with manager.connect() as connection:
        connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
        clip = next(clip for clip in clips("utterance") if clip["file"] == CLIP)
        connection.call("session/start", {"source": "file", "path": str(clip["path"]), "pace": "fast", "mode": "raw"})
        eventually(lambda: connection.call("session/pending")["sessions"], "the text is there")
    done = manager.ctl("service", "uninstall")
    assert "1 text waits" in done.stderr
    installed(manager)
    with manager.connect() as connection:
        (waiting,) = connection.call("session/pending", {"all": True})["sessions"]
        assert missing_words(spoken(), taken(connection, waiting["session_id"])["raw"]) <= 1
    assert manager.ctl("service", "uninstall").stderr == ""
    assert files(manager) == []


def remove_drop_in(manager: UserSystemd, unit: str) -> None:
    (manager.folder / f"{unit}.d" / "own.conf").unlink()
    (manager.folder / f"{unit}.d").rmdir()
    manager.systemctl("daemon-reload")


def half_streamed(connection: Connection, pcm: bytes) -> str:
    """A dictation of which all was said but that goes on; its session."""
    connection.initialize("test", instance=str(uuid.uuid4()), partials=False)
    dictation = Dictation(connection)
    session_id = dictation.start_stream(mode="raw")
    dictation.feed(pcm)
    return session_id


def resumed(manager: UserSystemd, session_id: str, pcm: bytes) -> None:
    """The next daemon has all of it, and offers it."""
    with manager.connect() as connection:

        def waiting() -> bool:
            sessions = connection.call("session/pending", {"all": True}, timeout=60)["sessions"]
            return [one["session_id"] for one in sessions] == [session_id]

        eventually(waiting, "the text is pending")
        result = taken(connection, session_id)
    assert result["audio_seconds"] == pytest.approx(len(pcm) / 32_000, abs=0.01)
    assert missing_words(spoken(), result["raw"]) <= 1


def taken(connection: Connection, session_id: str) -> dict[str, Any]:
    connection.call("session/claim", {"session_id": session_id})
    result = connection.call("session/result", {"session_id": session_id}, timeout=60)
    receipt = {"status": "read", "detail": ""}
    connection.call("session/acknowledge", {"session_id": session_id, "receipt": receipt})
    return result


def spoken() -> str:
    return str(next(clip for clip in clips("utterance") if clip["file"] == CLIP)["text"])


def test_this_rig_leaves_nothing_running() -> None:
    with user_systemd() as manager:
        inside = psutil.Process(manager.inside)
        assert {process.name() for process in inside.children()} == {"systemd"}
    assert not inside.is_running()
    assert not manager.runtime.exists()
