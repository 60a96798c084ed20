"""A private X server with a window manager: a desktop for tests and bench, without a screen.

Pass ``env`` to the programs that shall see it; it holds no Wayland display. Everything ends with the block.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

PROGRAMS = ("Xvfb", "openbox", "xdotool", "setxkbmap")
PACKAGES = "xvfb openbox xdotool x11-utils x11-xserver-utils x11-xkb-utils"
_DEADLINE_S = 10.0
_POLL_S = 0.02


class NoDisplayError(Exception):
    """The server cannot be had, or did not do what was asked; the message says why."""


class PrivateX:
    """A running X server. ``name``: its display, such as ":5". ``env``: what programs need to find it."""

    def __init__(self, folder: Path, size: str) -> None:
        self._folder = folder
        self._size = size
        self._server: subprocess.Popen[bytes] | None = None
        self._programs: list[subprocess.Popen[bytes]] = []
        self.name = ""

    @property
    def env(self) -> Mapping[str, str]:
        """Variables for programs that shall show themselves here."""
        kept = {name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "XAUTHORITY")}
        return {**kept, "DISPLAY": self.name, "HOME": str(self._folder), "LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1"}

    def start(self, *, display: str = "", window_manager: bool = True) -> None:
        """Starts the server, on a free display unless one is named; again, after `kill`, on the same one."""
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
        if missing:
            raise NoDisplayError(f"{', '.join(missing)} not found; on Debian and Ubuntu: apt-get install {PACKAGES}")
        wanted, (reader, writer) = display or self.name, os.pipe()
        command = ["Xvfb", *([wanted] if wanted else []), "-displayfd", str(writer), "-noreset", "-nolisten", "tcp"]
        command += ["-screen", "0", f"{self._size}x24"]
        with (self._folder / "xvfb.log").open("ab") as log:
            self._server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[writer]
            )
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()  # the end of file, if the server dies
        if not number:
            raise NoDisplayError((self._folder / "xvfb.log").read_text(encoding="utf-8", errors="replace"))
        self.name = f":{number}"
        if window_manager:
            self.program("openbox", "--sm-disable")
            self.until(lambda: "id #" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "no window manager")

    def program(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Starts a program here; it ends with the server."""
        with (self._folder / "programs.log").open("ab") as log:
            started = subprocess.Popen(
                command, env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._programs.append(started)
        return started

    def run(self, *command: str, text: str = "") -> str:
        """Runs a short program here and gives what it prints, whatever its exit code."""
        done = subprocess.run(
            command, env=self.env, input=text, capture_output=True, text=True, timeout=_DEADLINE_S, check=False
        )
        return done.stdout

    def until(self, condition: Callable[[], bool], what: str, within_s: float = _DEADLINE_S) -> None:
        """Waits for something that programs here do. Raises NoDisplayError, saying ``what``, when it does not come."""
        give_up = monotonic() + within_s
        while not condition():
            if monotonic() > give_up:
                raise NoDisplayError(f"{what} ({within_s:g} s)")
            self._pause()

    def _pause(self) -> None:
        """A moment; shorter when the server ends."""
        assert self._server is not None
        try:
            self._server.wait(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            pass

    def active_window(self) -> str:
        """The id of the window with the focus, in decimal; "" for none."""
        return self.run("xdotool", "getactivewindow").strip()

    def focus(self, window: str) -> None:
        """Gives a window the focus, and waits until it has it."""
        self.run("xdotool", "windowactivate", "--sync", window)
        self.until(lambda: self.active_window() == window, f"window {window} did not get the focus")

    def window_of(self, program: subprocess.Popen[bytes], title: str) -> str:
        """The window of that title (a regular expression), once it is shown and has the focus."""

        def found() -> str:
            return self.run("xdotool", "search", "--onlyvisible", "--name", title).strip().split("\n")[-1]

        self.until(lambda: bool(found()) or program.poll() is not None, f"no window {title!r}")
        window = found()
        if not window:
            raise NoDisplayError((self._folder / "programs.log").read_text(encoding="utf-8", errors="replace"))
        self.focus(window)
        return window

    def kill(self) -> None:
        """The server dies, and every program here with it."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
        self._end_programs()

    def stop(self) -> None:
        """Ends the programs, then the server."""
        self._end_programs()
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()

    def _end_programs(self) -> None:
        for program in self._programs:
            if program.poll() is None:
                program.terminate()
        for program in self._programs:
            try:
                program.wait(timeout=5)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        self._programs.clear()


@contextmanager
def private_x(*, size: str = "1280x800", window_manager: bool = True) -> Iterator[PrivateX]:
    """A running X server with openbox; gone, with the programs started on it, after the block."""
    with tempfile.TemporaryDirectory(prefix="parleq-x-") as name:
        server = PrivateX(Path(name), size)
        try:
            server.start(window_manager=window_manager)
            yield server
        finally:
            server.stop()
