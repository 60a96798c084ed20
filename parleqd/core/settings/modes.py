"""The cleanup modes in order of how far they go: what is said stays as it is, is written well, leaves the machine."""

from __future__ import annotations

from parleqd.protocol.names import Mode

_ORDER = (Mode.RAW, Mode.INSTANT, Mode.POLISHED)


def at_most(mode: Mode, most: Mode) -> Mode:
    """``mode``, or ``most`` where that goes less far."""
    return min(mode, most, key=_ORDER.index)
