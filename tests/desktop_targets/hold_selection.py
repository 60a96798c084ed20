"""Owns the clipboard with several types, as a program does in which the user copied; or owns it and never answers.

hold_selection.py FILE…   each file: a type's value; its name is the type, with "|" for "/". Prints "ready".
hold_selection.py --hang  answers nothing. Run by any Python that has python-xlib.
hold_selection.py --lies FILE…   lists a type, too, that is none.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from Xlib import X, Xatom, display
from Xlib.protocol import event as events

server = display.Display()
window = server.screen().root.create_window(0, 0, 1, 1, 0, X.CopyFromParent)
files = [Path(name) for name in sys.argv[1:] if not name.startswith("-")]
values = {server.get_atom(file.name.replace("|", "/")): file.read_bytes() for file in files}
listed = [0x1FFFFFFF, *values] if "--lies" in sys.argv else [*values]
clipboard = server.get_atom("CLIPBOARD")
window.change_attributes(event_mask=X.PropertyChangeMask)
window.change_property(Xatom.WM_NAME, Xatom.STRING, 8, b"")
now = server.next_event().time
window.set_selection_owner(clipboard, now)
server.sync()
print("ready", flush=True)


def put(request: Any) -> bool:
    """Writes the asked target's value; False when there is none."""
    if request.target == server.get_atom("TARGETS"):
        request.requestor.change_property(request.property, Xatom.ATOM, 32, [request.target, *listed])
    elif request.target in values:
        request.requestor.change_property(request.property, request.target, 8, values[request.target])
    else:
        return False
    return True


while True:
    event = server.next_event()
    if event.type == X.SelectionClear:
        break
    if event.type != X.SelectionRequest or "--hang" in sys.argv:
        continue
    answer = events.SelectionNotify(
        time=event.time,
        requestor=event.requestor,
        selection=event.selection,
        target=event.target,
        property=event.property if put(event) else X.NONE,
    )
    event.requestor.send_event(answer)
    server.flush()
