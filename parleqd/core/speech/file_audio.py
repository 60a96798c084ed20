"""What the short-lived child that decodes an audio file says: frames, then exactly one end."""

from __future__ import annotations

import msgspec


class _Record(msgspec.Struct, frozen=True, tag_field="is", tag=str.lower):
    """One record; its type travels in the field ``is``."""


class Frames(_Record, frozen=True):
    """The next frames: 16 kHz mono signed 16-bit little-endian. Empty: still busy skipping what is known already."""

    pcm: bytes


class Ended(_Record, frozen=True):
    """The file was heard to its end."""


class Broken(_Record, frozen=True):
    """It cannot be heard (any further): what is wrong, and what would be right ("" where nothing helps)."""

    what: str
    hint: str = ""


FileAudio = Frames | Ended | Broken
