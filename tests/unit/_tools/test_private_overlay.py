from __future__ import annotations

from pathlib import Path

from parleq_hotkey.overlay.palette import LIGHT
from parleqd._tools.private_overlay import private_overlay
from parleqd._tools.private_x import private_x
from tests.parts import need


def test_it_is_shown_in_the_colours_that_were_asked_for_and_ends_with_the_block(tmp_path: Path) -> None:
    for part in ("xvfb", "xdotool", "tk"):
        need(part)
    with private_x(window_manager=False) as server:
        with private_overlay(server, tmp_path / "scratch", scheme="prefer-light") as overlay:
            assert (overlay.window(), overlay.picture()) == ("", None)
            assert LIGHT.panel in overlay.shown({"state": "recording"}).colours()
        assert overlay.process.returncode == 0
