from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parleqctl.commands.doctor import lines
from tests.fakes.command_line import parleq_hotkey_that, parleqctl, parleqctl_at, parleqd_that
from tests.fakes.daemon import HEALTHY, running_daemon

SICK: dict[str, Any] = {
    "verdict": "failed",
    "checks": [
        *HEALTHY["checks"],
        {"check": "devices", "verdict": "failed", "message": "none", "hint": "plug in", "reason": "no_microphone"},
    ],
}


DESKTOP = {"check": "desktop: keys", "verdict": "ok", "message": "x11: F9 is free", "hint": "", "reason": None}
KEYS = {"kind": "keys", "name": "x11", "usable": True, "message": "F9 is free", "hint": "", "reason": None}


@pytest.fixture
def desktop(tmp_path: Path) -> dict[str, str]:
    """Variables with which `parleq-hotkey` finds a desktop in which all is well."""
    return parleq_hotkey_that(f"import json; print(json.dumps({{'back_ends': [{KEYS!r}]}}))", tmp_path)


@pytest.mark.asyncio
async def test_each_part_has_its_line_and_what_to_do_about_it(desktop: dict[str, str]) -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "doctor", environment=desktop)
    assert outcome.code == 0  # a warning is no failure
    assert outcome.out.splitlines() == [
        "ok       model         tiny.en is installed",
        "warning  microphone    Headset gives silence only",
        "                       is it muted?",
        "ok       desktop: keys x11: F9 is free",
    ]
    assert outcome.err == ""


@pytest.mark.asyncio
async def test_that_it_takes_a_while_is_shown_on_a_terminal(desktop: dict[str, str]) -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "doctor", terminal=True, environment=desktop)
    assert "trying every part…" in outcome.err


@pytest.mark.asyncio
async def test_a_failure_is_exit_code_4_and_an_error_in_the_object(desktop: dict[str, str]) -> None:
    async with running_daemon({"doctor/run": SICK}) as daemon:
        text = await parleqctl_at(daemon, "doctor", environment=desktop)
        as_json = await parleqctl_at(daemon, "doctor", "--json", environment=desktop)
    assert (text.code, as_json.code, as_json.reason) == (4, 4, "no_microphone")
    assert text.out.splitlines()[-3:-1] == ["failed   devices       none", "                       plug in"]
    (printed,) = as_json.json
    assert printed["checks"] == [*SICK["checks"], DESKTOP]
    assert printed["error"] == {"reason": "no_microphone", "message": "devices: none", "hint": "plug in"}


@pytest.mark.asyncio
async def test_the_object_is_the_daemon_s_own_and_the_desktop_s_checks(desktop: dict[str, str]) -> None:
    async with running_daemon() as daemon:
        printed = (await parleqctl_at(daemon, "doctor", "--json", environment=desktop)).json
    assert printed == [{"verdict": "warning", "checks": [*HEALTHY["checks"], DESKTOP]}]


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (HEALTHY, "nothing was mended"),
        ({"verdict": "ok", "checks": HEALTHY["checks"][:1]}, "there is nothing to mend"),
    ],
)
@pytest.mark.asyncio
async def test_mending_promises_nothing(report: dict[str, Any], told: str, desktop: dict[str, str]) -> None:
    async with running_daemon({"doctor/run": report}) as daemon:
        outcome = await parleqctl_at(daemon, "doctor", "--fix", environment=desktop)
    assert told in outcome.err


def test_without_a_daemon_parleqd_is_asked(tmp_path: Path, desktop: dict[str, str]) -> None:
    environment = parleqd_that(f"import json; print(json.dumps({SICK!r}))", tmp_path)
    assert environment == desktop  # both stand in
    outcome = parleqctl("doctor", "--json", "--socket", "/nowhere/s", environment=environment)
    assert (outcome.code, outcome.json[0]["checks"]) == (4, [*SICK["checks"], DESKTOP])


@pytest.mark.asyncio
async def test_columns_are_as_wide_as_the_longest_name(desktop: dict[str, str]) -> None:
    told = [
        *HEALTHY["checks"][:1],
        {"check": "eastus: permission", "verdict": "failed", "message": "no role", "hint": "ask for it"},
        {"check": "eastus: deployment", "verdict": "skipped", "message": "not reached"},
    ]
    async with running_daemon({"doctor/run": {"verdict": "failed", "checks": told}}) as daemon:
        outcome = await parleqctl_at(daemon, "doctor", environment=desktop)
    assert outcome.out.splitlines()[:-1] == [
        "ok       model              tiny.en is installed",
        "failed   eastus: permission no role",
        "                            ask for it",
        "skipped  eastus: deployment not reached",
    ]


def test_what_would_move_the_cursor_is_left_out() -> None:
    assert lines({"check": "c", "verdict": "ok", "message": "a\x1b[2J\nb"}) == ["ok       c           a [2J b"]
    assert json.dumps(lines({})) == json.dumps(["                     "])
