"""What a selection holds, by type, and the types in which a text is offered. Pure but for the server's atoms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from Xlib import Xatom


@dataclass(frozen=True, slots=True)
class Item:
    """The value of one target: ``type`` is an atom, ``format`` the bits of its units, ``data`` those units' bytes."""

    type: int
    format: int
    data: bytes


Content = Mapping[int, Item | None]
"""By target, an atom; None: listed, but whoever asks for it is refused."""

SECRET_HINT = "x-kde-passwordManagerHint"
"""The target by which clipboard histories are asked not to keep a content; its value is then "secret"."""


def text_content(text: str, atom: Callable[[str], int]) -> dict[int, Item]:
    """A text in all the types that programs ask for; STRING is Latin-1 (ICCCM 2.6.2), or not offered."""
    utf8 = text.encode("utf-8")
    content = {
        atom("UTF8_STRING"): Item(atom("UTF8_STRING"), 8, utf8),
        atom("text/plain;charset=utf-8"): Item(atom("text/plain;charset=utf-8"), 8, utf8),
        atom("text/plain"): Item(atom("text/plain"), 8, utf8),
        atom("TEXT"): Item(atom("UTF8_STRING"), 8, utf8),
    }
    try:
        content[Xatom.STRING] = Item(Xatom.STRING, 8, text.encode("latin-1"))
    except UnicodeEncodeError:
        pass  # programs that know nothing else get nothing rather than question marks
    return content


def hint(atom: Callable[[str], int]) -> dict[int, Item]:
    """The request to histories not to keep the content."""
    return {atom(SECRET_HINT): Item(Xatom.STRING, 8, b"secret")}
