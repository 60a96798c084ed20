"""Insertion by pasting, over the desktop of our own making."""

from __future__ import annotations

from collections.abc import Callable

from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.pasting import Means, Pasting, Patience
from parleq_hotkey.ports import Keyboard
from tests.fakes.desktop import TEXT, Desktop, FakeClipboard, FakeField, FakeKeyboard, FakeWindows

QUICK = Patience(modifiers=0.05, read=0.05, field=0.05)
OLD = {TEXT: b"old", "image/png": b"\x89PNG"}
"""What the clipboard of `desktop` holds."""


def pasting(
    desktop: Desktop,
    *,
    clipboard: FakeClipboard | None = None,
    keyboard: Keyboard | None = None,
    field: FakeField | None = None,
    typing: bool = False,
    patience: Patience = QUICK,
    prepare: Callable[[], None] = lambda: None,
) -> Pasting:
    """An inserter there, with these parts or the usual ones."""
    clipboard, keyboard = clipboard or FakeClipboard(desktop), keyboard or FakeKeyboard(desktop)
    means = Means(FakeWindows(desktop), clipboard, keyboard, field, prepare)
    return Pasting("fake", means, Chords(), typing=typing, patience=patience)


def desktop() -> Desktop:
    """Somebody has copied something before."""
    return Desktop(content=dict(OLD))
