from __future__ import annotations

import json

from parleq_hotkey.listing import as_json, as_text
from parleq_hotkey.ports import BackEnd
from parleqd.protocol.names import Reason

FOUND = [
    BackEnd("keys", "x11", True, "grabs the key"),
    BackEnd("keys", "evdev", False, "no devices", "plug one in", Reason.NO_KEY_SOURCE),
    BackEnd("insertion", "x11", True, "pastes"),
]


def test_for_people() -> None:
    assert as_text(FOUND).splitlines() == [
        "keys",
        "  + x11            grabs the key",
        "  - evdev          no devices",
        "                   plug one in",
        "",
        "insertion",
        "  + x11            pastes",
    ]


def test_for_programs() -> None:
    listed = json.loads(as_json(FOUND))["back_ends"]
    assert listed[1] == {
        "kind": "keys",
        "name": "evdev",
        "usable": False,
        "message": "no devices",
        "hint": "plug one in",
        "reason": "no_key_source",
    }
