from __future__ import annotations

import json

import pytest

from parleqctl.commands.status import as_table
from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import STATUS, Object, Peer, running_daemon

TABLE = """\
state       idle
model       tiny.en (int8), ready
microphone  Built-in Microphone, idle
cleanup     instant
pending     0
sessions    0
config      /home/u/.config/parleq/config.toml (ok)
daemon      parleqd 0.1.0, pid 42, up 1 h 2 min
"""


@pytest.mark.asyncio
async def test_the_status_is_a_table_or_the_daemon_s_own_object() -> None:
    async with running_daemon() as daemon:
        assert await parleqctl_at(daemon, "status") == await parleqctl_at(daemon, "--socket", daemon.path, "status")
        table = await parleqctl_at(daemon, "status")
        as_json = await parleqctl_at(daemon, "status", "--json")
    assert (table.code, table.out, table.err) == (0, TABLE, "")
    assert (as_json.code, as_json.json, as_json.err) == (0, [STATUS], "")


def test_targets_problems_and_details_have_their_lines() -> None:
    table = as_table(
        {
            **STATUS,
            "model": {"name": "base", "compute_type": "int8", "state": "failed", "detail": "out of memory"},
            "cleanup": {
                "mode": "polished",
                "targets": [{"name": "eastus", "state": "cooling_down", "detail": "9 s"}],
            },
            "config": {"path": "/c", "state": "config_invalid", "problems": ["/c:1: a: b"], "managed_by": "/m"},
        }
    )
    assert "model       base (int8), failed: out of memory\n" in table
    assert "  eastus    cooling_down: 9 s\n" in table
    assert "config      /c (config_invalid)\n            managed by /m\n            /c:1: a: b\n" in table


def test_a_microphone_that_is_gone_says_so_and_what_to_do() -> None:
    gone = {
        "state": "missing",
        "device": "Built-in Microphone",
        "chosen": "Headset",
        "reason": "device_lost",
        "message": "Headset went away",
        "hint": "plug it in again",
    }
    lines = as_table({**STATUS, "microphone": gone}).splitlines()
    assert lines[2:4] == [
        "microphone  Built-in Microphone (chosen: Headset), missing: Headset went away",
        "            plug it in again",
    ]


def test_the_status_of_another_version_is_still_shown() -> None:
    assert as_table({}).startswith("state       unknown\n")


@pytest.mark.asyncio
async def test_watching_prints_again_at_changes_until_the_daemon_goes() -> None:
    asked = 0

    async def status(peer: Peer, params: Object) -> Object:
        nonlocal asked
        asked += 1
        if asked == 1:
            await peer.notify("session/partial", {"session_id": "s", "stable": "", "provisional": ""})
            await peer.notify("session/state", {"session_id": "s", "phase": "recording"})
        elif asked == 2:
            await peer.notify("daemon/notice", {"reason": "model_missing", "message": "m"})
        elif asked == 3:
            await peer.hang_up()
        return {**STATUS, "pid": asked}

    async with running_daemon({"status/get": status}) as daemon:
        outcome = await parleqctl_at(daemon, "status", "--watch", "--json")
    assert outcome.code == 3
    *printed, error = outcome.json
    assert [line["pid"] for line in printed] == [1, 2]
    assert error["error"]["reason"] == "daemon_unreachable"
    assert daemon.asked("events/subscribe") == [{"topics": ["state", "notice"]}]


@pytest.mark.asyncio
async def test_a_bar_is_told_what_differs() -> None:
    asked = 0

    async def status(peer: Peer, params: Object) -> Object:
        nonlocal asked
        asked += 1
        if asked < 4:
            await peer.notify("daemon/state", {})
        else:
            await peer.hang_up()
        return {**STATUS, "state": "idle" if asked < 3 else "recording", "uptime_seconds": asked}

    async with running_daemon({"status/get": status}) as daemon:
        watched = await parleqctl_at(daemon, "status", "--watch", "--format", "waybar")
    assert [json.loads(line)["class"] for line in watched.out.splitlines()] == ["idle", "recording"]
    assert watched.code == 3
    async with running_daemon() as daemon:
        once = await parleqctl_at(daemon, "status", "--format", "line")
    assert (once.code, once.out) == (0, "\n")
