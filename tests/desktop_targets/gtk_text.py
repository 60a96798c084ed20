"""A GTK 3 window with a text view; its content goes to a file at every change. Run by the system's Python.

gtk_text.py FILE TITLE
"""

from __future__ import annotations

import os
import sys

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # noqa: E402 - which version is to be said first

path, title = sys.argv[1:3]
window = Gtk.Window(title=title, default_width=500, default_height=300)
view = Gtk.TextView()
window.add(view)


def keep(buffer: Gtk.TextBuffer) -> None:
    """Whole or not at all: the test reads while we write."""
    with open(f"{path}.new", "w", encoding="utf-8", newline="") as file:
        file.write(buffer.get_text(buffer.get_start_iter(), buffer.get_end_iter(), True))
    os.replace(f"{path}.new", path)


view.get_buffer().connect("changed", keep)
keep(view.get_buffer())
window.connect("destroy", Gtk.main_quit)
window.show_all()
view.grab_focus()
Gtk.main()
