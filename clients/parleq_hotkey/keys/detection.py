"""Which key sources work here, in the order in which they are tried, and why the others do not."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping
from importlib.util import find_spec

from anyio import to_thread

from parleq_hotkey.displays import Displays
from parleq_hotkey.keys.evdev_devices import FOLDER, EvdevKeys, forbidden, list_devices
from parleq_hotkey.keys.pynput_listener import PynputKeys
from parleq_hotkey.ports import BackEnd, DesktopError, KeySource
from parleqd.protocol.names import Reason

AUTO = "auto"
BINDING = "bind a key of the desktop to `parleqctl toggle`, in sway: bindsym --no-repeat F9 exec parleqctl toggle"
"""What works everywhere else: the desktop watches the key, and knows of no release."""

_ORDERS = {"x11": ("x11", "pynput", "evdev"), "wayland": ("portal", "evdev"), "darwin": ("pynput",), "": ("evdev",)}
_INSTALL = "pip install 'parleqd[hotkey]'; on Debian and Ubuntu first: apt-get install gcc python3-dev linux-libc-dev"
_SESSION = "start parleq-hotkey within the desktop session"

Environment = Mapping[str, str]


async def list_key_sources(
    displays: Displays, environment: Environment = os.environ, system: str = sys.platform
) -> list[BackEnd]:
    """The key sources of such a session as they are tried: "auto" takes the first usable one. Then those of others.

    ``environment``: variables that name the session bus. Looks only: nothing is grabbed, and the user asked nothing.
    """
    session = session_kind(displays, system)
    found = [await _CHECKS[name](displays, environment) for name in _ORDERS[session]]
    others = () if session == "darwin" else ("x11", "pynput", "portal")
    return found + [_elsewhere(name, session) for name in others if name not in _ORDERS[session]]


def choose_key_source(found: Iterable[BackEnd], wanted: str = AUTO) -> str:
    """The name of the source to use: ``wanted``, or with "auto" the first usable of ``found``.

    Raises DesktopError when none is usable: why, and what helps.
    """
    candidates = [back_end for back_end in found if wanted in (AUTO, back_end.name)]
    usable = next((back_end for back_end in candidates if back_end.usable), None)
    if usable is not None:
        return usable.name
    why = "; ".join(f"{back_end.name}: {back_end.message}" for back_end in candidates) or f"there is no {wanted!r} here"
    hints = dict.fromkeys([*(back_end.hint for back_end in candidates if back_end.hint), BINDING])
    reason = candidates[0].reason if wanted != AUTO and candidates else None
    raise DesktopError(reason or Reason.NO_KEY_SOURCE, f"no key can be watched ({why})", "; or ".join(hints))


def open_key_source(name: str, displays: Displays, environment: Environment = os.environ) -> KeySource:
    """The key source of that name; whether it works shows when it watches. Raises DesktopError for an unknown name."""
    if name == "x11":
        from parleq_hotkey.keys.x11 import X11Keys  # python-xlib is not there on macOS

        return X11Keys(displays.x11)
    if name == "portal":
        from parleq_hotkey.keys.portal import PortalKeys  # nor is jeepney

        return PortalKeys(environment)
    if name == "pynput":
        return PynputKeys()
    if name == "evdev":
        return EvdevKeys()
    raise DesktopError(Reason.NO_KEY_SOURCE, f"no key source is called {name!r}", "x11, pynput, evdev, portal or auto")


def session_kind(displays: Displays, system: str = sys.platform) -> str:
    """One of "darwin", "wayland", "x11", or "" without a display. XWayland beside a compositor is "wayland"."""
    if system == "darwin":
        return "darwin"
    return "wayland" if displays.wayland else "x11" if displays.x11 else ""


async def _x11(displays: Displays, _environment: Environment) -> BackEnd:
    try:
        from parleq_hotkey.x11_connection import XConnection  # python-xlib is not there on macOS
    except ImportError:
        return _unusable("x11", Reason.NO_KEY_SOURCE, "python-xlib is not installed", "pip install python-xlib")
    try:
        (await XConnection.open(displays.x11)).close()
    except DesktopError as problem:
        return _unusable("x11", problem.reason, problem.message, problem.hint)
    return BackEnd("keys", "x11", True, f"grabs the key on the display {displays.x11}; nobody else gets it")


async def _pynput(_displays: Displays, _environment: Environment) -> BackEnd:
    if find_spec("pynput") is None:
        return _unusable("pynput", Reason.NO_KEY_SOURCE, "pynput is not installed", _INSTALL)
    return BackEnd("keys", "pynput", True, "listens to the keyboard; the focused application gets the key too")


async def _evdev(_displays: Displays, _environment: Environment) -> BackEnd:
    if find_spec("evdev") is None:
        return _unusable("evdev", Reason.NO_KEY_SOURCE, "evdev is not installed", _INSTALL)
    devices = await to_thread.run_sync(list_devices)
    if not devices:
        message = f"there are no input devices in {FOLDER}"
        return _unusable("evdev", Reason.NO_KEY_SOURCE, message, "containers and servers have none")
    readable = [path for path in devices if os.access(path, os.R_OK)]
    if not readable:
        problem = forbidden()
        return _unusable("evdev", problem.reason, problem.message, problem.hint)
    message = f"reads {len(readable)} input devices; the focused application gets the key too"
    return BackEnd("keys", "evdev", True, message)


async def _portal(_displays: Displays, environment: Environment) -> BackEnd:
    try:
        from parleq_hotkey.bus import Bus, BusError  # jeepney is not there on macOS
        from parleq_hotkey.keys.portal import INTERFACE
        from parleq_hotkey.portals import Portal
    except ImportError:
        return _unusable("portal", Reason.NO_PORTAL, "jeepney is not installed", "pip install jeepney")
    try:
        async with Bus.session(environment) as bus:
            await Portal.found(bus, INTERFACE)
    except BusError as problem:
        return _unusable("portal", Reason.NO_PORTAL, f"there is no session bus: {problem.message}", _SESSION)
    except DesktopError as problem:
        return _unusable("portal", problem.reason, problem.message, problem.hint)
    return BackEnd("keys", "portal", True, "the desktop watches the key, and asks once whether it may")


def _unusable(name: str, reason: Reason, message: str, hint: str) -> BackEnd:
    return BackEnd("keys", name, False, message, hint, reason)


def _elsewhere(name: str, session: str) -> BackEnd:
    """A source of another kind of session."""
    if session == "wayland":
        message = "on Wayland it sees keys only while a window of XWayland has the focus"
        return _unusable(name, Reason.NO_KEY_SOURCE, message, "log in to an X11 session, or use another hotkey.source")
    if session == "x11":
        return _unusable(name, Reason.NO_PORTAL, "it is for Wayland; this is an X11 session", "")
    return _unusable(name, Reason.NO_DISPLAY, "there is no display", _SESSION)


_Check = Callable[[Displays, Environment], Awaitable[BackEnd]]
_CHECKS: dict[str, _Check] = {"x11": _x11, "pynput": _pynput, "evdev": _evdev, "portal": _portal}
