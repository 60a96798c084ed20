"""The overlay's window, in Tk: reads lines from its input and shows what they say, until its input ends.

The window manager does not manage it (override-redirect), so it never gets the focus; it is above all others. It logs
nothing, and forgets a text when it hides it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tkinter
from tkinter import font as fonts

from parleq_hotkey.overlay.drawing import Box, Drawing, Font, Picture
from parleq_hotkey.overlay.model import HIDDEN, View, following
from parleq_hotkey.overlay.monitors import Area, listed, place, under
from parleq_hotkey.overlay.palette import Palette, fitting

_FAMILIES = ("Inter", "Adwaita Sans", "Cantarell", "Ubuntu", "Noto Sans", "Segoe UI", "Open Sans", "DejaVu Sans")
_WIDEST = 0.9  # of the monitor
_AT_ONCE = 65536
_ANSWER_S = 1.0


class TkPen:
    """Tk's fonts; a character that the chosen one lacks comes from another that is installed."""

    def __init__(self, root: tkinter.Tk, unit: float) -> None:
        installed = set(fonts.families(root))
        default = fonts.nametofont("TkDefaultFont", root).actual("family")
        family = next((name for name in _FAMILIES if name in installed), default)
        self.fonts = {
            font: fonts.Font(
                root, family=family, size=-round(font.value * unit), weight="bold" if font is Font.HEADING else "normal"
            )
            for font in Font
        }
        self._widths: dict[tuple[Font, str], int] = {}  # asking takes a quarter of a millisecond

    def width(self, font: Font, text: str) -> int:
        """How wide the text is."""
        found = self._widths.get((font, text))
        if found is None:
            found = self._widths[font, text] = self.fonts[font].measure(text)
        return found

    def forget(self) -> None:
        """Keeps nothing of what was measured."""
        self._widths.clear()

    def height(self, font: Font) -> int:
        """From one line to the next."""
        return round(self.fonts[font].metrics("linespace") * 1.15)


class Window:
    """One canvas that is shown and hidden. Call `show` from Tk's loop."""

    def __init__(self, root: tkinter.Tk, palette: Palette) -> None:
        unit = _pixels_per_inch(root) / 96
        self._pen = TkPen(root, unit)
        self._drawing = Drawing(self._pen, palette, unit)
        self._top = tkinter.Toplevel(root, class_="ParleqOverlay", background=palette.panel, takefocus=0)
        self._top.withdraw()
        self._top.overrideredirect(True)
        self._top.attributes("-topmost", True)
        if self._top.tk.call("tk", "windowingsystem") == "x11":
            self._top.attributes("-type", "notification")
        self._canvas = tkinter.Canvas(self._top, background=palette.panel, highlightthickness=0, borderwidth=0)
        self._canvas.pack(fill="both", expand=True)
        self._area: Area | None = None

    def show(self, view: View) -> None:
        """Shows the view, where the pointer was when the window appeared; or hides the window."""
        self._canvas.delete("all")
        if view.state == HIDDEN.state:
            self._top.withdraw()
            self._pen.forget()
            self._area = None
            return
        if self._area is None:
            self._area = _monitor(self._top)
        picture = self._drawing.of(view, int(self._area.width * _WIDEST))
        self._paint(picture)
        x, y = place((picture.width, picture.height), self._area)
        self._top.geometry(f"{picture.width}x{picture.height}+{x}+{y}")
        self._top.update_idletasks()  # or Tk forgets the new place when it lifts the window
        self._top.deiconify()
        self._top.lift()

    def _paint(self, picture: Picture) -> None:
        for shape in picture.shapes:
            if isinstance(shape, Box):
                corner = (shape.x + shape.width, shape.y + shape.height)
                self._canvas.create_rectangle(shape.x, shape.y, *corner, fill=shape.colour, width=0)
            else:
                font = self._pen.fonts[shape.font]
                self._canvas.create_text(shape.x, shape.y, text=shape.text, font=font, fill=shape.colour, anchor="nw")


class Reader:
    """Turns what comes in on a file into views, and has the window show the latest."""

    def __init__(self, root: tkinter.Tk, window: Window, file: int) -> None:
        self._root = root
        self._window = window
        self._file = file
        self._rest = b""
        self._view = HIDDEN
        self._drawn = HIDDEN
        self._fading = ""
        root.createfilehandler(file, tkinter.READABLE, self._readable)

    def _readable(self, _file: object, _mask: int) -> None:
        data = os.read(self._file, _AT_ONCE)
        if not data:
            self._root.deletefilehandler(self._file)
            self._root.destroy()
            return
        *whole, self._rest = (self._rest + data).split(b"\n")
        for line in whole:
            self._view = following(self._view, line)
        self._draw()

    def _draw(self) -> None:
        if self._view == self._drawn:
            return
        self._drawn = self._view
        if self._fading:
            self._root.after_cancel(self._fading)
            self._fading = ""
        if self._view.fades_s:
            self._fading = self._root.after(round(self._view.fades_s * 1000), self._fade)
        self._window.show(self._view)

    def _fade(self) -> None:
        self._fading = ""
        self._view = HIDDEN
        self._draw()


def main() -> None:
    """Shows what standard input says, until it ends. Exit code 1: there is no display."""
    try:
        # Of that class, so that Tk finds the resource "Xft.dpi" for us: the resolution that the user chose.
        root = tkinter.Tk(className="Xft")
    except tkinter.TclError:
        raise SystemExit(1) from None
    root.withdraw()
    if root.tk.call("tk", "windowingsystem") == "x11":
        root.tk.eval("rename send {}")  # no other program runs commands here
    window = Window(root, fitting(_answer("gsettings", "get", "org.gnome.desktop.interface", "color-scheme")))
    Reader(root, window, sys.stdin.fileno())
    root.mainloop()


def _pixels_per_inch(root: tkinter.Tk) -> float:
    """The user's choice, else what the display says of itself, within reason."""
    try:
        chosen = float(root.tk.call("option", "get", ".", "dpi", "Dpi"))
    except ValueError:
        chosen = root.winfo_fpixels("1i")
    return min(384.0, max(96.0, chosen))


def _monitor(window: tkinter.Misc) -> Area:
    screen = Area(0, 0, window.winfo_screenwidth(), window.winfo_screenheight())
    return under(window.winfo_pointerxy(), listed(_answer("xrandr", "--listmonitors")), screen)


def _answer(*command: str) -> str:
    """What a short program prints; "" where there is none."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_ANSWER_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout
