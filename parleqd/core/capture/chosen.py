"""Which of the devices that there are the settings mean, to be shown to people."""

from __future__ import annotations

from collections.abc import Sequence

from parleqd.core.capture.choice import DEFAULT
from parleqd.core.ports import Device


def chosen_device(devices: Sequence[Device], wanted: str) -> Device | None:
    """The device that ``wanted`` names: "default", an id, or else a name. ``None`` when it is not there."""
    if wanted == DEFAULT:
        return next((device for device in devices if device.default), None)
    by_id = (device for device in devices if device.id == wanted)
    by_name = (device for device in devices if device.name == wanted)
    return next(by_id, None) or next(by_name, None)
