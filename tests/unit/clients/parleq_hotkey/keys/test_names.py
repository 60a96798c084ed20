from __future__ import annotations

import importlib.util

import pytest
from Xlib import XK

from parleq_hotkey.keys.names import KEYS, MODIFIERS, parse, portal_trigger, warning
from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason
from tests.parts import need


@pytest.mark.parametrize(
    "written, normal",
    [
        ("F9", "F9"),
        ("f9", "F9"),
        (" F9 ", "F9"),
        ("F24", "F24"),
        ("Control_R", "Control_R"),
        ("right ctrl", "Control_R"),
        ("right-ctrl", "Control_R"),
        ("RIGHTCTRL", "Control_R"),
        ("ctrl_r", "Control_R"),
        ("Right Option", "Alt_R"),
        ("cmd", "Super_L"),
        ("pause", "Pause"),
        ("Scroll Lock", "Scroll_Lock"),
        ("Menu", "Menu"),
        ("ISO_Level3_Shift", "ISO_Level3_Shift"),
        ("AltGr", "ISO_Level3_Shift"),
        ("page up", "Prior"),
        ("a", "a"),
        ("A", "a"),
        ("7", "7"),
        (";", "semicolon"),
        ("-", "minus"),
        ("+", "plus"),
        ("ctrl++", "ctrl+plus"),
        ("ctrl+plus", "ctrl+plus"),
        ("ctrl+alt+space", "ctrl+alt+space"),
        ("Alt + Control + Space", "ctrl+alt+space"),
        ("super+F9", "super+F9"),
        ("win+shift+f9", "shift+super+F9"),
    ],
)
def test_keys_as_people_write_them(written: str, normal: str) -> None:
    assert str(parse(written)) == normal
    assert str(parse(normal)) == normal


@pytest.mark.parametrize(
    "written, message, hint",
    [
        ("Controll_R", "no key is called 'Controll_R'", "Control_R"),
        ("F25", "no key is called 'F25'", "F24"),
        ("", "no key is called ''", "F9"),
        ("jog wheel", "no key is called 'jog wheel'", "F9"),
        ("hyper+a", "'hyper' in 'hyper+a' is no modifier key", "ctrl, alt, shift, super"),
        ("F9+a", "'F9' in 'F9+a' is no modifier key", "ctrl, alt, shift, super"),
    ],
)
def test_an_unknown_key_is_named_with_what_may_have_been_meant(written: str, message: str, hint: str) -> None:
    with pytest.raises(DesktopError) as raised:
        parse(written)
    assert raised.value.reason == Reason.KEY_UNKNOWN
    assert (raised.value.message, hint in raised.value.hint) == (message, True)


def test_every_key_is_found_by_its_own_name() -> None:
    assert all(parse(name).key is key for name, key in KEYS.items())
    assert {key.modifier for key in KEYS.values()} == {"", *MODIFIERS}


def test_x11_knows_every_key() -> None:
    for group in ("xf86", "xkb"):
        XK.load_keysym_group(group)
    assert not [name for name in KEYS if not XK.string_to_keysym(name.replace("XF86", "XF86_"))]


def test_evdev_knows_every_code() -> None:
    need("pynput")
    if importlib.util.find_spec("evdev") is None:
        pytest.skip("evdev comes with pynput on Linux only")
    ecodes = importlib.import_module("evdev.ecodes").ecodes
    assert not [key for key in KEYS.values() if key.evdev and key.evdev not in ecodes]


@pytest.mark.parametrize(
    "written, trigger",
    [
        ("F9", "F9"),
        ("ctrl+alt+space", "CTRL+ALT+space"),
        ("super+shift+a", "SHIFT+LOGO+a"),
        ("right ctrl", "Control_R"),
    ],
)
def test_triggers_of_the_portal(written: str, trigger: str) -> None:
    assert portal_trigger(parse(written)) == trigger


@pytest.mark.parametrize("written", ["a", "space", "shift+a", "Return", "KP_5", ";"])
def test_a_key_that_types_is_warned_of(written: str) -> None:
    assert "types a character" in warning(parse(written))


@pytest.mark.parametrize("written", ["AltGr", "right alt"])
def test_alt_gr_is_warned_of(written: str) -> None:
    assert "AltGr" in warning(parse(written))


@pytest.mark.parametrize("written", ["F9", "ctrl+a", "Control_R", "Pause", "super+space"])
def test_other_keys_are_not(written: str) -> None:
    assert warning(parse(written)) == ""
