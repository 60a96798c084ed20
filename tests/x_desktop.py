"""What tests of X11 do as the user would: copy, paste, look at the clipboard; and inserters that are disturbed."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from anyio import to_thread

from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.pasting import Means, Pasting, Patience
from parleq_hotkey.insertion.x11.back_end import X11Desktop, running
from parleq_hotkey.insertion.x11.snapshot import Limits
from parleq_hotkey.ports import Clipboard, Keyboard, Loan
from parleqd._tools.private_x import PrivateX, private_x
from tests.desktop_targets.targets import HERE
from tests.parts import need

_P = ParamSpec("_P")
_R = TypeVar("_R")

TYPES = {
    "UTF8_STRING": "käse".encode(),
    "text|html": b"<b>k\xc3\xa4se</b>",
    "image|png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 700,
}
"""What is copied before: a text, HTML, and a picture that is longer than one part. Names of files, for types."""


async def aside(do: Callable[_P, _R], *args: _P.args, **kwargs: _P.kwargs) -> _R:
    """Waits in a thread: the event loop serves the clipboard meanwhile."""
    return await to_thread.run_sync(partial(do, *args, **kwargs))


def needs() -> None:
    """What every test here starts."""
    for part in ("xvfb", "openbox", "xdotool", "xclip"):
        need(part)


def copies(server: PrivateX, text: str) -> None:
    """The user copies a text, and it is there."""
    server.run("sh", "-c", "xclip -i -selection clipboard >/dev/null 2>&1", text=text)
    server.until(lambda: pasted(server) == text, "nothing was copied")


def copies_all_types(server: PrivateX, folder: Path) -> None:
    """The user copies something that is offered as text, HTML and PNG."""
    for name, value in TYPES.items():
        (folder / name).write_bytes(value)
    ready = folder / "ready"
    program = [sys.executable, str(HERE / "hold_selection.py"), *(str(folder / name) for name in TYPES)]
    server.program("sh", "-c", 'exec "$@" > "$0"', str(ready), *program)
    server.until(lambda: ready.is_file() and ready.read_text("utf-8") == "ready\n", "nothing was copied")


def pasted(server: PrivateX) -> str:
    """The clipboard's text, as another program gets it; "" for none."""
    return server.run("xclip", "-o", "-selection", "clipboard")


def digests(server: PrivateX) -> Mapping[str, str]:
    """A digest of each of `TYPES` on the clipboard, as another program gets them."""
    return {
        name: server.run(
            "sh", "-c", f"xclip -o -selection clipboard -t '{name.replace('|', '/')}' | sha256sum"
        ).split()[0]
        for name in TYPES
    }


def all_types() -> Mapping[str, str]:
    """What `digests` gives while all is as it was copied."""
    return {name: hashlib.sha256(value).hexdigest() for name, value in TYPES.items()}


@asynccontextmanager
async def inserting(server: PrivateX, patience: Patience | None = None) -> AsyncIterator[Pasting]:
    """An inserter on that display, as the hotkey client has it."""
    async with running(server.name, Limits(seconds=0.5)) as desktop:
        yield Pasting("x11", desktop.means(None), Chords(), patience=patience)


Act = Callable[[], Awaitable[None]]


async def nothing() -> None:
    """No disturbance."""


@asynccontextmanager
async def disturbed(
    server: PrivateX, *, lent: Act = nothing, pressed: Act = nothing, patience: Patience | None = None
) -> AsyncIterator[Pasting]:
    """An inserter in which ``lent`` happens before the paste chord, ``pressed`` right behind it."""
    async with running(server.name, Limits(seconds=0.5)) as desktop:
        means = Means(desktop.windows, LentThen(desktop.clipboard, lent), PressedThen(desktop, pressed))
        yield Pasting("x11", means, Chords(), patience=patience)


class LentThen:
    """A clipboard, and what happens once a text is lent."""

    def __init__(self, clipboard: Clipboard, act: Act) -> None:
        self._clipboard = clipboard
        self._act = act

    async def lend(self, text: str) -> Loan:
        loan = await self._clipboard.lend(text)
        await self._act()
        return loan

    async def copy(self, text: str) -> None:
        await self._clipboard.copy(text)


class PressedThen:
    """A keyboard, and what happens once a chord is pressed."""

    def __init__(self, desktop: X11Desktop, act: Act) -> None:
        self._keyboard: Keyboard = desktop.keyboard
        self._act = act

    async def modifiers_held(self) -> frozenset[str]:
        return await self._keyboard.modifiers_held()

    async def press(self, chord: str, about_to: Callable[[], None] = lambda: None) -> None:
        await self._keyboard.press(chord, about_to)
        await self._act()

    async def type_text(self, text: str) -> None:
        await self._keyboard.type_text(text)


@asynccontextmanager
async def private_desktop() -> AsyncIterator[PrivateX]:
    """A private X server with a window manager, for tests in the event loop."""
    await aside(needs)
    server = private_x()
    started = await aside(server.__enter__)
    try:
        yield started
    finally:
        await aside(server.__exit__, None, None, None)
