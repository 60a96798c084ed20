"""Reads from a sound server's properties how a source or sink is connected, and whether both are one device.

The names are PulseAudio's (pulse/proplist.h) and those that PipeWire adds for Bluetooth (``api.bluez5.*``).
"""

from __future__ import annotations

from collections.abc import Mapping

from parleqd.core.capture.choice import BLUETOOTH


def bus(properties: Mapping[str, str]) -> str:
    """ "bluetooth", "usb", "pci" …; "" where the server does not say."""
    if properties.get("device.api", "").startswith("bluez"):
        return BLUETOOTH
    return properties.get("device.bus", "")


def is_one_device(source: Mapping[str, str], sink: Mapping[str, str]) -> bool:
    """Are they the microphone and the loudspeaker of one device? By address where both tell it, else by the bus."""
    if not sink or bus(source) != bus(sink) or not bus(source):
        return False
    addresses = _address(source), _address(sink)
    return addresses[0] == addresses[1] if all(addresses) else True


def _address(properties: Mapping[str, str]) -> str:
    return (properties.get("api.bluez5.address") or properties.get("device.string", "")).casefold()
