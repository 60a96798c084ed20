"""What a text must look like for the window it goes to: the last guard, behind the daemon's rules by application."""

from __future__ import annotations

import re

from parleq_hotkey.insertion.chords import is_terminal
from parleq_hotkey.ports import Window

_LINE_BREAKS = re.compile(r"[ \t]*[\r\n\v\f\x85\u2028\u2029]+[ \t]*")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")

LONGEST_TYPED = 50
"""Characters that are typed key by key at most: programs lose keys that come by the hundred."""


def fit(text: str, window: Window) -> str:
    """The text without control characters; a terminal gets it without line breaks, too.

    There a line break runs what was dictated as a command. An escape sequence could end a bracketed paste, and the rest
    be run: no window gets one, as terminals hide in editors and browsers, too. Programs cut a text short at NUL. Half a
    surrogate pair is no character (Unicode 3.9, D75): U+FFFD stands for it.
    """
    if is_terminal(window):
        text = _LINE_BREAKS.sub(" ", text.strip("\r\n\v\f\x85\u2028\u2029"))
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))


def can_be_typed(text: str) -> bool:
    """Short enough, and of characters that one key gives each."""
    return 0 < len(text) <= LONGEST_TYPED and text.isascii() and text.isprintable()
