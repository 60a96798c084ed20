from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parleqctl.commands.doctor import lines
from tests.fakes.command_line import parleqctl, parleqctl_at, parleqd_that
from tests.fakes.daemon import HEALTHY, running_daemon

SICK: dict[str, Any] = {
    "verdict": "failed",
    "checks": [
        *HEALTHY["checks"],
        {"check": "devices", "verdict": "failed", "message": "none", "hint": "plug in", "reason": "no_microphone"},
    ],
}


@pytest.mark.asyncio
async def test_each_part_has_its_line_and_what_to_do_about_it() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "doctor")
    assert outcome.code == 0  # a warning is no failure
    assert outcome.out.splitlines() == [
        "ok       model       tiny.en is installed",
        "warning  microphone  Headset gives silence only",
        "                     is it muted?",
    ]
    assert outcome.err == ""


@pytest.mark.asyncio
async def test_that_it_takes_a_while_is_shown_on_a_terminal() -> None:
    async with running_daemon() as daemon:
        outcome = await parleqctl_at(daemon, "doctor", terminal=True)
    assert "trying every part…" in outcome.err


@pytest.mark.asyncio
async def test_a_failure_is_exit_code_4_and_an_error_in_the_object() -> None:
    async with running_daemon({"doctor/run": SICK}) as daemon:
        text = await parleqctl_at(daemon, "doctor")
        as_json = await parleqctl_at(daemon, "doctor", "--json")
    assert (text.code, as_json.code, as_json.reason) == (4, 4, "no_microphone")
    assert text.out.splitlines()[-2:] == ["failed   devices     none", "                     plug in"]
    (printed,) = as_json.json
    assert printed["checks"] == SICK["checks"]
    assert printed["error"] == {"reason": "no_microphone", "message": "devices: none", "hint": "plug in"}


@pytest.mark.asyncio
async def test_healthy_parts_give_the_daemon_s_own_object() -> None:
    async with running_daemon() as daemon:
        assert (await parleqctl_at(daemon, "doctor", "--json")).json == [HEALTHY]


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (HEALTHY, "nothing was mended"),
        ({"verdict": "ok", "checks": HEALTHY["checks"][:1]}, "there is nothing to mend"),
    ],
)
@pytest.mark.asyncio
async def test_mending_promises_nothing(report: dict[str, Any], told: str) -> None:
    async with running_daemon({"doctor/run": report}) as daemon:
        outcome = await parleqctl_at(daemon, "doctor", "--fix")
    assert told in outcome.err


def test_without_a_daemon_parleqd_is_asked(tmp_path: Path) -> None:
    environment = parleqd_that(f"import json; print(json.dumps({SICK!r}))", tmp_path)
    outcome = parleqctl("doctor", "--json", "--socket", "/nowhere/s", environment=environment)
    assert (outcome.code, outcome.json[0]["checks"]) == (4, SICK["checks"])


@pytest.mark.asyncio
async def test_columns_are_as_wide_as_the_longest_name() -> None:
    told = [
        *HEALTHY["checks"][:1],
        {"check": "eastus: permission", "verdict": "failed", "message": "no role", "hint": "ask for it"},
        {"check": "eastus: deployment", "verdict": "skipped", "message": "not reached"},
    ]
    async with running_daemon({"doctor/run": {"verdict": "failed", "checks": told}}) as daemon:
        outcome = await parleqctl_at(daemon, "doctor")
    assert outcome.out.splitlines() == [
        "ok       model              tiny.en is installed",
        "failed   eastus: permission no role",
        "                            ask for it",
        "skipped  eastus: deployment not reached",
    ]


def test_what_would_move_the_cursor_is_left_out() -> None:
    assert lines({"check": "c", "verdict": "ok", "message": "a\x1b[2J\nb"}) == ["ok       c           a [2J b"]
    assert json.dumps(lines({})) == json.dumps(["                     "])
