"""A Tk window with a text widget; its content goes to a file at every change. Run by the system's Python.

tk_text.py FILE TITLE
"""

from __future__ import annotations

import os
import sys
import tkinter

path, title = sys.argv[1:3]
window = tkinter.Tk(className="TkText")
window.title(title)
text = tkinter.Text(window, undo=False)
text.pack()


def keep(_event: object = None) -> None:
    """Whole or not at all: the test reads while we write. Tk adds a line break of its own."""
    with open(f"{path}.new", "w", encoding="utf-8", newline="") as file:
        file.write(text.get("1.0", "end")[:-1])
    os.replace(f"{path}.new", path)
    text.edit_modified(False)


text.bind("<<Modified>>", keep)
keep()
text.focus_set()
window.mainloop()
