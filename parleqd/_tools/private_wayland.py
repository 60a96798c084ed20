"""A private Wayland compositor (sway) without a screen, GPU or input devices: a desktop for tests and bench.

Pass ``env`` to the programs that shall see it; it holds no X display. Everything ends with the block.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any

PROGRAMS = ("sway", "swaymsg")
PACKAGES = "sway foot wl-clipboard wtype grim"
CONFIGURATION = """
output HEADLESS-1 resolution 1024x768
xwayland disable
focus_on_window_activation focus
focus_follows_mouse no
"""
NOBODY = 65534
_HIDDEN = ("DISPLAY", "WAYLAND_DISPLAY", "SWAYSOCK", "DBUS_SESSION_BUS_ADDRESS", "XAUTHORITY")
_DEADLINE_S = 10.0
_POLL_S = 0.02

Node = dict[str, Any]
"""A node of sway's tree: "id", "app_id", "name", "pid", "focused", and "nodes" below it."""


class NoDisplayError(Exception):
    """The compositor cannot be had, or did not do what was asked; the message says why."""


class PrivateWayland:
    """A running sway. ``socket``: the path of its display, a name for any client. ``folder``: its own, for files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._sway: subprocess.Popen[bytes] | None = None
        self._programs: list[subprocess.Popen[bytes]] = []
        self.socket = ""

    @property
    def env(self) -> Mapping[str, str]:
        """Variables for programs that shall show themselves here."""
        kept = {name: value for name, value in os.environ.items() if name not in _HIDDEN}
        own = {"XDG_RUNTIME_DIR": self.folder, "XDG_CONFIG_HOME": self.folder, "HOME": self.folder}
        shown = {"WAYLAND_DISPLAY": self.socket} if self.socket else {}
        tuned = {"LC_ALL": "C.UTF-8", "NO_AT_BRIDGE": "1", "GDK_BACKEND": "wayland", "XDG_SESSION_TYPE": "wayland"}
        return {**kept, **{name: str(path) for name, path in own.items()}, **tuned, **shown}

    def start(self) -> None:
        """Starts the compositor. It refuses to run as root: then it runs as nobody, and its programs as root."""
        self.folder.chmod(0o700)
        (self.folder / "sway.conf").write_text(CONFIGURATION, encoding="utf-8")
        command = ["sway", "-c", str(self.folder / "sway.conf")]
        if os.getuid() == 0:
            os.chown(self.folder, NOBODY, NOBODY)
            command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]
        headless = {"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"}
        with (self.folder / "sway.log").open("ab") as log:
            self._sway = subprocess.Popen(
                command, env={**self.env, **headless}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.until(lambda: bool(self._found("sway-ipc.*.sock")) and bool(self._found("wayland-*")), "no sway")
        self.socket = self._found("wayland-*")
        self.until(
            lambda: "HEADLESS-1" in self.run("swaymsg", "-s", self._found("sway-ipc.*.sock"), "-t", "get_outputs"),
            "sway has no output",
        )

    def program(self, *command: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Starts a program here; it ends with the compositor."""
        with (self.folder / "programs.log").open("ab") as log:
            started = subprocess.Popen(
                command, env={**self.env, **(env or {})}, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self._programs.append(started)
        return started

    def run(self, *command: str, content: bytes = b"") -> str:
        """Runs a short program here and gives what it prints, whatever its exit code."""
        return self.output(*command, content=content).decode("utf-8", "replace")

    def output(self, *command: str, content: bytes = b"") -> bytes:
        """As `run`, the bytes of it."""
        done = subprocess.run(
            command,
            env=self.env,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_DEADLINE_S,
            check=False,
        )
        return done.stdout

    def until(self, condition: Callable[[], bool], what: str, within_s: float = _DEADLINE_S) -> None:
        """Waits for something that programs here do. Raises NoDisplayError, saying ``what``, when it does not come."""
        give_up = monotonic() + within_s
        while not condition():
            if monotonic() > give_up or not self._pause():
                log = (self.folder / "sway.log").read_text(encoding="utf-8", errors="replace")
                raise NoDisplayError(f"{what} ({within_s:g} s)\n{log[-2000:]}")

    def windows(self) -> list[Node]:
        """Every window, as sway tells it."""
        return list(_windows(json.loads(self._swaymsg("-t", "get_tree") or "{}")))

    def focused(self) -> int:
        """The id of the window with the focus, 0 for none."""
        return next((int(each["id"]) for each in self.windows() if each["focused"]), 0)

    def focus(self, window: int) -> None:
        """Gives a window the focus, and waits until it has it."""
        self._swaymsg(f"[con_id={window}] focus")
        self.until(lambda: self.focused() == window, f"window {window} did not get the focus")

    def close(self, window: int) -> None:
        """Asks a window to close."""
        self._swaymsg(f"[con_id={window}] kill")

    def window_of(self, title: str) -> int:
        """The window of that title, once it is shown and has the focus."""
        found: list[int] = []

        def shown() -> bool:
            found[:] = [each["id"] for each in self.windows() if each["name"] == title]
            return bool(found)

        self.until(shown, f"no window {title!r}")
        self.focus(found[0])
        return found[0]

    def picture(self, path: Path) -> None:
        """Writes a PNG of the screen."""
        self.run("grim", str(path))

    def kill(self) -> None:
        """The compositor dies, and every program here with it."""
        if self._sway is not None:
            self._sway.kill()
            self._sway.wait()
        self._end_programs()

    def stop(self) -> None:
        """Ends the programs, then the compositor."""
        self._end_programs()
        if self._sway is not None:
            _end(self._sway)

    def end(self, program: subprocess.Popen[bytes]) -> None:
        """Ends one of the programs that were started here."""
        self._programs.remove(program)
        _end(program)

    def _swaymsg(self, *arguments: str) -> str:
        return self.run("swaymsg", "-r", "-s", self._found("sway-ipc.*.sock"), *arguments)

    def _found(self, pattern: str) -> str:
        """A socket of the compositor; "" while there is none."""
        return next((str(path) for path in sorted(self.folder.glob(pattern)) if path.suffix != ".lock"), "")

    def _pause(self) -> bool:
        """A moment; False once the compositor has ended."""
        assert self._sway is not None
        try:
            self._sway.wait(timeout=_POLL_S)
        except subprocess.TimeoutExpired:
            return True
        return False

    def _end_programs(self) -> None:
        for program in self._programs:
            if program.poll() is None:
                program.terminate()
        for program in self._programs:
            _end(program)
        self._programs.clear()


def _end(program: subprocess.Popen[bytes]) -> None:
    if program.poll() is None:
        program.terminate()
    try:
        program.wait(timeout=5)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def _windows(node: Node) -> Iterator[Node]:
    if node.get("pid"):
        yield node
    for below in [*node.get("nodes", []), *node.get("floating_nodes", [])]:
        yield from _windows(below)


@contextmanager
def private_wayland() -> Iterator[PrivateWayland]:
    """A running sway; gone, with the programs started on it, after the block."""
    with tempfile.TemporaryDirectory(prefix="parleq-wayland-") as name:
        compositor = PrivateWayland(Path(name))
        try:
            compositor.start()
            yield compositor
        finally:
            compositor.stop()
