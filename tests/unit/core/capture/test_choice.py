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
