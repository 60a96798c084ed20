"""The shipped units, and those that are installed, before other judges: systemd's own, and two parsers of plists."""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from parleqctl.service import launchd, systemd
from parleqctl.service.launchd import Launchd
from parleqctl.service.programs import installed
from parleqctl.service.systemd import Systemd
from parleqctl.service.units import Programs, Unit
from tests.parts import ROOT, need

PROGRAMS = installed({}, sys.executable)
MOST_EXPOSED = 7.0
"""Of 10, by `systemd-analyze security`; a unit that hardens nothing has 9.6. Most of it is what root alone could do."""
# launchd.plist(5). What is not here is a slip of the pen, which launchd would pass over in silence.
KEYS = {
    "Label",
    "ProgramArguments",
    "Sockets",
    "RunAtLoad",
    "KeepAlive",
    "ThrottleInterval",
    "ExitTimeOut",
    "ProcessType",
    "Umask",
    "HardResourceLimits",
    "LimitLoadToSessionType",
    "StandardErrorPath",
    "EnvironmentVariables",
}
SOCKET_KEYS = {"SockPathName", "SockPathMode"}


def units(socket: str | None = None) -> list[Unit]:
    return Systemd({"XDG_RUNTIME_DIR": "/run/user/7"}).units(PROGRAMS, socket or "/run/user/7/parleq/parleqd.sock")


def agents() -> list[Unit]:
    environment = {"HOME": "/Users/u", "PATH": "/opt/homebrew/bin:/usr/bin"}
    return Launchd(environment).units(PROGRAMS, "/tmp/t/parleq-501/parleqd.sock")


@pytest.mark.parametrize("name", ["a b 100% $HOME ${HOME} é", 'o\'brien "b" \\n'])
def test_systemd_finds_programs_in_a_folder_of_any_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    programs = Programs(*(str(tmp_path / name / program) for program in ("parleqd", "parleq-hotkey")))
    for program in programs:
        Path(program).symlink_to("/bin/true")
    written = Systemd({"XDG_RUNTIME_DIR": "/run/user/7"}).units(programs, "/run/user/7/$HOME/s.sock")
    assert verified(tmp_path, written) == ""


def verified(folder: Path, written: list[Unit]) -> str:
    """What `systemd-analyze verify` complains of. Its exit code is 0 even for a key that it does not know."""
    need("systemd-analyze")
    for unit in written:
        (folder / unit.name).write_text(unit.text)
    done = analysed(folder, "verify", "--man=no", *(unit.name for unit in written))
    return done.stderr + done.stdout + (f"exit code {done.returncode}" if done.returncode else "")


@pytest.mark.parametrize("socket", [None, '/run/user/7/a "b" 100%/s.sock'])
def test_systemd_finds_nothing_to_complain_of(tmp_path: Path, socket: str | None) -> None:
    assert verified(tmp_path, units(socket)) == ""


def test_systemd_would_find_a_slip_of_the_pen(tmp_path: Path) -> None:
    wrong = [Unit(unit.name, unit.text.replace("WatchdogSec", "WatchdogSecs")) for unit in units()]
    assert "Unknown key" in verified(tmp_path, wrong)


@pytest.mark.parametrize("name", ["parleqd.service", "parleq-hotkey.service"])
def test_a_service_is_as_hardened_as_a_user_s_own_can_be(name: str, tmp_path: Path) -> None:
    assert exposure(tmp_path, (ROOT / "systemd" / name).read_text()) <= MOST_EXPOSED


def test_without_the_hardening_it_would_be_exposed(tmp_path: Path) -> None:
    shipped = (ROOT / "systemd" / "parleqd.service").read_text()
    bare = re.sub(r"(?m)^(Restrict|SystemCall|NoNew|Lock|UMask).*\n", "", shipped)
    assert exposure(tmp_path, bare) > MOST_EXPOSED


def exposure(folder: Path, text: str) -> float:
    need("systemd-analyze")
    (folder / "one.service").write_text(text)
    told = analysed(folder, "security", "--offline=true", "one.service").stdout
    found = re.search(r"Overall exposure level[^:]*: ([\d.]+)", told)
    assert found, told
    return float(found[1])


def analysed(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Without a runtime directory it would not even begin."""
    environment = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    command = ["systemd-analyze", "--user", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_what_would_break_sound_is_left_out() -> None:
    """PortAudio's callback is machine code that is made at run time."""
    assert not any(re.search(r"(?m)^MemoryDenyWriteExecute", unit.text) for unit in units())


@pytest.mark.parametrize("agent", agents(), ids=lambda agent: agent.name)
def test_a_property_list_is_valid_by_two_parsers_and_has_known_keys_only(agent: Unit, tmp_path: Path) -> None:
    need("plistutil")
    found: dict[str, Any] = plistlib.loads(agent.text.encode())
    source, binary = tmp_path / "a.plist", tmp_path / "a.bin"
    source.write_text(agent.text)
    subprocess.run(["plistutil", "-i", source, "-f", "bin", "-o", binary], check=True, capture_output=True)
    assert plistlib.loads(binary.read_bytes()) == found
    assert set(found) <= KEYS
    assert all(set(one) <= SOCKET_KEYS for one in found.get("Sockets", {}).values())
    assert agent.name == f"{found['Label']}.plist"
    assert "~" not in agent.text
    assert "$" not in agent.text, "launchd expands nothing"
    assert all(word.startswith(("/", "-")) for word in found["ProgramArguments"])


def test_what_is_shipped_in_a_package_is_what_stands_in_the_repository() -> None:
    for shipped, folder in ((systemd.SHIPPED, "systemd"), (launchd.SHIPPED, "launchd")):
        assert {path.name: path.read_bytes() for path in shipped.iterdir()} == {
            path.name: path.read_bytes() for path in (ROOT / folder).iterdir()
        }


def test_a_daemon_that_hangs_is_noticed_and_one_that_dies_over_and_over_is_left_alone() -> None:
    for wanted in ("WatchdogSec=", "StartLimitBurst=", "MemoryMax=", "OOMPolicy=continue"):
        assert sum(wanted in unit.text for unit in units() if unit.name == "parleqd.service") == 1, wanted


def test_both_kinds_mean_the_same() -> None:
    """The daemon is started by its socket and restarted when it fails; the hotkey client needs a desktop."""
    daemon, hotkey = (plistlib.loads(agent.text.encode()) for agent in agents())
    texts = {unit.name: unit.text for unit in units()}
    assert set(daemon["Sockets"]) == {"parleqd"}
    assert "SocketMode=0600" in texts["parleqd.socket"]
    assert daemon["Sockets"]["parleqd"]["SockPathMode"] == 0o600
    assert hotkey["LimitLoadToSessionType"] == "Aqua"
    assert "WantedBy=graphical-session.target" in texts["parleq-hotkey.service"]
    assert "Sockets" not in hotkey
    for agent, name in ((daemon, "parleqd.service"), (hotkey, "parleq-hotkey.service")):
        assert agent["KeepAlive"] == {"SuccessfulExit": False}
        assert "Restart=on-failure" in texts[name]
        assert agent["Umask"] == 0o077
        assert "UMask=0077" in texts[name]
        assert agent["HardResourceLimits"] == {"Core": 0}
        assert "LimitCORE=0" in texts[name]
