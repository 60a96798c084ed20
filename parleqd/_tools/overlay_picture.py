"""Makes docs/overlay.png, the README's picture of the overlay: the real program on a private display, state by state.

Run it as ``python -m parleqd._tools.overlay_picture``; it needs tkinter, and what parleqd/_tools/private_x.py needs.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from parleqd._tools.private_overlay import private_overlay
from parleqd._tools.private_x import PrivateX, private_x
from parleqd._tools.screenshots import Image, stacked

PICTURE = Path(__file__).parents[2] / "docs" / "overlay.png"
GAP = 22
GROUNDS = {"prefer-dark": b"\xdf\xe3\xe8", "prefer-light": b"\x39\x3e\x48"}

RAW = "um so I think we should we should meet on tuesday no wednesday at three pm and bring the the draft"
TEXT = "So I think we should meet on Wednesday at 3 pm and bring the draft."
HIDDEN: Mapping[str, Any] = {"state": "hidden"}
KEYS: Mapping[str, str] = {"cancel": "Escape", "offer": "F10"}


def spoken(count: int) -> list[Mapping[str, Any]]:
    """Levels like those of a voice."""
    return [{"level": -42 + 24 * abs(math.sin(0.9 * n)) + 8 * math.sin(0.37 * n)} for n in range(count)]


STATES: dict[str, Sequence[Mapping[str, Any]]] = {
    "recording": [
        HIDDEN,
        {"state": "recording", "hands_free": False},
        *spoken(24),
        {"partial": {"stable": "so I think we should meet", "provisional": " on tuesday no wed"}},
    ],
    "hands-free": [HIDDEN, {"state": "recording", "hands_free": True, "keys": KEYS}, *spoken(40)],
    "working": [
        HIDDEN,
        {"state": "recording", "hands_free": False},
        {"partial": {"stable": RAW, "provisional": ""}},
        {"state": "working", "phase": "cleaning"},
    ],
    "review": [HIDDEN, {"state": "review", "text": TEXT, "raw": RAW, "keys": KEYS}],
    "changing": [
        {"state": "recording", "hands_free": False},
        *spoken(32),
        {"partial": {"stable": "", "provisional": "make it sound more formal"}},
    ],
    "waiting": [
        HIDDEN,
        {"state": "waiting", "message": "could not be placed: another window has the focus", "keys": KEYS},
    ],
    "problem": [
        HIDDEN,
        {
            "state": "problem",
            "message": "the microphone is muted",
            "hint": "unmute it: pactl set-source-mute @DEFAULT_SOURCE@ 0",
        },
    ],
}
"""Each state's messages, in the order in which they are sent; "changing" follows on "review"."""


def pictures(server: PrivateX, folder: Path, scheme: str) -> dict[str, Image]:
    """What the overlay shows in each of the states."""
    with private_overlay(server, folder, scheme=scheme) as overlay:
        return {state: overlay.shown(*messages) for state, messages in STATES.items()}


def main() -> None:
    """Writes the picture."""
    with tempfile.TemporaryDirectory() as folder, private_x() as server:
        dark = pictures(server, Path(folder), "prefer-dark")
        light = pictures(server, Path(folder), "prefer-light")
    columns = [
        [dark[state] for state in ("recording", "working", "review")],
        [light[state] for state in ("hands-free", "changing", "waiting")],
    ]
    PICTURE.write_bytes(stacked(columns, GAP, list(GROUNDS.values())).png())
    print(f"{PICTURE}: {PICTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
