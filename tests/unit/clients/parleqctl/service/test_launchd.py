from __future__ import annotations

from pathlib import Path

import pytest

from parleq_client import LocalError
from parleqctl.service.keeper import Condition
from parleqctl.service.launchd import DAEMON, HOTKEY, Launchd
from parleqctl.service.units import Programs
from tests.fakes.service_manager import FakeProgram

UID = 501
HOME = f"gui/{UID}"


@pytest.fixture
def launchctl(tmp_path: Path) -> FakeProgram:
    (tmp_path / "bin").mkdir()
    found = FakeProgram(tmp_path / "bin", "launchctl")
    found.answer("print", "Could not find service\n", code=113)
    return found


@pytest.fixture
def launchd(launchctl: FakeProgram, tmp_path: Path) -> Launchd:
    return Launchd(launchctl.environment(tmp_path), UID)


def commands(launchctl: FakeProgram) -> list[str]:
    return [line for line in launchctl.asked if not line.startswith("print ")]


def test_agents_lie_where_the_user_s_do(launchd: Launchd, tmp_path: Path) -> None:
    assert launchd.folder == tmp_path / "Library" / "LaunchAgents"
    agents = launchd.units(Programs("/bin/d", "/bin/h"), "/t/s.sock")
    assert [agent.name for agent in agents] == [DAEMON, HOTKEY]
    assert str(tmp_path / "Library" / "Logs" / "parleq") in agents[0].text


def test_agents_are_loaded_and_their_logs_have_a_place(
    launchd: Launchd, launchctl: FakeProgram, tmp_path: Path
) -> None:
    launchd.take_up([DAEMON, HOTKEY], restart=False)
    assert commands(launchctl) == [
        f"enable {HOME}/parleq.daemon",
        f"bootstrap {HOME} {launchd.folder / DAEMON}",
        f"enable {HOME}/parleq.hotkey",
        f"bootstrap {HOME} {launchd.folder / HOTKEY}",
    ]
    assert (tmp_path / "Library" / "Logs" / "parleq").is_dir()
    launchd.forget()
    assert not (tmp_path / "Library" / "Logs" / "parleq").exists()


def test_a_loaded_agent_is_loaded_anew_only_when_it_changed(launchd: Launchd, launchctl: FakeProgram) -> None:
    launchctl.answer("print", "parleq.daemon = {\n\tstate = running\n}\n")
    assert launchd.condition(DAEMON) == Condition(True, True, "state = running")
    launchd.take_up([DAEMON], restart=False)
    assert commands(launchctl) == [
        f"bootout {HOME}/parleq.daemon",
        f"enable {HOME}/parleq.daemon",
        f"bootstrap {HOME} {launchd.folder / DAEMON}",
    ]
    launchd.give_up([HOTKEY])
    assert commands(launchctl)[-1] == f"bootout {HOME}/parleq.hotkey"


def test_what_is_not_loaded_is_not_given_up(launchd: Launchd, launchctl: FakeProgram) -> None:
    launchd.give_up([DAEMON, HOTKEY])
    assert commands(launchctl) == []
    assert launchd.condition(DAEMON) == Condition(False, False, "")


def test_a_refusal_is_told_in_launchd_s_own_words(launchd: Launchd, launchctl: FakeProgram) -> None:
    launchctl.answer("bootstrap", "Bootstrap failed: 5: Input/output error\n", code=5)
    with pytest.raises(LocalError, match="5: Input/output error") as raised:
        launchd.take_up([], restart=False)
    assert raised.value.reason == "service_failed"


def test_without_a_session_it_says_where_to_run_it(launchd: Launchd, launchctl: FakeProgram) -> None:
    with pytest.raises(LocalError) as raised:
        launchd.check()
    assert (raised.value.reason, HOME in raised.value.message) == ("no_service_manager", True)
    launchctl.answer("print", f"{HOME} = {{\n}}\n")
    launchd.check()
    with pytest.raises(LocalError, match="launchctl is missing"):
        Launchd({"PATH": "/nowhere"}, UID).check()
