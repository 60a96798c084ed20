"""The window on a private X server; tests/e2e/test_overlay.py has what it does to other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from parleqd._tools.private_overlay import PrivateOverlay, private_overlay
from parleqd._tools.private_x import PrivateX, private_x
from tests.parts import need

RECORDING = {"state": "recording", "hands_free": False}


@pytest.fixture(scope="module")
def server() -> Iterator[PrivateX]:
    for part in ("xvfb", "xdotool", "tk"):
        need(part)
    with private_x(window_manager=False) as started:
        yield started


def gone(overlay: PrivateOverlay, server: PrivateX) -> None:
    server.until(lambda: not overlay.window(), "the overlay did not disappear")


def test_nothing_is_shown_until_something_is_told(server: PrivateX, tmp_path: Path) -> None:
    with private_overlay(server, tmp_path) as overlay:
        overlay.tell({"state": "hidden"})
        assert not overlay.window()
        overlay.shown(RECORDING)
        overlay.tell({"state": "hidden"})
        gone(overlay, server)


def test_it_ends_with_its_input(server: PrivateX, tmp_path: Path) -> None:
    with private_overlay(server, tmp_path) as overlay:
        overlay.shown(RECORDING)
        assert overlay.process.stdin is not None
        overlay.process.stdin.close()
        assert overlay.process.wait(timeout=10) == 0


def test_what_is_over_fades(server: PrivateX, tmp_path: Path) -> None:
    with private_overlay(server, tmp_path) as overlay:
        overlay.shown({"state": "inserted", "status": "read"})
        gone(overlay, server)


def test_it_stands_at_the_bottom_in_the_middle_and_keeps_its_foot(server: PrivateX, tmp_path: Path) -> None:
    with private_overlay(server, tmp_path) as overlay:
        for text in ("Short.", "Longer. " * 200):
            overlay.shown({"state": "review", "text": text, "raw": ""})
            x, y, width, height = overlay.place()
            assert abs(2 * x + width - 1280) <= 1
            assert y + height == 800 - 64
            assert height < 400


def test_a_line_in_pieces_is_put_together(server: PrivateX, tmp_path: Path) -> None:
    with private_overlay(server, tmp_path) as overlay:
        assert overlay.process.stdin is not None
        for piece in (b'{"state": "prob', b'lem", "message": "k\xc3', b'\xa4se"}\n'):
            overlay.process.stdin.write(piece)
            overlay.process.stdin.flush()
        overlay.shown()


def test_scripts_and_emoji_do_it_no_harm(server: PrivateX, tmp_path: Path) -> None:
    with private_overlay(server, tmp_path) as overlay:
        latin = overlay.shown({"state": "review", "text": "aaa", "raw": ""})
        mixed = overlay.shown({"state": "review", "text": "größe Привет 你好 😀 👨\u200d👩\u200d👧 שלום", "raw": ""})
        assert mixed != latin
        assert overlay.process.poll() is None


def test_a_fine_display_has_a_larger_window(tmp_path: Path) -> None:
    for part in ("xvfb", "xdotool", "tk"):
        need(part)
    with private_x(size="2560x1600", window_manager=False) as server:
        server.run("xrdb", "-merge", "-", text="Xft.dpi: 192\n")
        with private_overlay(server, tmp_path) as overlay:
            overlay.shown(RECORDING)
            assert overlay.place()[2] == 640


def test_without_a_display_it_ends(server: PrivateX, tmp_path: Path) -> None:
    nowhere = PrivateX(tmp_path, "1x1")
    with private_overlay(nowhere, tmp_path) as overlay:
        assert overlay.process.wait(timeout=10) == 1
