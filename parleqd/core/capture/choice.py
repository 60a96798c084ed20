"""Decides which microphone is opened, and how, from what the settings ask for and what the system has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.ports import Device

DEFAULT = "default"
BLUETOOTH = "bluetooth"
MAX_CHANNELS = 8
"""Of a device with more, the rest is not opened: virtual ones claim dozens."""


class Input(NamedTuple):
    """A microphone as the system describes it. ``rate``: its own, in samples a second. ``number``: PortAudio's.

    ``volume``: 1 is as loud as it came. ``suspended``: the sound server keeps it still.
    """

    device: Device
    channels: int
    rate: int
    muted: bool = False
    number: int | None = None
    volume: float = 1.0
    suspended: bool = False


class Picked(NamedTuple):
    """``input``: what to open. ``absent``: what was asked for is not there.

    ``chosen``: it must be opened by its name, since it was asked for, or is not the system's default.
    """

    input: Input
    chosen: bool
    absent: bool


def chosen_device(devices: Sequence[Device], wanted: str, avoid_bluetooth: bool = False) -> Device | None:
    """The device that ``wanted`` names: "default", an id, or else a name. ``None`` when it is not there."""
    if wanted == DEFAULT:
        default = next((device for device in devices if device.default), None)
        spared = avoid_bluetooth and default is not None and _costs_quality(default)
        return (_wired(devices) or default) if spared else default
    by_id = (device for device in devices if device.id == wanted)
    by_name = (device for device in devices if device.name == wanted)
    return next(by_id, None) or next(by_name, None)


def _costs_quality(device: Device) -> bool:
    """A Bluetooth headset whose microphone is open plays in the quality of a call: HFP in place of A2DP."""
    return device.bus == BLUETOOTH and device.output


def _wired(devices: Sequence[Device]) -> Device | None:
    """The first other microphone; one whose connection is known goes before those of which nothing is."""
    others = [device for device in devices if not device.monitor and device.bus != BLUETOOTH]
    return min(others, key=lambda device: not device.bus, default=None)


def pick(wanted: str, inputs: Sequence[Input], avoid_bluetooth: bool = False) -> Picked | None:
    """The input of that id or name, else the system's default one, else any; ``None`` when there is nothing.

    ``avoid_bluetooth``: see `chosen_device`; where the default cannot be had, it makes no difference.
    """
    named = chosen_device([one.device for one in inputs], wanted, avoid_bluetooth)
    for one in inputs:
        if one.device is named and not (wanted == DEFAULT and one.device.default):
            return Picked(one, chosen=True, absent=False)
    usual = sorted(inputs, key=lambda one: (not one.device.default, one.device.monitor))
    return Picked(usual[0], chosen=False, absent=wanted != DEFAULT) if usual else None


def absence(wanted: str, heard: str) -> str:
    """Says that another microphone is heard than the chosen one."""
    return f"the chosen microphone {wanted!r} is not there; listening to {heard!r}"


def change(before: str, now: Device) -> str:
    """Says that the system moved the recording to another microphone."""
    what = f"{now.name!r}, which hears what a loudspeaker plays" if now.monitor else repr(now.name)
    return f"the microphone changed from {before!r} to {what}"


def channels_to_open(available: int) -> int:
    """As many as there are, so that none is mixed into another."""
    return max(1, min(available, MAX_CHANNELS))
