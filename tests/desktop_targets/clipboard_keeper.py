"""Takes the clipboard over at once whenever it changes hands, with the text that it read: some histories do so.

clipboard_keeper.py FILE   "ready", once it is. Run by any Python that has python-xlib.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from Xlib import X, Xatom, display
from Xlib.ext import xfixes
from Xlib.protocol import event as events

server = display.Display()
server.xfixes_query_version()
window = server.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
clipboard, targets, text, place = (server.get_atom(name) for name in ("CLIPBOARD", "TARGETS", "UTF8_STRING", "KEPT"))
server.xfixes_select_selection_input(window, clipboard, xfixes.XFixesSetSelectionOwnerNotifyMask)
server.sync()
kept = b""


def answer(request: Any) -> None:
    """Hands out the text."""
    if request.target == targets:
        request.requestor.change_property(request.property, Xatom.ATOM, 32, [targets, text])
    elif request.target == text:
        request.requestor.change_property(request.property, text, 8, kept)
    known = request.target in (targets, text)
    told = events.SelectionNotify(
        time=request.time,
        requestor=request.requestor,
        selection=request.selection,
        target=request.target,
        property=request.property if known else X.NONE,
    )
    request.requestor.send_event(told)
    server.flush()


Path(sys.argv[1]).write_text("ready", encoding="utf-8")
while True:
    event = server.next_event()
    if event.type == X.SelectionRequest:
        answer(event)
    elif isinstance(event, xfixes.SelectionNotify) and event.owner.id not in (X.NONE, window.id):
        window.convert_selection(clipboard, text, place, event.timestamp)
    elif event.type == X.SelectionNotify and event.property != X.NONE:
        value = window.get_full_property(place, X.AnyPropertyType)
        kept = bytes(value.value)
        window.set_selection_owner(clipboard, event.time)
        server.flush()
