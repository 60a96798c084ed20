"""The desktop portal (XDG Desktop Portal): requests that the user may be asked about, and sessions that may end.

Keys come by its GlobalShortcuts (`keys.portal`), presses and the clipboard by its RemoteDesktop (`insertion.portal`).
Rules: the documentation of org.freedesktop.portal.Request and .Session.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import anyio

from parleq_hotkey.background import beside
from parleq_hotkey.bus import BUS, Bus, BusError, Signals, Trouble
from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
APP_ID = "org.parleq.Hotkey"
"""By what the desktop knows this program, where an installed .desktop file of that name says more of it."""
REQUEST = "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"
_REGISTRY = "org.freedesktop.host.portal.Registry"
_ASKED_S = 300.0
"""How long the user may think about the portal's question."""

Options = dict[str, tuple[str, Any]]
"""A vardict ("a{sv}"): name → (signature, value)."""

_HINT = "`sudo apt install xdg-desktop-portal-gnome`, or -kde, -hyprland: the portal of your desktop; then log in again"


class Refused(DesktopError):
    """The user said no to what the portal asked, or closed the question."""


class Portal:
    """The portal that runs now: from `Portal.found`. ``owner`` is its unique name, another one after a restart."""

    def __init__(self, bus: Bus, owner: str) -> None:
        self.bus = bus
        self.owner = owner

    @classmethod
    async def found(cls, bus: Bus, interface: str) -> Portal:
        """The portal, started if the bus can do so. Raises DesktopError when there is none with that interface."""
        try:
            # Whatever the answer, the service runs then; the version tells whether it has the interface here.
            await bus.call(NAME, PATH, "org.freedesktop.DBus.Peer", "Ping", timeout=25.0)
            portal = cls(bus, await bus.owner(NAME))
            await portal._register()
            await portal.version(interface)
        except BusError as problem:
            raise no_portal(f"the desktop portal has no {interface.rsplit('.', 1)[1]}: {problem.message}") from problem
        return portal

    async def version(self, interface: str) -> int:
        """The version of an interface. Raises BusError when the portal does not have it."""
        return int(await self.bus.get(self.owner, PATH, interface, "version"))

    async def call(self, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> tuple[Any, ...]:
        """Calls a method that the user is not asked about. Raises BusError."""
        return await self.bus.call(self.owner, PATH, interface, member, signature, body, start=False)

    async def request(
        self, interface: str, member: str, signature: str, body: tuple[Any, ...], options: Options, *, refused: str
    ) -> Mapping[str, Any]:
        """Calls a method whose results come by a signal, the user being asked if need be; ``options`` come last.

        Raises `Refused`, with ``refused`` for its message, when the user says no, and DesktopError for all else.
        """
        token = _token()
        given: Options = {**options, "handle_token": ("s", token)}
        expected = f"{PATH}/request/{self.bus.unique_name[1:].replace('.', '_')}/{token}"
        try:
            with anyio.fail_after(_ASKED_S):
                # The answer may come before the call returns; portals older than 0.9 choose another path.
                async with self.bus.signals(sender=self.owner, interface=REQUEST, member="Response") as answers:
                    (path,) = await self.call(interface, member, f"{signature}a{{sv}}", (*body, given))
                    async for answer in answers:
                        if answer.path in (path, expected):
                            return _results(answer.body, refused)
        except BusError as problem:
            raise no_portal(f"{interface.rsplit('.', 1)[1]}.{member} of the portal: {problem.message}") from problem
        except TimeoutError as late:
            raise Refused(Reason.NO_PORTAL, f"nobody answered the portal's question: {refused}") from late
        raise AssertionError("signals end by an error only")

    async def session(self, interface: str, refused: str) -> Session:
        """Begins a session of that interface. Raises DesktopError."""
        options: Options = {"session_handle_token": ("s", _token())}
        results = await self.request(interface, "CreateSession", "", (), options, refused=refused)
        return Session(self, str(results["session_handle"]))

    async def _register(self) -> None:
        """Says which program this is, to portals since 1.20; others guess. An unknown program is no obstacle here."""
        try:
            await self.call(_REGISTRY, "Register", "sa{sv}", (APP_ID, {}))
        except BusError as problem:
            if problem.trouble in (Trouble.CLOSED, Trouble.TIMEOUT):
                raise


class Session:
    """A session of the portal, by its object ``path``; it ends with the connection, or by the user's wish."""

    def __init__(self, portal: Portal, path: str) -> None:
        self.portal = portal
        self.path = path

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[anyio.Event]:
        """Gives an event that is set once the session was closed, or the portal or the bus ended. Raises BusError."""
        ended, bus = anyio.Event(), self.portal.bus

        async def until_first(signals: Signals) -> None:
            try:
                await anext(signals)
            except BusError:
                pass
            ended.set()

        # The one change of a unique name is that its owner leaves.
        owner = self.portal.owner
        async with (
            bus.signals(path=self.path, interface=SESSION, member="Closed") as closings,
            bus.signals(sender=BUS, interface=BUS, member="NameOwnerChanged", arg0=owner) as changes,
            beside(partial(until_first, closings), partial(until_first, changes)),
        ):
            yield ended

    async def close(self) -> None:
        """Ends the session."""
        try:
            await self.portal.bus.call(self.portal.owner, self.path, SESSION, "Close", timeout=1.0, start=False)
        except BusError:
            pass  # It has ended already.


def no_portal(message: str) -> DesktopError:
    """No portal, or none that can do it."""
    return DesktopError(Reason.NO_PORTAL, message, _HINT)


def _token() -> str:
    return f"parleq_{secrets.token_hex(8)}"


def _results(body: tuple[Any, ...], refused: str) -> Mapping[str, Any]:
    """The results of a Response, without the signatures of their values."""
    response, results = body
    if response != 0:
        raise Refused(Reason.NO_PORTAL, refused, "start parleq-hotkey again to be asked again, and allow it")
    return {name: value for name, (_signature, value) in results.items()}
