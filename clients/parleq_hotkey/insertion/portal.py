"""Key presses and the clipboard by the portal's RemoteDesktop: where a Wayland compositor has no protocol for them.

    async with remote_desktop(environment) as remote:
        remote.keyboard      a `Keyboard`
        remote.clipboard     a `Clipboard` (`insertion.portal_clipboard`), None where the desktop grants none
        remote.windows       `Windows` that nobody can tell apart
        await remote.ended.wait()

One session for the program's life: each new one shows a sharing icon, and may ask the user. What was granted is kept by
a token, new after each use, in a file that only the user may read. Keysyms: the X11 protocol's table (keysymdef.h).
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread

from parleq_hotkey.bus import Bus, BusError
from parleq_hotkey.insertion.portal_clipboard import CLIPBOARD, PortalClipboard
from parleq_hotkey.keys.names import parse
from parleq_hotkey.portals import Options, Portal, Session, no_portal
from parleq_hotkey.ports import DesktopError, Window
from parleqd.protocol.names import Reason

INTERFACE = "org.freedesktop.portal.RemoteDesktop"
_KEYBOARD = 1
_UNTIL_REVOKED = 2
_REFUSED = "pressing keys for you was not allowed"
_MODIFIERS = {"ctrl": 0xFFE3, "shift": 0xFFE1, "alt": 0xFFE9, "super": 0xFFEB}
_KEYSYMS = {"BackSpace": 0xFF08, "Tab": 0xFF09, "Return": 0xFF0D, "Escape": 0xFF1B, "Insert": 0xFF63, "Delete": 0xFFFF}
_KEYSYMS |= {"Home": 0xFF50, "Left": 0xFF51, "Up": 0xFF52, "Right": 0xFF53, "Down": 0xFF54, "End": 0xFF57}


@dataclass(frozen=True)
class RemoteDesktop:
    """What the portal granted. ``ended`` is set once it is over: taken back by the user, or the portal has gone."""

    keyboard: PortalKeyboard
    clipboard: PortalClipboard | None
    windows: UnknownWindows
    ended: anyio.Event


@asynccontextmanager
async def remote_desktop(environment: Mapping[str, str]) -> AsyncIterator[RemoteDesktop]:
    """Asks the portal for the keyboard and the clipboard, and holds them until the end of the block.

    ``environment`` names the session bus and the user's state folder. The user may be asked, and take minutes.
    Raises DesktopError when there is no such portal, or the user says no.
    """
    kept = _token_file(environment)
    try:
        async with Bus.session(environment) as bus:
            portal = await Portal.found(bus, INTERFACE)
            session = await portal.session(INTERFACE, _REFUSED)
            async with session.watched() as ended:
                granted = await _started(session, kept)
                keyboard, windows = PortalKeyboard(session, ended), UnknownWindows()
                if not granted.get("clipboard_enabled"):
                    yield RemoteDesktop(keyboard, None, windows, ended)
                    return
                async with PortalClipboard.of(session) as clipboard:
                    yield RemoteDesktop(keyboard, clipboard, windows, ended)
    except BusError as problem:
        raise no_portal(f"the portal's keyboard cannot be had: {problem.message}") from problem


class PortalKeyboard:
    """`Keyboard` by NotifyKeyboardKeysym: the compositor finds the keys on its layout."""

    def __init__(self, session: Session, ended: anyio.Event) -> None:
        self._session = session
        self._ended = ended

    async def modifiers_held(self) -> frozenset[str]:
        """See `Keyboard`: the portal does not tell."""
        return frozenset()

    async def press(self, chord: str, about_to: Callable[[], None] = lambda: None) -> None:
        """See `Keyboard`."""
        parsed = parse(chord)
        modifiers = [keysym for name, keysym in _MODIFIERS.items() if name in parsed.modifiers]
        keysym = _keysym(parsed.key.name)
        about_to()
        await self._press(modifiers, [keysym])

    async def type_text(self, text: str) -> None:
        """See `Keyboard`."""
        if not (text.isascii() and text.isprintable()):
            raise DesktopError(Reason.NO_INSERTION, "only printable ASCII can be typed", "paste it instead")
        await self._press([], [ord(character) for character in text])

    async def _press(self, modifiers: list[int], keysyms: list[int]) -> None:
        """Whatever happens between, what went down comes up."""
        if self._ended.is_set():
            raise DesktopError(
                Reason.NO_INSERTION, "the desktop took the permission to press keys back", "start parleq-hotkey again"
            )
        down: list[int] = []
        pressed = False
        try:
            for keysym in modifiers:
                down.append(keysym)
                await self._notify(keysym, 1)
            for keysym in keysyms:
                down.append(keysym)
                await self._notify(keysym, 1)
                pressed = True
                await self._notify(down.pop(), 0)
        except BusError as problem:
            if pressed:
                return  # a DesktopError would say that nothing was; who reads the text tells
            raise DesktopError(Reason.NO_INSERTION, f"the portal pressed no key: {problem.message}") from problem
        finally:
            with anyio.CancelScope(shield=True):
                await self._release(down)

    async def _release(self, keysyms: list[int]) -> None:
        try:
            for keysym in reversed(keysyms):
                await self._notify(keysym, 0)
        except BusError:
            pass  # The session has ended, and with it its keyboard and whatever was down.

    async def _notify(self, keysym: int, state: int) -> None:
        body: tuple[Any, ...] = (self._session.path, {}, keysym, state)
        await self._session.portal.call(INTERFACE, "NotifyKeyboardKeysym", "oa{sv}iu", body)


class UnknownWindows:
    """`Windows` where programs cannot see which has the focus: one window without a name."""

    async def focused(self) -> Window | None:
        """See `Windows`."""
        return Window("")

    async def next_focus(self) -> Window | None:
        """See `Windows`: never."""
        await anyio.sleep_forever()
        return None


async def _started(session: Session, kept: Path) -> Mapping[str, Any]:
    """Selects the keyboard, asks for the clipboard, and starts the session: what was granted. Raises DesktopError."""
    portal = session.portal
    options: Options = {"types": ("u", _KEYBOARD)}
    persistent = await portal.version(INTERFACE) >= 2
    if persistent:
        token = await to_thread.run_sync(_read, kept)
        options |= {"persist_mode": ("u", _UNTIL_REVOKED), **({"restore_token": ("s", token)} if token else {})}
    await portal.request(INTERFACE, "SelectDevices", "o", (session.path,), options, refused=_REFUSED)
    try:
        await portal.call(CLIPBOARD, "RequestClipboard", "oa{sv}", (session.path, {}))
    except BusError:
        pass  # This desktop lends no clipboard; the answer below says so.
    granted = await portal.request(INTERFACE, "Start", "os", (session.path, ""), {}, refused=_REFUSED)
    if persistent:
        await to_thread.run_sync(_keep, kept, str(granted.get("restore_token", "")))
    if not int(granted.get("devices", 0)) & _KEYBOARD:
        raise DesktopError(Reason.NO_INSERTION, "the desktop granted no keyboard", "start parleq-hotkey again")
    return granted


def _keysym(name: str) -> int:
    if len(name) == 1:
        return ord(name)
    if name.startswith("F") and name[1:].isdigit():
        return 0xFFBE + int(name[1:]) - 1
    if name not in _KEYSYMS:
        raise DesktopError(Reason.NO_INSERTION, f"the portal's keyboard has no {name}", "choose another chord")
    return _KEYSYMS[name]


def _token_file(environment: Mapping[str, str]) -> Path:
    """Where the token is kept (XDG Base Directory: what a program may go on with after a restart is state)."""
    state = environment.get("XDG_STATE_HOME", "") or Path(environment.get("HOME", "")) / ".local" / "state"
    return Path(state) / "parleq" / "remote_desktop_token"


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        return ""


def _keep(file: Path, token: str) -> None:
    """Keeps the token for the next time. Without one, or where it cannot be kept, the user is asked again then."""
    try:
        if not token:
            file.unlink(missing_ok=True)
            return
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as written:
            written.write(token)
        fresh.replace(file)
    except OSError:
        pass
