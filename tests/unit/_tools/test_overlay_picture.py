"""What the picture shows is tried in tests/e2e/test_overlay.py."""

from __future__ import annotations

import json

from parleq_hotkey.overlay.model import HIDDEN, following
from parleqd._tools.overlay_picture import STATES, spoken


def test_every_state_is_one_of_the_overlay() -> None:
    view, shown = HIDDEN, []
    for messages in STATES.values():
        for message in messages:
            view = following(view, json.dumps(message))
        shown.append(view.heading)
    assert len(set(shown)) == len(STATES) - 1  # hands-free has its own mark
    assert all(shown)


def test_a_voice_is_neither_silent_nor_too_loud() -> None:
    levels = [message["level"] for message in spoken(200)]
    assert -55 < min(levels) < max(levels) < -5
