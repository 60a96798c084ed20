from __future__ import annotations

import pytest

from parleqd.core.capture.choice import DEFAULT, Input, absence, change, channels_to_open, chosen_device, pick
from parleqd.core.ports import Device

MONITOR = Input(Device("speaker.monitor", "Monitor of Speaker", monitor=True), 2, 48_000)
HEADSET = Input(Device("usb-1", "Headset"), 1, 16_000)
BUILT_IN = Input(Device("pci-0", "Built-in", default=True), 2, 48_000)
TWIN = Input(Device("usb-2", "Headset"), 1, 16_000)
NAMED_LIKE_AN_ID = Input(Device("x", "usb-2"), 1, 16_000)
ALL = [MONITOR, HEADSET, BUILT_IN, NAMED_LIKE_AN_ID, TWIN]


@pytest.mark.parametrize(
    ("wanted", "found", "chosen", "absent"),
    [
        (DEFAULT, BUILT_IN, False, False),
        ("usb-1", HEADSET, True, False),
        ("Headset", HEADSET, True, False),
        ("usb-2", TWIN, True, False),
        ("speaker.monitor", MONITOR, True, False),
        ("gone", BUILT_IN, False, True),
    ],
)
def test_an_id_comes_before_a_name_and_what_is_absent_gives_way_to_the_default(
    wanted: str, found: Input, chosen: bool, absent: bool
) -> None:
    assert pick(wanted, ALL) == (found, chosen, absent)


def test_without_a_default_a_microphone_comes_before_a_monitor() -> None:
    picked = pick(DEFAULT, [MONITOR, HEADSET])
    assert picked is not None
    assert picked.input == HEADSET


def test_nothing_can_be_picked_from_nothing() -> None:
    assert pick(DEFAULT, []) is None


def test_messages_name_both_devices() -> None:
    assert absence("Headset", "Built-in") == "the chosen microphone 'Headset' is not there; listening to 'Built-in'"
    assert change("Headset", BUILT_IN.device) == "the microphone changed from 'Headset' to 'Built-in'"
    assert change("Headset", MONITOR.device).endswith("'Monitor of Speaker', which hears what a loudspeaker plays")


@pytest.mark.parametrize(("available", "opened"), [(0, 1), (1, 1), (2, 2), (8, 8), (32, 8)])
def test_all_channels_are_opened_within_reason(available: int, opened: int) -> None:
    assert channels_to_open(available) == opened


DESK = Device("in.built-in", "Built-in", default=True)
PHONES = Device("in.headset", "Headset")
ODD = Device("Headset", "in.built-in")


@pytest.mark.parametrize(
    ("wanted", "device"),
    [
        ("default", DESK),
        ("in.headset", PHONES),
        ("Built-in", DESK),
        ("Headset", ODD),  # an id goes before a name
        ("in.built-in", DESK),
        ("Webcam", None),
    ],
)
def test_the_settings_mean_an_id_or_a_name_or_the_system_s_choice(wanted: str, device: Device | None) -> None:
    assert chosen_device([PHONES, DESK, ODD], wanted) is device


def test_without_a_default_of_the_system_none_is_chosen() -> None:
    assert chosen_device([PHONES], "default") is None
    assert chosen_device([], "default") is None


PHONES_HEAR = Device("bluez.mic", "Phones", default=True, bus="bluetooth", output=True)
OTHER_PHONES = Device("bluez.2", "Other phones", bus="bluetooth")
PLAYED = Device("speaker.monitor", "Monitor", monitor=True, bus="pci")
VIRTUAL = Device("null", "Virtual")
WEBCAM = Device("usb", "Webcam", bus="usb")


@pytest.mark.parametrize(
    ("devices", "heard"),
    [
        ([PHONES_HEAR, PLAYED, OTHER_PHONES, VIRTUAL, WEBCAM], WEBCAM),
        ([PHONES_HEAR, VIRTUAL], VIRTUAL),
        ([PHONES_HEAR, PLAYED, OTHER_PHONES], PHONES_HEAR),  # nothing else hears a voice
        ([Device("bluez", "Phones", default=True, bus="bluetooth"), WEBCAM], None),  # music is heard elsewhere
        ([Device("usb-1", "Headset", default=True, bus="usb", output=True), WEBCAM], None),
    ],
)
def test_a_bluetooth_headset_that_plays_gives_way_to_another_microphone(
    devices: list[Device], heard: Device | None
) -> None:
    assert chosen_device(devices, DEFAULT, avoid_bluetooth=True) is (heard or devices[0])
    assert chosen_device(devices, DEFAULT) is devices[0]
    assert chosen_device(devices, devices[0].id, avoid_bluetooth=True) is devices[0]
    picked = pick(DEFAULT, [Input(device, 1, 48_000) for device in devices], avoid_bluetooth=True)
    assert picked is not None
    assert picked.input.device is (heard or devices[0])
    assert (picked.chosen, picked.absent) == (picked.input.device is not devices[0], False)


def test_a_headset_that_was_asked_for_is_heard() -> None:
    inputs = [Input(PHONES_HEAR, 1, 16_000), Input(WEBCAM, 1, 48_000)]
    assert pick("bluez.mic", inputs, avoid_bluetooth=True) == (inputs[0], True, False)
    assert pick("gone", inputs, avoid_bluetooth=True) == (inputs[0], False, True)
