from __future__ import annotations

import pytest

from parleq_hotkey.keys.matching import WatchedKeys
from parleq_hotkey.ports import DesktopError, Keys, Role

CTRL, SHIFT = frozenset({"ctrl"}), frozenset({"shift"})
NONE: frozenset[str] = frozenset()


def test_a_chord_asks_for_its_modifiers_and_no_others() -> None:
    watched = WatchedKeys(Keys("ctrl+F9", "Escape"))
    assert watched.role("F9", CTRL) == Role.DICTATE
    assert watched.role("F9", NONE) is None
    assert watched.role("F9", CTRL | SHIFT) is None
    assert watched.role("Escape", NONE) == Role.CANCEL
    assert watched.role("Escape", CTRL) is None
    assert watched.role("F8", CTRL) is None


def test_one_key_may_have_two_roles() -> None:
    watched = WatchedKeys(Keys("F9", "", "shift+F9"))
    assert watched.role("F9", NONE) == Role.DICTATE
    assert watched.role("F9", SHIFT) == Role.OFFER


@pytest.mark.parametrize("dictate", ["ctrl+F9", "Control_R"])
def test_what_the_held_key_brings_along_does_not_count(dictate: str) -> None:
    watched = WatchedKeys(Keys(dictate, "Escape"))
    assert watched.role("Escape", CTRL, {Role.DICTATE}) == Role.CANCEL
    assert watched.role("Escape", CTRL | SHIFT, {Role.DICTATE}) is None


def test_keys_without_a_name_are_not_watched() -> None:
    assert set(WatchedKeys(Keys("F9")).chords) == {Role.DICTATE}
    assert WatchedKeys(Keys("F9")).role("", NONE) is None


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(DesktopError, match="no key is called 'nope'"):
        WatchedKeys(Keys("F9", "nope"))
