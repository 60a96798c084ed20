from __future__ import annotations

import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from anyio.to_thread import run_sync

from parleqctl.commands.service import summary
from tests.fakes.command_line import parleqctl, parleqctl_at
from tests.fakes.daemon import running_daemon
from tests.fakes.service_manager import FakeProgram
from tests.unit.clients.parleqctl.service.test_installing import STATUS

ACTIVE = "UnitFileState=enabled\nActiveState=active\nSubState=running\n"
LINUX = pytest.mark.skipif(sys.platform == "darwin", reason="macOS has another service manager")
WELL: dict[str, Any] = {
    "installed": True,
    "up_to_date": True,
    "enabled": True,
    "running": True,
    "version": {"installed": "2", "running": "2"},
    "units": [],
}


def unit(**other: object) -> dict[str, object]:
    return {"unit": "a", "file": "current", "down": False, **other}


@pytest.fixture
def systemctl(tmp_path: Path) -> FakeProgram:
    (tmp_path / "bin").mkdir()
    found = FakeProgram(tmp_path / "bin", "systemctl")
    found.answer("show --property=Version", "252\n")
    found.answer("show --property=UnitFileState", ACTIVE)
    return found


@LINUX
@pytest.mark.asyncio
async def test_installing_uninstalling_and_how_it_is_between(systemctl: FakeProgram, tmp_path: Path) -> None:
    environment = systemctl.environment(tmp_path)
    async with running_daemon({"status/get": {**STATUS, "pending": 1}}) as daemon:
        installed = await parleqctl_at(daemon, "service", "install", environment=environment)
        status = await parleqctl_at(daemon, "service", "status", environment=environment)
        as_json = await parleqctl_at(daemon, "service", "status", "--json", environment=environment)
        await anyio.Path(tmp_path / ".config/systemd/user/parleqd.service.d").mkdir()
        removed = await parleqctl_at(daemon, "service", "uninstall", environment=environment)
    assert installed.code == status.code == removed.code == 0
    assert "answers now (written: parleqd.socket, parleqd.service, parleq-hotkey.service)" in installed.out
    assert status.out.splitlines() == [
        "installed, started at login, running",
        "parleqd.socket         current  enabled  active (running)",
        "parleqd.service        current  enabled  active (running)",
        "parleq-hotkey.service  current  enabled  active (running)",
    ]
    assert as_json.json[0]["keeper"] == "systemd"
    assert len(removed.out.splitlines()) == 3
    assert "kept" in removed.err
    assert "1 text waits in memory" in removed.err


@LINUX
def test_where_there_is_no_systemd_it_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    for action in ("install", "uninstall", "status"):
        outcome = parleqctl("service", action, "--json", environment={"PATH": "/nowhere", "HOME": str(tmp_path)})
        assert (outcome.code, outcome.reason) == (4, "no_service_manager")


@LINUX
@pytest.mark.asyncio
async def test_a_relative_socket_is_where_this_was_run(systemctl: FakeProgram, tmp_path: Path) -> None:
    """Services run in a folder of their own, and to systemd "8080" would be a port of the network."""
    environment = systemctl.environment(tmp_path)
    async with running_daemon({"status/get": STATUS}) as daemon:
        relative = f"{'../' * 40}{str(daemon.path)[1:]}"
        command = partial(parleqctl, "--socket", relative, "service", "install", environment=environment)
        installed = await run_sync(command)
    assert installed.code == 0
    unit = await anyio.Path(tmp_path / ".config/systemd/user/parleqd.socket").read_text()
    assert f"ListenStream={daemon.path}\n" in unit


@LINUX
def test_it_is_removed_though_the_programs_are_gone(systemctl: FakeProgram, tmp_path: Path) -> None:
    program = "import sys; sys.executable = '/nowhere/python'; from parleqctl.main import main; sys.exit(main())"
    environment = {**systemctl.environment(tmp_path), "PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin"}

    def run(action: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", program, "service", action]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert "the program parleqd is neither in /nowhere/parleqd nor on PATH" in run("install").stderr
    assert run("uninstall").stdout == "nothing was installed\n"


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (WELL, "installed, started at login, running"),
        ({**WELL, "running": False}, "installed, started at login, waiting for the first request"),
        ({**WELL, "installed": False}, "not installed: `parleqctl service install` does it"),
        ({**WELL, "enabled": False}, "installed, but not started at login: `parleqctl service install` mends it"),
        (
            {**WELL, "up_to_date": False, "version": {"installed": "2", "running": "1"}},
            "installed, out of date (parleqd 1 is running): `parleqctl service install` brings it up to date",
        ),
        (
            {**WELL, "up_to_date": False},
            "installed, out of date: `parleqctl service install` brings it up to date",
        ),
        (
            {**WELL, "installed": False, "units": [unit(file="foreign"), unit(unit="b", file="missing")]},
            "not installed: a is somebody else's; move it away, then `parleqctl service install`",
        ),
        (
            {**WELL, "up_to_date": False, "units": [unit(file="changed")]},
            "installed, but a was changed by hand and is left alone: make it a drop-in, and move it away",
        ),
        (
            {**WELL, "running": False, "units": [unit(down=True)]},
            "installed, but a is down: `parleqctl service install` tries again",
        ),
    ],
)
def test_the_whole_is_told_in_one_line(status: dict[str, Any], expected: str) -> None:
    assert summary(status) == expected
