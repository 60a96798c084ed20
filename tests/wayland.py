"""Programs on a private Wayland compositor that keep what they are given, and the parts of ours that give it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import anyio
from anyio import to_thread

from parleqd._tools.private_wayland import PrivateWayland, private_wayland
from tests.desktop_targets.targets import HERE, SYSTEM_PYTHON
from tests.parts import need

DEADLINE_S = 10.0
_LOOK_S = 0.01

_TERMINAL = 'stty -icanon -echo && echo >"$1.ready" && exec cat >"$1"'


class Target:
    """A window that keeps what is typed or pasted into it. ``window``: its id at the compositor."""

    def __init__(self, compositor: PrivateWayland, kind: str, title: str = "target") -> None:
        self.kind = kind
        folder = Path(tempfile.mkdtemp(dir=compositor.folder))
        self._file = folder / "text"
        self._file.write_text("", encoding="utf-8")
        if kind == "gtk":
            self.program = compositor.program(SYSTEM_PYTHON, str(HERE / "gtk_text.py"), str(self._file), title)
        else:
            shell = ("sh", "-c", _TERMINAL, "sh", str(self._file))
            self.program = compositor.program("foot", "-T", title, *shell)
            compositor.until((folder / "text.ready").exists, "the terminal does not run")
        self.window = compositor.window_of(title)

    @property
    def text(self) -> str:
        """What it holds by now."""
        with self._file.open(encoding="utf-8", newline="") as file:
            return file.read()

    async def has(self, text: str) -> bool:
        """Waits until it holds this text; False when it does not come."""
        return await comes(lambda: self.text == text)

    async def looks(self) -> str:
        """What it holds by now, asked from within a loop."""
        return await to_thread.run_sync(lambda: self.text)


async def comes(condition: Callable[[], bool], within_s: float = DEADLINE_S) -> bool:
    """Waits for something that other programs do; the condition may block."""
    with anyio.move_on_after(within_s):
        while True:
            if await to_thread.run_sync(condition):
                return True
            await anyio.sleep(_LOOK_S)
    return False


def needs() -> None:
    """Skips, or fails, without a compositor and the programs for it."""
    for part in ("sway", "foot", "wl-clipboard", "wtype", "pywayland"):
        need(part)


@contextmanager
def compositor() -> Iterator[PrivateWayland]:
    """A private compositor, or a skip that says what is missing."""
    needs()
    with private_wayland() as running:
        yield running


def copy(compositor: PrivateWayland, content: bytes, mime: str = "text/plain;charset=utf-8", *options: str) -> None:
    """The user copies something, which stays: wl-copy goes to the background once the selection has it."""
    script = 'exec wl-copy "$@" >/dev/null 2>&1'
    compositor.run("sh", "-c", script, "sh", *options, "--type", mime, content=content)
    compositor.until(lambda: mime in types(compositor, *options), f"nothing of type {mime} was copied")


def types(compositor: PrivateWayland, *options: str) -> list[str]:
    """The types of what is on the clipboard."""
    return compositor.run("wl-paste", "--list-types", *options).split("\n")[:-1]


def paste(compositor: PrivateWayland, mime: str = "text/plain;charset=utf-8", *options: str) -> bytes:
    """What another program reads from the clipboard."""
    return compositor.output("wl-paste", "--no-newline", *options, "--type", mime)
