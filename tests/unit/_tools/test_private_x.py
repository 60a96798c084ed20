from __future__ import annotations

from pathlib import Path

import pytest

from parleqd._tools.private_x import NoDisplayError, private_x
from tests.parts import need


@pytest.fixture(autouse=True)
def _parts() -> None:
    for part in ("xvfb", "openbox", "xdotool"):
        need(part)


def test_programs_show_themselves_and_one_of_them_has_the_focus() -> None:
    need("xterm")
    with private_x() as server:
        first = server.window_of(server.program("xterm", "-title", "first"), "^first$")
        second = server.window_of(server.program("xterm", "-title", "second"), "^second$")
        assert server.active_window() == second
        server.focus(first)
        assert server.active_window() == first


def test_a_server_that_died_comes_back_under_its_name() -> None:
    with private_x() as server:
        name = server.name
        server.kill()
        assert server.active_window() == ""
        server.start()
        assert server.name == name
        assert "id #" in server.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK")


def test_what_does_not_come_is_named() -> None:
    with private_x(window_manager=False) as server, pytest.raises(NoDisplayError, match="no miracle"):
        server.until(lambda: False, "no miracle", within_s=0.01)


def test_without_a_server_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoDisplayError, match="apt-get install xvfb"), private_x():
        pass
