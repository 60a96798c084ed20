"""Watches keys by the portal's GlobalShortcuts: KDE, GNOME since 48, Hyprland. The desktop consumes the key.

    await PortalKeys(environment).watch(keys, on_event, ready)

The desktop asks the user once, who may choose other keys there than those of the settings. The cancel key is bound only
if it is a chord with a modifier: shortcuts are bound once for the session's whole life, and a lone Escape would be lost
to every other program. Events are timed when they come: the portal's timestamps have no known base.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from time import monotonic
from typing import Any

from parleq_hotkey.background import beside
from parleq_hotkey.bus import Bus, BusError, Signal, Signals
from parleq_hotkey.keys.held import HeldKeys
from parleq_hotkey.keys.names import parse, portal_trigger
from parleq_hotkey.portals import Portal, Session, no_portal
from parleq_hotkey.ports import DesktopError, KeyEvent, Keys, Role
from parleqd.protocol.names import Reason

INTERFACE = "org.freedesktop.portal.GlobalShortcuts"
_PRESSED, _RELEASED = "Activated", "Deactivated"
_DESCRIPTIONS = {
    Role.DICTATE: "Dictate while held",
    Role.CANCEL: "Cancel the dictation",
    Role.OFFER: "Insert the text that waits",
}
_REFUSED = "the shortcut was not allowed"


class PortalKeys:
    """`KeySource` "portal". ``environment``: variables that name the session bus."""

    name = "portal"
    sees_release = True

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._cancel_wanted = False

    async def watch(self, keys: Keys, on_event: Callable[[KeyEvent], None], ready: Callable[[], None]) -> None:
        """See `KeySource`."""
        shortcuts = _shortcuts(keys)
        held = HeldKeys(on_event)
        try:
            async with Bus.session(self._environment) as bus:
                portal = await Portal.found(bus, INTERFACE)
                session = await portal.session(INTERFACE, _REFUSED)
                async with session.watched() as ended, bus.signals(sender=portal.owner, interface=INTERFACE) as signals:
                    _check(await self._bound(session, shortcuts), keys)
                    ready()
                    async with beside(partial(self._listen, session.path, signals, held)):
                        await ended.wait()
        except BusError as problem:
            raise no_portal(f"the portal's shortcuts cannot be had: {problem.message}") from problem
        finally:
            held.release_all(monotonic())
        raise DesktopError(Reason.NO_PORTAL, "the desktop portal has ended the shortcuts")

    def listen_for_cancel(self, wanted: bool) -> None:
        """See `KeySource`."""
        self._cancel_wanted = wanted

    def let_chords_through(self, wanted: bool) -> None:
        """See `KeySource`: nothing is in their way."""

    async def _bound(self, session: Session, shortcuts: list[tuple[str, dict[str, Any]]]) -> Mapping[str, Any]:
        return await session.portal.request(
            INTERFACE, "BindShortcuts", "oa(sa{sv})s", (session.path, shortcuts, ""), {}, refused=_REFUSED
        )

    async def _listen(self, path: str, signals: Signals, held: HeldKeys) -> None:
        try:
            async for signal in signals:
                if signal.member in (_PRESSED, _RELEASED) and signal.body[0] == path and signal.body[1] in iter(Role):
                    self._happened(Role(signal.body[1]), signal, held)
        except BusError:
            pass  # The bus has ended, and the session with it.

    def _happened(self, role: Role, signal: Signal, held: HeldKeys) -> None:
        if signal.member == _RELEASED:
            held.release(signal.at, by=role)
        elif role is not Role.CANCEL or self._cancel_wanted:
            held.press(role, signal.at, by=role)


def _shortcuts(keys: Keys) -> list[tuple[str, dict[str, Any]]]:
    """What is to be bound. Raises DesktopError for a key that nobody knows."""
    wanted = {Role.DICTATE: keys.dictate, Role.CANCEL: keys.cancel, Role.OFFER: keys.offer}
    chords = {role: parse(written) for role, written in wanted.items() if written}
    return [
        (role.value, {"description": ("s", _DESCRIPTIONS[role]), "preferred_trigger": ("s", portal_trigger(chord))})
        for role, chord in chords.items()
        if role is not Role.CANCEL or chord.modifiers
    ]


def _check(results: Mapping[str, Any], keys: Keys) -> None:
    """Raises DesktopError when the desktop gave no key for dictation: another program has it, or the user took it."""
    bound: Iterable[tuple[str, Mapping[str, Any]]] = results.get("shortcuts", ())
    if not any(role == Role.DICTATE for role, _told in bound):
        raise DesktopError(
            Reason.KEY_TAKEN,
            f"the desktop gave no key for dictation; {keys.dictate} was asked for",
            "choose a key for parleq in the desktop's keyboard settings, or set hotkey.key to another one",
        )
