"""Decides which microphone is opened, and how, from what the settings ask for and what the system has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from parleqd.core.ports import Device

DEFAULT = "default"
MAX_CHANNELS = 8
"""Of a device with more, the rest is not opened: virtual ones claim dozens."""


class Input(NamedTuple):
    """A microphone as the system describes it. ``rate``: its own, in samples a second. ``number``: PortAudio's."""

    device: Device
    channels: int
    rate: int
    muted: bool = False
    number: int | None = None


class Picked(NamedTuple):
    """``input``: what to open. ``chosen``: it was asked for by name. ``absent``: what was asked for is not there."""

    input: Input
    chosen: bool
    absent: bool


def chosen_device(devices: Sequence[Device], wanted: str) -> Device | None:
    """The device that ``wanted`` names: "default", an id, or else a name. ``None`` when it is not there."""
    if wanted == DEFAULT:
        return next((device for device in devices if device.default), None)
    by_id = (device for device in devices if device.id == wanted)
    by_name = (device for device in devices if device.name == wanted)
    return next(by_id, None) or next(by_name, None)


def pick(wanted: str, inputs: Sequence[Input]) -> Picked | None:
    """The input of that id or name, else the system's default one, else any; ``None`` when there is nothing."""
    named = None if wanted == DEFAULT else chosen_device([one.device for one in inputs], wanted)
    for one in inputs:
        if one.device is named:
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
