from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from parleqctl.service.programs import installed
from parleqctl.service.systemd import Systemd
from parleqctl.service_check import examine_service
from tests.fakes.service_manager import FakeProgram

ENABLED = "UnitFileState=enabled\nActiveState=inactive\nSubState=dead\n"


@pytest.fixture
def systemctl(tmp_path: Path) -> FakeProgram:
    (tmp_path / "bin").mkdir()
    found = FakeProgram(tmp_path / "bin", "systemctl")
    found.answer("show --property=Version", "252\n")
    found.answer("show --property=UnitFileState", ENABLED)
    return found


def examined(systemctl: FakeProgram, home: Path, written: str = "", *, units: bool = True) -> list[dict[str, Any]]:
    environment, socket = systemctl.environment(home), str(home / "s.sock")
    systemd = Systemd(environment)
    if units:
        systemd.folder.mkdir(parents=True)
        for unit in systemd.units(installed(environment), socket):
            (systemd.folder / unit.name).write_text(written or unit.text)
    return examine_service(environment, socket, "linux")


def test_who_has_none_is_told_nothing(systemctl: FakeProgram, tmp_path: Path) -> None:
    assert examined(systemctl, tmp_path, units=False) == []
    assert systemctl.asked == []


def test_one_that_is_well_is_told(systemctl: FakeProgram, tmp_path: Path) -> None:
    (check,) = examined(systemctl, tmp_path)
    assert (check["check"], check["verdict"], check["hint"]) == ("service", "ok", "")


@pytest.mark.parametrize(
    ("asked", "answer", "code", "reason"),
    [
        ("show --property=Version", "no bus\n", 1, "no_service_manager"),
        ("show --property=UnitFileState", ENABLED.replace("enabled", "disabled"), 0, "service_failed"),
        ("NRestarts,Result parleqd.service", ENABLED.replace("inactive", "failed"), 0, "service_failed"),
    ],
)
def test_one_that_is_not_well_is_a_warning_that_says_what_to_do(
    systemctl: FakeProgram, tmp_path: Path, asked: str, answer: str, code: int, reason: str
) -> None:
    systemctl.answer(asked, answer, code)
    (check,) = examined(systemctl, tmp_path)
    assert (check["verdict"], check["reason"]) == ("warning", reason)
    assert check["hint"]


def test_units_of_another_version_are_a_warning(systemctl: FakeProgram, tmp_path: Path) -> None:
    (check,) = examined(systemctl, tmp_path, "[Unit]\n")
    assert (check["verdict"], check["reason"]) == ("warning", "unit_changed")
