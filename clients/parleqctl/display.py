"""Text made safe and fit for one line of a terminal: control characters, wide characters, width."""

from __future__ import annotations

ELLIPSIS = "…"
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def one_line(text: str) -> str:
    """``text`` without anything that moves the cursor, recolours, or reorders: such characters become blanks.

    Those are the Unicode categories C*: control, format (bidirectional marks), surrogate, private,
    unassigned; and the line and paragraph separators.
    """
    if text.isascii() and text.isprintable():
        return text
    from unicodedata import category  # here and below: most text is ASCII, and needs none of its tables

    return "".join(" " if category(character) in _UNSAFE else character for character in text)


def width(text: str) -> int:
    """Terminal columns that a `one_line` text takes, by Unicode Standard Annex 11."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def head(text: str, columns: int) -> str:
    """The beginning of ``text`` that fits, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    return _fitting(text, columns - 1) + ELLIPSIS if columns > 0 else ""


def tail(text: str, columns: int) -> str:
    """The end of ``text`` that fits, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    return ELLIPSIS + _fitting(text[::-1], columns - 1)[::-1] if columns > 0 else ""


def _fitting(text: str, columns: int) -> str:
    taken = 0
    for index, character in enumerate(text):
        taken += _columns(character)
        if taken > columns:
            return text[:index]
    return text


def _columns(character: str) -> int:
    from unicodedata import category, east_asian_width

    if category(character) in ("Mn", "Me"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
