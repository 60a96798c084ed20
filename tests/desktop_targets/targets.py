"""Starts the programs into whose windows tests insert text, and tells what stands there."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from parleqd._tools.private_x import PrivateX
from tests.parts import need

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"


@dataclass(frozen=True)
class Target:
    """A window that has the focus. ``file`` holds its content;"""

    server: PrivateX
    program: subprocess.Popen[bytes]
    window: str
    file: Path

    def content(self) -> str:
        """What stands there now."""
        return self.file.read_bytes().decode("utf-8", "replace")

    def shows(self, text: str) -> None:
        """Waits until the content is exactly this."""
        self.server.until(lambda: self.content() == text, "the text is not what it should be")

    def focus(self) -> None:
        """Gives the window the focus, and waits until keys go there."""
        give_focus(self.server, self.window)


def give_focus(server: PrivateX, window: str) -> None:
    """The window manager's word, and then the server's: programs take the focus some time after they are told."""
    server.focus(window)
    server.until(lambda: server.run("xdotool", "getwindowfocus").strip() == window, "the keys go elsewhere")


def gtk(server: PrivateX, folder: Path, title: str = "target-gtk") -> Target:
    """A GTK 3 text view."""
    need("gtk")
    return _started(server, folder, title, SYSTEM_PYTHON, str(HERE / "gtk_text.py"), str(folder / title), title)


def tk(server: PrivateX, folder: Path, title: str = "target-tk") -> Target:
    """A Tk text widget."""
    need("system-tk")
    return _started(server, folder, title, SYSTEM_PYTHON, str(HERE / "tk_text.py"), str(folder / title), title)


def xterm(server: PrivateX, folder: Path, title: str = "target-xterm") -> Target:
    """A terminal; its program takes what is pasted as it comes, without the limits of a line."""
    need("xterm")
    take = f"stty -icanon -echo; exec cat > '{folder / title}'"
    return _started(server, folder, title, "xterm", "-title", title, "-e", "sh", "-c", take)


def chromium(server: PrivateX, folder: Path, title: str = "target-chromium") -> Target:
    """The text area of a page."""
    program = need("chromium")
    port_file = folder / "port"
    serve = f"exec '{sys.executable}' '{HERE / 'serve_text_area.py'}' '{folder / title}' > '{port_file}'"
    server.program("sh", "-c", serve)
    server.until(lambda: port_file.is_file() and port_file.read_text("utf-8").endswith("\n"), "no page is served")
    options = "--no-sandbox --no-first-run --disable-gpu --disable-dev-shm-usage --ozone-platform=x11"
    options += " --disable-background-networking --disable-component-update --password-store=basic --use-mock-keychain"
    page = f"http://127.0.0.1:{port_file.read_text('utf-8').strip()}/"
    command = [str(program), *options.split(), f"--user-data-dir={folder / 'profile'}", f"--app={page}"]
    return _started(server, folder, title, *command, shown="text area")


KINDS: dict[str, Callable[[PrivateX, Path], Target]] = {"gtk": gtk, "tk": tk, "xterm": xterm, "chromium": chromium}


def _started(server: PrivateX, folder: Path, title: str, *command: str, shown: str = "") -> Target:
    program = server.program(*command)
    window = server.window_of(program, shown or title)
    give_focus(server, window)
    server.until(lambda: (folder / title).is_file(), "the program does not tell its content")
    return Target(server, program, window, folder / title)
