from __future__ import annotations

import pytest

from parleq_hotkey.insertion.chords import Chords, is_terminal
from parleq_hotkey.ports import Window


@pytest.mark.parametrize(
    "app, window_class, chord",
    [
        ("gedit", "Gedit", "shift+Insert"),
        ("xterm", "XTerm", "shift+Insert"),
        ("", "", "shift+Insert"),
        ("contour", "contour", "ctrl+shift+v"),
        ("dev.warp.Warp", "", "ctrl+shift+v"),
    ],
)
def test_the_chord_of_a_window(app: str, window_class: str, chord: str) -> None:
    assert Chords().chord(Window("1", app=app, window_class=window_class)) == chord


def test_the_users_patterns_go_first_whatever_their_case() -> None:
    chords = Chords({"XT*": "ctrl+shift+v", "*": "ctrl+v"})
    assert chords.chord(Window("1", app="vt", window_class="xterm")) == "ctrl+shift+v"
    assert chords.chord(Window("1", app="contour")) == "ctrl+v"


def test_a_desktop_without_the_other_selection_gives_terminals_another_chord() -> None:
    chords = Chords(terminal="ctrl+shift+v")
    assert chords.chord(Window("1", app="foot")) == "ctrl+shift+v"
    assert chords.chord(Window("1", app="gedit")) == "shift+Insert"


@pytest.mark.parametrize(
    "name", ["xterm", "URxvt", "org.gnome.Terminal", "kitty", "/usr/bin/foot", "wezterm-gui", "LXTerm", "ddterm"]
)
def test_terminals(name: str) -> None:
    assert is_terminal(Window("1", app=name))
    assert is_terminal(Window("1", window_class=name))


@pytest.mark.parametrize("name", ["", "gedit", "Chromium", "studio", "test", "terms", "warpinator"])
def test_no_terminals(name: str) -> None:
    assert not is_terminal(Window("1", app=name, window_class=name))
