"""A window that takes no key. Run by any Python that has python-xlib.

deaf.py TITLE [CLASS]
"""

from __future__ import annotations

import sys

from Xlib import X, Xatom, display

server = display.Display()
window = server.screen().root.create_window(0, 0, 200, 100, 0, X.CopyFromParent, event_mask=X.KeyPressMask)
names = ("deaf", *(sys.argv[2:] or ["Deaf"]), "")
window.change_property(Xatom.WM_CLASS, Xatom.STRING, 8, "\0".join(names).encode())
window.change_property(Xatom.WM_NAME, Xatom.STRING, 8, sys.argv[1].encode())
window.map()
server.flush()
while True:
    server.next_event()
