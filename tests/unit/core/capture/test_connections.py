from __future__ import annotations

import pytest

from parleqd.core.capture.connections import bus, is_one_device

PULSE = {"device.bus": "bluetooth", "device.api": "bluez", "device.string": "AA:BB"}
PIPEWIRE = {"device.api": "bluez5", "api.bluez5.address": "aa:bb"}
CARD = {"device.bus": "pci", "device.string": "front:0"}


@pytest.mark.parametrize(
    ("properties", "expected"),
    [(PULSE, "bluetooth"), (PIPEWIRE, "bluetooth"), (CARD, "pci"), ({"device.api": "alsa"}, ""), ({}, "")],
)
def test_how_it_is_connected(properties: dict[str, str], expected: str) -> None:
    assert bus(properties) == expected


@pytest.mark.parametrize(
    ("source", "sink", "expected"),
    [
        (PULSE, PULSE, True),
        (PULSE, PIPEWIRE, True),  # an address has no case
        (PULSE, {**PULSE, "device.string": "CC:DD"}, False),
        (PULSE, {"device.bus": "bluetooth"}, True),
        (PULSE, CARD, False),
        (PULSE, {}, False),
        ({}, {"device.api": "alsa"}, False),
    ],
)
def test_a_microphone_and_a_loudspeaker_are_one_device(
    source: dict[str, str], sink: dict[str, str], expected: bool
) -> None:
    assert is_one_device(source, sink) is expected
