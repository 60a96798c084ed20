from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.private_wayland import NoDisplayError
from tests.parts import need
from tests.wayland import Target, compositor


def test_programs_show_themselves_and_get_the_focus(tmp_path: Path) -> None:
    with compositor() as running:
        assert Path(running.socket).is_socket()
        assert "DISPLAY" not in running.env
        assert (running.windows(), running.focused()) == ([], 0)
        first, second = Target(running, "foot", "first"), Target(running, "foot", "second")
        assert running.focused() == second.window
        running.focus(first.window)
        assert running.focused() == first.window
        running.run("wtype", "-s", "100", "typed")
        running.until(lambda: first.text == "typed", "nothing was typed")
        assert second.text == ""
        running.close(first.window)
        running.until(lambda: len(running.windows()) == 1, "the window stays")
        running.end(second.program)
        assert second.program.poll() is not None
        folder = running.folder
    assert not folder.exists()


def test_a_picture_of_the_screen_can_be_made(tmp_path: Path) -> None:
    need("grim")
    with compositor() as running:
        running.picture(tmp_path / "screen.png")
    assert (tmp_path / "screen.png").read_bytes().startswith(b"\x89PNG")


def test_programs_end_with_a_compositor_that_dies() -> None:
    with compositor() as running:
        target = Target(running, "foot")
        running.kill()
        assert target.program.poll() is not None
        with pytest.raises(NoDisplayError, match="never"):
            running.until(lambda: False, "never")
