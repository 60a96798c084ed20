from __future__ import annotations

import pytest

from parleqd.core.errors import OutsideError, RefusedError
from parleqd.core.ports import Device
from parleqd.protocol.methods import DEVICES_LIST
from parleqd.protocol.names import Reason
from tests.fakes.engine import ask, running_engine
from tests.fakes.microphone import HEADSET, FakeMicrophone


@pytest.mark.parametrize(
    ("config", "chosen"),
    [
        ("", "Built-in Microphone"),
        ("[audio]\ndevice = 'Headset'\n", "Headset"),
        (f"[audio]\ndevice = '{HEADSET.id}'\n", "Headset"),
        ("[audio]\ndevice = 'Webcam'\n", None),
    ],
)
@pytest.mark.asyncio
async def test_microphones_are_listed_with_the_one_that_is_meant(config: str, chosen: str | None) -> None:
    async with running_engine(config, microphone=FakeMicrophone()) as engine:
        devices = (await ask(engine, DEVICES_LIST))["devices"]
    assert [device["name"] for device in devices if device["default"]] == ["Built-in Microphone"]
    assert [device["name"] for device in devices if device["chosen"]] == ([chosen] if chosen else [])
    assert [device["id"] for device in devices if device["monitor"]] == ["alsa_output.built-in.monitor"]


@pytest.mark.parametrize(("config", "chosen"), [("", "Desk"), ("[audio]\navoid_bluetooth = false\n", "Phones")])
@pytest.mark.asyncio
async def test_a_headset_that_plays_is_marked_as_avoided(config: str, chosen: str) -> None:
    microphone = FakeMicrophone()
    phones = Device("bluez", "Phones", default=True, bus="bluetooth", output=True)
    microphone.known = [phones, Device("desk", "Desk", bus="usb")]
    async with running_engine(config, microphone=microphone) as engine:
        devices = (await ask(engine, DEVICES_LIST))["devices"]
    assert [device["name"] for device in devices if device["chosen"]] == [chosen]
    assert [device["name"] for device in devices if device["avoided"]] == (["Phones"] if chosen == "Desk" else [])


@pytest.mark.asyncio
async def test_what_is_in_the_way_is_the_microphone_s_own_word() -> None:
    microphone = FakeMicrophone()
    microphone.known = OutsideError(Reason.NO_PORTAUDIO, "no PortAudio", "install it")
    async with running_engine(microphone=microphone) as engine:
        with pytest.raises(OutsideError, match="no PortAudio"):
            await ask(engine, DEVICES_LIST)


@pytest.mark.asyncio
async def test_a_daemon_without_a_microphone_says_so() -> None:
    async with running_engine() as engine:
        with pytest.raises(RefusedError, match="no microphone") as refused:
            await ask(engine, DEVICES_LIST)
    assert refused.value.reason is Reason.NO_MICROPHONE
