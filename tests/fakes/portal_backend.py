"""The back-end of a desktop portal, made up for a test: what GNOME or KDE would be behind the real portal."""

from __future__ import annotations

from typing import Any

from tests.fakes.bus_service import Body, Call, FakeService

NAME = "org.freedesktop.impl.portal.desktop.example"
PATH = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.impl.portal.GlobalShortcuts"
REMOTE = "org.freedesktop.impl.portal.RemoteDesktop"
DESCRIPTION = f"[portal]\nDBusName={NAME}\nInterfaces={SHORTCUTS};{REMOTE}\nUseIn=example\n"
"""The file that tells the portal of it."""


class FakePortalBackend(FakeService):
    """The desktop behind the portal. The same handles as `tests.fakes.portal.FakePortal` has."""

    def __init__(self) -> None:
        super().__init__(NAME)
        self.allows = True
        self.gives_token = "the real portal gives its own"
        self.gives_shortcuts = True
        self.session = ""
        self.pressed: list[tuple[int, int]] = []
        self.property(SHORTCUTS, "version", "u", 1)
        self.property(REMOTE, "version", "u", 2)
        self.property(REMOTE, "AvailableDeviceTypes", "u", 3)
        for interface, member in (
            (SHORTCUTS, "CreateSession"), (SHORTCUTS, "BindShortcuts"), (REMOTE, "CreateSession"),
            (REMOTE, "SelectDevices"), (REMOTE, "Start"),
        ):  # fmt: skip
            self.method(interface, member, "ua{sv}", self._answer)
        self.method(REMOTE, "NotifyKeyboardKeysym", "", self._key)
        self.method("org.freedesktop.impl.portal.Session", "Close", "", lambda call: ())

    async def shortcut(self, member: str, name: str) -> None:
        """Activated or Deactivated: the key of that name is pressed or released."""
        await self.emit(PATH, SHORTCUTS, member, "osta{sv}", (self.session, name, 1000, {}))

    async def end_session(self) -> None:
        """The user takes the permission back."""
        await self.emit(self.session, "org.freedesktop.impl.portal.Session", "Closed")

    def _answer(self, call: Call) -> Body:
        if not self.allows:
            return (1, {})
        results: dict[str, tuple[str, Any]] = {}
        if call.member == "CreateSession":
            self.session = call.body[1]
        elif call.member == "BindShortcuts":
            bound = [(name, {"trigger_description": ("s", "Press F9")}) for name, _told in call.body[2]]
            results = {"shortcuts": ("a(sa{sv})", bound if self.gives_shortcuts else [])}
        elif call.member == "Start":
            results = {"devices": ("u", 1), "persist_mode": ("u", 2)}
            results["restore_data"] = ("(suv)", ("example", 1, ("s", "what was allowed")))
        return (0, results)

    def _key(self, call: Call) -> Body:
        _session, _options, keysym, state = call.body
        self.pressed.append((keysym, state))
        return ()
