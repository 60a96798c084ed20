from __future__ import annotations

import string

import pytest

from parleq_hotkey.insertion.wayland.keymap import Key, key_of, keys_of
from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason


@pytest.mark.parametrize(
    ("chord", "key"),
    [
        ("shift+Insert", Key(110, ("shift",))),
        ("ctrl+v", Key(47, ("ctrl",))),
        ("ctrl+shift+v", Key(47, ("ctrl", "shift"))),
        ("Ctrl+V", Key(47, ("ctrl",))),
        ("BackSpace", Key(14)),
    ],
)
def test_chords_are_key_codes_of_linux(chord: str, key: Key) -> None:
    assert key_of(chord) == key


@pytest.mark.parametrize("chord", ["", "ctrl+", "hyper+v", "ctrl+Hyper_L", "ö"])
def test_a_chord_that_cannot_be_pressed_is_named(chord: str) -> None:
    with pytest.raises(DesktopError) as refused:
        key_of(chord)
    assert refused.value.reason is Reason.NO_INSERTION
    assert repr(chord) in refused.value.message


def test_all_printable_ascii_has_a_key_of_its_own() -> None:
    printable = string.digits + string.ascii_letters + string.punctuation + " "
    keys = keys_of(printable)
    assert len(set(keys)) == len(printable)
    assert keys_of("a") == [Key(30)]
    assert keys_of("A~") == [Key(30, ("shift",)), Key(41, ("shift",))]


@pytest.mark.parametrize("text", ["a\n", "ü", "a👍"])
def test_what_is_no_printable_ascii_is_refused_without_being_told(text: str) -> None:
    with pytest.raises(DesktopError) as refused:
        keys_of(text)
    assert text not in refused.value.message
