"""What a text must look like for the window it goes to: the last guard, behind the daemon's rules by application."""

from __future__ import annotations

import re

from parleq_hotkey.insertion.chords import is_terminal
from parleq_hotkey.ports import Window

_LINE_BREAKS = re.compile(r"[ \t]*[\r\n\v\f\x85\u2028\u2029]+[ \t]*")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")

LONGEST_TYPED = 50
"""Characters that are typed key by key at most: programs lose keys that come by the hundred."""


def fit(text: str, window: Window) -> str:
    """The text exactly; but a terminal gets no line break and no control character.

    There a line break runs what was dictated as a command, and an escape sequence could end a bracketed paste.
    """
    if not is_terminal(window):
        return text
    return _CONTROLS.sub("", _LINE_BREAKS.sub(" ", text.strip("\r\n\v\f\x85\u2028\u2029")))


def can_be_typed(text: str) -> bool:
    """Short enough, and of characters that one key gives each."""
    return 0 < len(text) <= LONGEST_TYPED and text.isascii() and text.isprintable()
