from __future__ import annotations

import pytest

from parleqd.core.applications.choice import choose
from parleqd.core.applications.defaults import BUILT_IN
from parleqd.core.settings import Cleanup, Insertion, Newlines, Settings
from parleqd.protocol.messages import SessionContext
from parleqd.protocol.names import Mode

EAGER = Settings(cleanup=Cleanup(mode=Mode.POLISHED), insertion=Insertion(trailing_space=True))


def places(name: str) -> list[SessionContext]:
    return [SessionContext(app=name), SessionContext(window_class=name)]


@pytest.mark.parametrize("name", ["kitty", "org.gnome.Terminal", "Alacritty", "com.apple.Terminal", "XTerm", "foot"])
def test_a_terminal_gets_one_line_and_nothing_from_the_cloud(name: str) -> None:
    for place in places(name):
        found = choose(EAGER, place)
        assert (found.mode, found.behaviour.trailing_space) == (Mode.INSTANT, False)
        assert found.behaviour.newlines is Newlines.SPACE
        assert found.origins["mode"] == "built in: terminals"


@pytest.mark.parametrize("name", ["code", "nvim", "Emacs", "jetbrains-idea", "dev.zed.Zed", "/usr/bin/nvim"])
def test_an_editor_keeps_its_lines(name: str) -> None:
    found = choose(EAGER, SessionContext(app=name))
    assert (found.mode, found.behaviour.trailing_space) == (Mode.INSTANT, False)
    assert found.behaviour.newlines is Newlines.KEEP


@pytest.mark.parametrize("name", ["slack", "Signal", "thunderbird", "firefox", "codeine", "terminally", "vimeo", ""])
def test_everywhere_else_the_user_s_own_settings_stand(name: str) -> None:
    for place in places(name):
        found = choose(EAGER, place)
        assert (found.mode, found.behaviour.trailing_space) == (Mode.POLISHED, True)


@pytest.mark.parametrize("mode", [Mode.RAW, Mode.INSTANT])
def test_nobody_is_lifted(mode: Mode) -> None:
    settings = Settings(cleanup=Cleanup(mode=mode))
    names = {name for rule in BUILT_IN for name in (*rule.app, *rule.window_class)}
    for name in names:
        for place in places(name.replace("*", "x")):
            assert choose(settings, place).mode is mode
            assert choose(settings, place).origins["mode"] == "cleanup.mode"


def test_no_rule_that_is_built_in_names_the_cloud() -> None:
    assert all(rule.mode is Mode.INSTANT for rule in BUILT_IN)
