"""Which ways to insert a text work here, in the order in which they are tried, and why the others do not.

    found = await list_inserters(displays)
    async with open_inserter(choose_inserter(found, settings.method), displays, settings) as inserter:
        ...

What is open serves the clipboard: hold it open as long as the desktop lasts. When that ends, ``focused`` raises
DesktopError and receipts are ``failed``: leave the block, look the displays up anew, and open again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from parleq_hotkey.displays import Displays
from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.copying import NAME as CLIPBOARD
from parleq_hotkey.insertion.copying import Copying
from parleq_hotkey.insertion.pasting import Means, Pasting
from parleq_hotkey.ports import BackEnd, DesktopError, Field, Inserter
from parleq_hotkey.settings import InsertionSettings
from parleqd.protocol.names import Reason

AUTO, X11, WAYLAND, INPUT_METHOD, PORTAL, MACOS = "auto", "x11", "wayland", "input-method", "portal", "macos"

Environment = Mapping[str, str]

_ORDERS = {"x11": (X11,), "wayland": (WAYLAND, PORTAL, X11), "macos": (MACOS,), "": ()}
"""What is looked at, in this order; one look may tell of several ways."""
_SESSION = "start parleq-hotkey within the desktop session"
_COPY = "texts wait, and `parleqctl last --copy` gives the last one"


async def list_inserters(
    displays: Displays, environment: Environment = os.environ, system: str = sys.platform
) -> list[BackEnd]:
    """The ways of such a session as they are tried: "auto" takes the first usable one.

    ``environment``: variables that name the session bus. Looks only: nothing is pressed or asked of the user. Of kind
    "insertion"; without a display, one that says so.
    """
    session = "macos" if system == "darwin" else WAYLAND if displays.wayland else X11 if displays.x11 else ""
    found: list[BackEnd] = []
    for name in _ORDERS[session]:
        found += await _CHECKS[name](displays, environment)
    return found or [_unusable(X11, Reason.NO_DISPLAY, "there is no display", _SESSION)]


def choose_inserter(found: Iterable[BackEnd], wanted: str = AUTO) -> str:
    """The name of the way to use: ``wanted``, or with "auto" the first usable of ``found`` that inserts.

    To overwrite the clipboard is nothing that "auto" may choose. Raises DesktopError when none is usable: why, and what
    helps.
    """
    candidates = [
        back_end for back_end in found if back_end.name == wanted or (wanted == AUTO and back_end.name != CLIPBOARD)
    ]
    usable = next((back_end for back_end in candidates if back_end.usable), None)
    if usable is not None:
        return usable.name
    why = "; ".join(f"{back_end.name}: {back_end.message}" for back_end in candidates) or f"there is no {wanted!r} here"
    hints = dict.fromkeys([*(back_end.hint for back_end in candidates if back_end.hint), _COPY])
    reason = candidates[0].reason if len(candidates) == 1 else None
    raise DesktopError(reason or Reason.NO_INSERTION, f"no text can be inserted ({why})", "; or ".join(hints))


@asynccontextmanager
async def open_inserter(
    name: str, displays: Displays, settings: InsertionSettings, environment: Environment = os.environ
) -> AsyncIterator[Inserter]:
    """The way of that name, until the end of the block. The portal may ask the user first, and take minutes.

    Raises DesktopError when it cannot be had.
    """
    opener = _OPENERS.get(name)
    if opener is None:
        raise DesktopError(Reason.NO_INSERTION, f"no way to insert is called {name!r}", ", ".join([*_OPENERS, AUTO]))
    async with opener(displays, settings, environment) as inserter:
        yield inserter


@asynccontextmanager
async def _field(environment: Environment) -> AsyncIterator[Field | None]:
    """What assistive technology sees, where the library for it is there."""
    try:
        from parleq_hotkey.insertion.accessibility import accessible_field  # jeepney is not there on macOS
    except ImportError:
        yield None
        return
    async with accessible_field(environment) as field:
        yield field


@asynccontextmanager
async def _open_x11(
    displays: Displays, settings: InsertionSettings, environment: Environment
) -> AsyncIterator[Inserter]:
    from parleq_hotkey.insertion.x11 import back_end  # python-xlib is not there on macOS

    chords = Chords(settings.paste_keys)
    async with _field(environment) as field:
        async with back_end.open_inserter(displays.x11, chords, field=field, typing=settings.typing) as inserter:
            yield inserter


@asynccontextmanager
async def _open_wayland(
    displays: Displays, settings: InsertionSettings, environment: Environment
) -> AsyncIterator[Inserter]:
    from parleq_hotkey.insertion.wayland.back_end import wayland_desktop  # pywayland may not be there

    async with _field(environment) as field, wayland_desktop(displays.wayland) as desktop:
        if desktop.clipboard is None or desktop.keyboard is None:
            raise DesktopError(
                Reason.NO_INSERTION, "this compositor gives programs no clipboard, or no keyboard", _COPY
            )
        means = Means(desktop.windows, desktop.clipboard, desktop.keyboard, field)
        yield Pasting(WAYLAND, means, Chords(settings.paste_keys), typing=settings.typing)


@asynccontextmanager
async def _open_input_method(
    displays: Displays, _settings: InsertionSettings, _environment: Environment
) -> AsyncIterator[Inserter]:
    from parleq_hotkey.insertion.wayland.back_end import wayland_desktop  # pywayland may not be there

    async with wayland_desktop(displays.wayland) as desktop:
        if desktop.input_method is None:
            raise DesktopError(Reason.NO_INSERTION, "this compositor takes no input methods of version 2", _COPY)
        yield desktop.input_method


@asynccontextmanager
async def _open_clipboard(
    displays: Displays, _settings: InsertionSettings, _environment: Environment
) -> AsyncIterator[Inserter]:
    if displays.wayland:
        from parleq_hotkey.insertion.wayland.back_end import wayland_desktop  # pywayland may not be there

        async with wayland_desktop(displays.wayland) as wayland:
            if wayland.clipboard is None:
                raise DesktopError(Reason.NO_INSERTION, "this compositor gives programs no clipboard", _COPY)
            yield Copying(wayland.windows, wayland.clipboard)
        return
    from parleq_hotkey.insertion.x11.back_end import running  # python-xlib is not there on macOS

    async with running(displays.x11) as x11:
        yield Copying(x11.windows, x11.clipboard)


@asynccontextmanager
async def _open_portal(
    _displays: Displays, settings: InsertionSettings, environment: Environment
) -> AsyncIterator[Inserter]:
    from parleq_hotkey.insertion.portal import remote_desktop  # jeepney is not there on macOS

    # PRIMARY is not the portal's to lend, so terminals are given the chord that pastes the clipboard.
    chords = Chords(settings.paste_keys, terminal="ctrl+shift+v")
    async with _field(environment) as field, remote_desktop(environment) as remote:
        if remote.clipboard is None:
            raise DesktopError(Reason.NO_INSERTION, "the desktop's portal lends no clipboard", _COPY)
        means = Means(remote.windows, remote.clipboard, remote.keyboard, field)
        yield Pasting(PORTAL, means, chords, typing=settings.typing)


async def _x11(displays: Displays, _environment: Environment) -> list[BackEnd]:
    try:
        from parleq_hotkey.insertion.x11.back_end import examine  # python-xlib is not there on macOS
    except ImportError:
        return [_unusable(X11, Reason.NO_INSERTION, "python-xlib is not installed", "pip install python-xlib")]
    if displays.wayland:
        message = "on Wayland it reaches the windows of XWayland only"
        return [_unusable(X11, Reason.NO_INSERTION, message, "log in to an X11 session, or use another method")]
    return await examine(displays.x11)


async def _wayland(displays: Displays, _environment: Environment) -> list[BackEnd]:
    try:
        from parleq_hotkey.insertion.wayland.back_end import examine  # pywayland may not be there
    except ImportError:
        hint = "pip install 'parleqd[wayland]'"
        return [
            _unusable(name, Reason.NO_INSERTION, "pywayland is not installed", hint)
            for name in (WAYLAND, INPUT_METHOD, CLIPBOARD)
        ]
    return await examine(displays.wayland)


async def _portal(_displays: Displays, environment: Environment) -> list[BackEnd]:
    try:
        from parleq_hotkey.bus import Bus, BusError  # jeepney is not there on macOS
        from parleq_hotkey.insertion.portal import INTERFACE
        from parleq_hotkey.portals import Portal
    except ImportError:
        return [_unusable(PORTAL, Reason.NO_PORTAL, "jeepney is not installed", "pip install jeepney")]
    try:
        async with Bus.session(environment) as bus:
            await Portal.found(bus, INTERFACE)
    except BusError as problem:
        message = f"there is no session bus: {problem.message}"
        return [_unusable(PORTAL, Reason.NO_PORTAL, message, _SESSION)]
    except DesktopError as problem:
        return [_unusable(PORTAL, problem.reason, problem.message, problem.hint)]
    return [BackEnd("insertion", PORTAL, True, "the desktop presses the keys, and asks once whether it may")]


@asynccontextmanager
async def _open_macos(
    _displays: Displays, settings: InsertionSettings, _environment: Environment
) -> AsyncIterator[Inserter]:
    from parleq_hotkey.insertion import macos

    async with macos.open_inserter(settings.paste_keys, typing=settings.typing) as inserter:
        yield inserter


async def _macos(_displays: Displays, _environment: Environment) -> list[BackEnd]:
    from parleq_hotkey.insertion import macos

    return [macos.back_end()]


def _unusable(name: str, reason: Reason, message: str, hint: str) -> BackEnd:
    return BackEnd("insertion", name, False, message, hint, reason)


_Check = Callable[[Displays, Environment], Awaitable[list[BackEnd]]]
_CHECKS: dict[str, _Check] = {X11: _x11, WAYLAND: _wayland, PORTAL: _portal, MACOS: _macos}

_Opener = Callable[[Displays, InsertionSettings, Environment], AbstractAsyncContextManager[Inserter]]
_OPENERS: dict[str, _Opener] = {
    X11: _open_x11,
    WAYLAND: _open_wayland,
    INPUT_METHOD: _open_input_method,
    PORTAL: _open_portal,
    MACOS: _open_macos,
    CLIPBOARD: _open_clipboard,
}
