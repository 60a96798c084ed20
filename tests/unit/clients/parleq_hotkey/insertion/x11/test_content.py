from __future__ import annotations

from Xlib import Xatom

from parleq_hotkey.insertion.x11.content import Item, hint, text_content

NAMES = ["UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "TEXT", "x-kde-passwordManagerHint"]


def atom(name: str) -> int:
    return 1000 + NAMES.index(name)


def test_a_text_is_offered_in_all_types() -> None:
    content = text_content("naïve", atom)
    assert content.keys() == {1000, 1001, 1002, 1003, Xatom.STRING}
    assert content[1000] == Item(1000, 8, "naïve".encode())
    assert content[1003] == content[1000]
    assert content[Xatom.STRING] == Item(Xatom.STRING, 8, "naïve".encode("latin-1"))


def test_what_latin_1_cannot_say_is_not_offered_in_it() -> None:
    assert Xatom.STRING not in text_content("👍", atom)


def test_histories_are_asked_not_to_keep_it() -> None:
    assert hint(atom) == {1004: Item(Xatom.STRING, 8, b"secret")}
