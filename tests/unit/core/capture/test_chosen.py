from __future__ import annotations

import pytest

from parleqd.core.capture.chosen import chosen_device
from parleqd.core.ports import Device

BUILT_IN = Device("in.built-in", "Built-in", default=True)
HEADSET = Device("in.headset", "Headset")
MISNAMED = Device("Headset", "in.built-in")


@pytest.mark.parametrize(
    ("wanted", "device"),
    [
        ("default", BUILT_IN),
        ("in.headset", HEADSET),
        ("Built-in", BUILT_IN),
        ("Headset", MISNAMED),  # an id goes before a name
        ("in.built-in", BUILT_IN),
        ("Webcam", None),
    ],
)
def test_the_settings_mean_an_id_or_a_name_or_the_system_s_choice(wanted: str, device: Device | None) -> None:
    assert chosen_device([HEADSET, BUILT_IN, MISNAMED], wanted) is device


def test_without_a_default_of_the_system_none_is_chosen() -> None:
    assert chosen_device([HEADSET], "default") is None
    assert chosen_device([], "default") is None
