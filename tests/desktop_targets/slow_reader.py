"""A window that pastes with Insert, and takes each part of a long text after a while.

slow_reader.py TITLE SECONDS FILE   the file gets the length of each text, in bytes. Run by any Python with python-xlib.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from Xlib import XK, X, Xatom, display

title, pause, path = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
server = display.Display()
window = server.screen().root.create_window(
    0, 0, 200, 100, 0, X.CopyFromParent, event_mask=X.KeyPressMask | X.PropertyChangeMask
)
window.change_property(Xatom.WM_CLASS, Xatom.STRING, 8, b"slow\0Slow\0")
window.change_property(Xatom.WM_NAME, Xatom.STRING, 8, title.encode())
window.map()
clipboard, text, place, incr = (server.get_atom(name) for name in ("CLIPBOARD", "UTF8_STRING", "PASTED", "INCR"))
insert = server.keysym_to_keycode(XK.XK_Insert)
length = 0
while True:
    event = server.next_event()
    if event.type == X.KeyPress and event.detail == insert:
        window.convert_selection(clipboard, text, place, event.time)
    elif event.type == X.SelectionNotify and event.property != X.NONE:
        window.delete_property(place)
    elif event.type == X.PropertyNotify and event.atom == place and event.state == X.PropertyNewValue:
        value = window.get_full_property(place, X.AnyPropertyType)
        if value is None or value.property_type == incr:
            continue
        time.sleep(pause)  # noqa: TID251 - slow on purpose
        window.delete_property(place)
        length += len(value.value)
        if not value.value:
            path.write_text(str(length), encoding="utf-8")
