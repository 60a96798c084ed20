from __future__ import annotations

import plistlib

import pytest

from parleqctl.service.launchd import SHIPPED as AGENTS
from parleqctl.service.systemd import SHIPPED as UNITS
from parleqctl.service.units import (
    CHANGED,
    CURRENT,
    FOREIGN,
    MISSING,
    OUTDATED,
    Places,
    Programs,
    launchd_agent,
    state,
    systemd_unit,
)

PROGRAMS = Programs("/opt/p/bin/parleqd", "/opt/p/bin/parleq-hotkey")
SERVICE = (UNITS / "parleqd.service").read_text()
NOW = systemd_unit("parleqd.service", SERVICE, PROGRAMS, None).text
BEFORE = systemd_unit("parleqd.service", SERVICE.replace("=30", "=60"), PROGRAMS, None).text


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, MISSING),
        (NOW, CURRENT),
        (BEFORE, OUTDATED),
        (BEFORE.replace("=60", "=90"), CHANGED),
        (f"{NOW}\nNice=5\n", FOREIGN),
        (SERVICE, FOREIGN),
        ("", FOREIGN),
    ],
)
def test_a_file_tells_who_wrote_it_and_whether_it_is_as_it_was(found: str | None, expected: str) -> None:
    assert state(found, NOW) == expected


@pytest.mark.parametrize(
    ("name", "program"), [("parleqd.service", PROGRAMS.daemon), ("parleq-hotkey.service", PROGRAMS.hotkey)]
)
def test_a_unit_starts_the_program_of_this_installation(name: str, program: str) -> None:
    text = systemd_unit(name, (UNITS / name).read_text(), PROGRAMS, None).text
    assert f'\nExecStart="{program}"\n' in text
    assert "/usr/bin" not in text


def test_a_path_is_written_as_systemd_reads_it() -> None:
    odd = Programs("/a b/100%/$HOME/parleqd", "")
    text = systemd_unit("parleqd.service", SERVICE, odd, "/$HOME/s").text
    assert 'ExecStart="/a b/100%%/$HOME/parleqd" --socket "/$$HOME/s"' in text


def test_a_program_whose_path_systemd_refuses_is_started_by_another() -> None:
    text = systemd_unit("parleqd.service", SERVICE, Programs('/"$a"/\\/parleqd', ""), None).text
    assert r'ExecStart=/usr/bin/env "/\"$$a\"/\\/parleqd"' in text


def test_another_socket_than_the_usual_one_is_told_to_all() -> None:
    texts = {
        path.name: systemd_unit(path.name, path.read_text(), PROGRAMS, "/run/x 1%.sock").text
        for path in UNITS.iterdir()
    }
    assert "ListenStream=/run/x 1%%.sock\n" in texts["parleqd.socket"]
    assert f'ExecStart="{PROGRAMS.daemon}" --socket "/run/x 1%%.sock"\n' in texts["parleqd.service"]
    assert f'ExecStart="{PROGRAMS.hotkey}" --socket "/run/x 1%%.sock"\n' in texts["parleq-hotkey.service"]


@pytest.mark.parametrize("name", ["parleq.daemon.plist", "parleq.hotkey.plist"])
def test_an_agent_has_whole_paths_everywhere(name: str) -> None:
    places = Places("/t/parleq-501/parleqd.sock", "/Users/u/Library/Logs/parleq", "/opt/homebrew/bin:/usr/bin")
    agent = launchd_agent(name, (AGENTS / name).read_bytes(), PROGRAMS, places)
    found = plistlib.loads(agent.text.encode())
    program = PROGRAMS.daemon if "daemon" in name else PROGRAMS.hotkey
    assert found["ProgramArguments"] == [program, "--socket", places.socket]
    assert found["StandardErrorPath"].startswith(f"{places.logs}/parleq.")
    assert found["EnvironmentVariables"] == {"PATH": places.path}  # az is not where launchd looks
    if "daemon" in name:
        assert found["Sockets"]["parleqd"]["SockPathName"] == places.socket
    assert state(agent.text, agent.text + " ") == OUTDATED
    assert state(agent.text.replace("Interactive", "Background"), agent.text) == CHANGED
