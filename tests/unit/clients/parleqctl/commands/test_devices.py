from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.command_line import parleqctl_at
from tests.fakes.daemon import DEVICES, Refusal, running_daemon

TABLE = """\
   Headset                       in.headset
*  Built-in Microphone  default  in.built-in
   Monitor of Speakers  monitor  out.monitor
"""


def with_devices(**changes: Any) -> list[dict[str, Any]]:
    return [{**device, **changes} for device in DEVICES["devices"]]


@pytest.mark.asyncio
async def test_microphones_are_a_table_with_monitors_last() -> None:
    async with running_daemon() as daemon:
        table = await parleqctl_at(daemon, "devices")
        json = await parleqctl_at(daemon, "devices", "--json")
    assert (table.code, table.out) == (0, TABLE)
    assert table.err == "choose one with `parleqctl config set audio.device ID`\n"
    assert (json.code, json.json, json.err) == (0, [DEVICES], "")


@pytest.mark.asyncio
async def test_a_headset_that_is_spared_is_marked_and_told() -> None:
    devices = [
        {"id": "bluez", "name": "Phones", "default": True, "chosen": False, "monitor": False, "avoided": True},
        {"id": "desk", "name": "Desk", "default": False, "chosen": True, "monitor": False},
    ]
    async with running_daemon({"devices/list": {"devices": devices}}) as daemon:
        outcome = await parleqctl_at(daemon, "devices")
    assert outcome.out == "   Phones  default, spared  bluez\n*  Desk                     desk\n"
    assert "Phones plays as in a call while its microphone is open: audio.avoid_bluetooth = false" in outcome.err


@pytest.mark.parametrize(
    ("devices", "told"),
    [
        ([], "no microphone: plug one in\n"),
        (with_devices(monitor=True), "no microphone"),
        (with_devices(chosen=False), "`parleqctl config get audio.device` shows it"),
    ],
)
@pytest.mark.asyncio
async def test_what_is_not_as_it_should_be_is_told(devices: list[dict[str, Any]], told: str) -> None:
    async with running_daemon({"devices/list": {"devices": devices}}) as daemon:
        outcome = await parleqctl_at(daemon, "devices")
    assert outcome.code == 0
    assert told in outcome.err


@pytest.mark.asyncio
async def test_a_missing_library_is_named() -> None:
    refusal = Refusal("no_portaudio", "PortAudio is not installed", "`apt install libportaudio2`")
    async with running_daemon({"devices/list": refusal}) as daemon:
        outcome = await parleqctl_at(daemon, "devices", "--json")
    assert (outcome.code, outcome.reason) == (4, "no_portaudio")
    assert "libportaudio2" in outcome.err
