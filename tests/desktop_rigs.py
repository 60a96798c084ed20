"""Desktops for contract tests: the fake one, a real X server and a real Wayland compositor with GTK programs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from parleq_hotkey.insertion.x11.back_end import X11Desktop, running
from parleq_hotkey.ports import Clipboard, Keyboard, Window, Windows
from parleqd._tools.private_wayland import PrivateWayland, private_wayland
from parleqd._tools.private_x import PrivateX
from tests import wayland
from tests.desktop_targets.targets import Target, gtk
from tests.fakes.desktop import TEXT, Desktop, FakeClipboard, FakeKeyboard, FakeWindows
from tests.parts import need
from tests.x_desktop import aside, copies, pasted, private_desktop

if TYPE_CHECKING:
    from parleq_hotkey.insertion.wayland.back_end import WaylandDesktop

CTRL = "ctrl"


class Rig(Protocol):
    """A desktop, and what its user does there."""

    @property
    def windows(self) -> Windows: ...

    @property
    def clipboard(self) -> Clipboard: ...

    @property
    def keyboard(self) -> Keyboard: ...

    async def open(self, name: str) -> None:
        """Starts an editor; it gets the focus."""

    async def focus(self, name: str) -> None:
        """Gives that editor the focus."""

    async def shows(self, name: str, text: str) -> None:
        """Waits until that editor's content is exactly this."""

    async def copies(self, text: str) -> None:
        """The user copies a text."""

    async def pastes(self) -> None:
        """The user pastes by hand into the focused editor."""

    async def read_elsewhere(self) -> str:
        """What another program gets from the clipboard, "" for nothing."""

    async def holds(self, down: bool) -> None:
        """The user holds Ctrl down, or lets it go."""

    async def end(self) -> None:
        """The display ends."""


class FakeRig:
    """The fakes."""

    def __init__(self) -> None:
        self._world = Desktop()
        self.windows = FakeWindows(self._world)
        self.clipboard = FakeClipboard(self._world)
        self.keyboard = FakeKeyboard(self._world)

    async def open(self, name: str) -> None:
        self._world.program(name)

    async def focus(self, name: str) -> None:
        self._world.focus_on(self._world.programs[name].window)

    async def shows(self, name: str, text: str) -> None:
        assert self._world.programs[name].text == text

    async def copies(self, text: str) -> None:
        self._world.user_copies({TEXT: text.encode()})

    async def pastes(self) -> None:
        assert self._world.focus is not None
        self._world.paste(self._world.programs[self._world.focus.id])

    async def read_elsewhere(self) -> str:
        return self._world.read("elsewhere").get(TEXT, b"").decode()

    async def holds(self, down: bool) -> None:
        self._world.held = frozenset({CTRL} if down else ())

    async def end(self) -> None:
        self._world.gone = True


class X11Rig:
    """GTK text views on a private X server."""

    def __init__(self, server: PrivateX, folder: Path, desktop: X11Desktop) -> None:
        self._server = server
        self._folder = folder
        self._targets: dict[str, Target] = {}
        self.windows = desktop.windows
        self.clipboard = desktop.clipboard
        self.keyboard = desktop.keyboard

    async def open(self, name: str) -> None:
        self._targets[name] = await aside(gtk, self._server, self._folder, name)

    async def focus(self, name: str) -> None:
        await aside(self._targets[name].focus)

    async def shows(self, name: str, text: str) -> None:
        await aside(self._targets[name].shows, text)

    async def copies(self, text: str) -> None:
        await aside(copies, self._server, text)

    async def pastes(self) -> None:
        await aside(self._server.run, "xdotool", "key", "ctrl+v")

    async def read_elsewhere(self) -> str:
        return await aside(pasted, self._server)

    async def holds(self, down: bool) -> None:
        await aside(self._server.run, "xdotool", "keydown" if down else "keyup", CTRL)

    async def end(self) -> None:
        await aside(self._server.kill)


@asynccontextmanager
async def fake_rig(_folder: Path) -> AsyncIterator[Rig]:
    """The fakes."""
    yield FakeRig()


@asynccontextmanager
async def x11_rig(folder: Path) -> AsyncIterator[Rig]:
    """X11 for real."""
    async with private_desktop() as server, running(server.name) as desktop:
        yield X11Rig(server, folder, desktop)


class WaylandRig:
    """GTK text views on a private compositor."""

    def __init__(self, sway: PrivateWayland, desktop: WaylandDesktop) -> None:
        assert desktop.clipboard is not None
        assert desktop.keyboard is not None
        self._sway = sway
        self._targets: dict[str, wayland.Target] = {}
        self.windows = desktop.windows
        self.clipboard = desktop.clipboard
        self.keyboard = desktop.keyboard

    async def open(self, name: str) -> None:
        self._targets[name] = await aside(wayland.Target, self._sway, "gtk", name)

    async def focus(self, name: str) -> None:
        await aside(self._sway.focus, self._targets[name].window)

    async def shows(self, name: str, text: str) -> None:
        assert await self._targets[name].has(text), await self._targets[name].looks()

    async def copies(self, text: str) -> None:
        await aside(wayland.copy, self._sway, text.encode())

    async def pastes(self) -> None:
        await self.keyboard.press("ctrl+v")

    async def read_elsewhere(self) -> str:
        return (await aside(wayland.paste, self._sway)).decode()

    async def holds(self, down: bool) -> None:
        raise AssertionError("there is no keyboard, and nobody could tell: see `TELLING`")

    async def end(self) -> None:
        await aside(self._sway.kill)


@asynccontextmanager
async def wayland_rig(_folder: Path) -> AsyncIterator[Rig]:
    """Wayland for real."""
    await aside(wayland.needs)
    need("gtk")
    from parleq_hotkey.insertion.wayland.back_end import wayland_desktop  # pywayland has no wheel everywhere

    sway = private_wayland()
    started = await aside(sway.__enter__)
    try:
        async with wayland_desktop(started.socket) as desktop:
            yield WaylandRig(started, desktop)
    finally:
        await aside(sway.__exit__, None, None, None)


TELLING: dict[str, Callable[[Path], AbstractAsyncContextManager[Rig]]] = {"fake": fake_rig, "x11": x11_rig}
"""Desktops that tell who reads, and which keys are held."""
RIGS = {**TELLING, "wayland": wayland_rig}


async def focused(rig: Rig) -> Window:
    """The focused window, which there is."""
    window = await rig.windows.focused()
    assert window is not None
    return window
