"""Reads the clipboard at once whenever it changes hands, as clipboard histories do, and writes down what it got.

clipboard_history.py FILE   a line per read: "secret" or "open", and the text. Run by any Python that has python-xlib.
"""

from __future__ import annotations

import sys

from Xlib import X, display
from Xlib.ext import xfixes

server = display.Display()
server.xfixes_query_version()
window = server.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent, event_mask=X.PropertyChangeMask)
clipboard, targets, text, hint, kept = (
    server.get_atom(name) for name in ("CLIPBOARD", "TARGETS", "UTF8_STRING", "x-kde-passwordManagerHint", "HISTORY")
)
server.xfixes_select_selection_input(window, clipboard, xfixes.XFixesSetSelectionOwnerNotifyMask)


def read(target: int) -> bytes | list[int]:
    """What the owner gives; nothing, when it refuses."""
    window.convert_selection(clipboard, target, kept, X.CurrentTime)
    while True:
        event = server.next_event()
        if event.type == X.SelectionNotify and event.target == target:
            break
    value = window.get_full_property(kept, X.AnyPropertyType) if event.property else None
    return b"" if value is None else value.value


with open(sys.argv[1], "w", encoding="utf-8") as file:
    print("ready", file=file, flush=True)
    while True:
        if not isinstance(server.next_event(), xfixes.SelectionNotify):
            continue
        listed = list(read(targets))
        got = bytes(read(text)).decode("utf-8", "replace")
        print("secret" if hint in listed else "open", repr(got), file=file, flush=True)
