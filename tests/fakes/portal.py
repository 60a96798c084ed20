"""A desktop portal made up for a test: GlobalShortcuts, RemoteDesktop and Clipboard as their documentation has them."""

from __future__ import annotations

import os
from typing import Any

import anyio

from parleq_hotkey.portals import NAME, PATH, REQUEST, SESSION
from tests.fakes.bus_service import Body, Call, FakeFault, FakeService

SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REMOTE = "org.freedesktop.portal.RemoteDesktop"
CLIPBOARD = "org.freedesktop.portal.Clipboard"


class FakePortal(FakeService):
    """The portal. What the user would do is set before: ``allows``; what the desktop then does are its methods.

    ``session``: the one that was made last. ``pressed``: keysyms and states (1 pressed, 0 released), in order.
    """

    def __init__(self, *, clipboard: bool = True) -> None:
        super().__init__(NAME)
        self.lends = clipboard
        self.allows = True
        self.answers = True
        self.gives_token = "token-1"
        self.gives_shortcuts = True
        self.session = ""
        self.caller = ""
        self.pressed: list[tuple[int, int]] = []
        self.contents: dict[str, bytes] = {}
        self.ours = False
        self._serial = 0
        self._written: dict[int, tuple[int, anyio.Event]] = {}
        self.method("org.freedesktop.DBus.Peer", "Ping", "", lambda call: ())
        self.method(SESSION, "Close", "", lambda call: ())
        self.property(SHORTCUTS, "version", "u", 1)
        self.property(REMOTE, "version", "u", 2)
        for interface, member in (
            (SHORTCUTS, "CreateSession"), (SHORTCUTS, "BindShortcuts"), (REMOTE, "CreateSession"),
            (REMOTE, "SelectDevices"), (REMOTE, "Start"),
        ):  # fmt: skip
            self.method(interface, member, "o", self._request)
        self.method(REMOTE, "NotifyKeyboardKeysym", "", self._key)
        if clipboard:
            self.property(CLIPBOARD, "version", "u", 1)
            self.method(CLIPBOARD, "RequestClipboard", "", lambda call: ())
            self.method(CLIPBOARD, "SetSelection", "", self._set_selection)
            self.method(CLIPBOARD, "SelectionRead", "h", self._read)
            self.method(CLIPBOARD, "SelectionWrite", "h", self._write)
            self.method(CLIPBOARD, "SelectionWriteDone", "", self._write_done)

    async def shortcut(self, member: str, name: str) -> None:
        """Activated or Deactivated: the key of that name is pressed or released."""
        await self.emit(PATH, SHORTCUTS, member, "osta{sv}", (self.session, name, 1000, {}), to=self.caller)

    async def end_session(self) -> None:
        """The user takes the permission back."""
        await self.emit(self.session, SESSION, "Closed", to=self.caller)

    async def copied_elsewhere(self, contents: dict[str, bytes]) -> None:
        """Another program takes the clipboard."""
        self.contents, self.ours = contents, False
        await self._owner_changed(list(contents))

    async def pasted(self, kind: str) -> bytes:
        """What a program that pastes gets; b"" when nothing was offered."""
        if not self.ours:
            return self.contents.get(kind, b"")
        self._serial += 1
        reader, writer = os.pipe()
        done = anyio.Event()
        self._written[self._serial] = (writer, done)
        await self.emit(PATH, CLIPBOARD, "SelectionTransfer", "osu", (self.session, kind, self._serial), to=self.caller)
        data = b""
        os.set_blocking(reader, False)
        try:
            with anyio.fail_after(5):
                while part := await _some(reader):
                    data += part
                await done.wait()
        finally:
            os.close(reader)
        return data

    async def _request(self, call: Call) -> Body:
        options = call.body[-1]
        handle = f"{PATH}/request/{call.sender[1:].replace('.', '_')}/{options['handle_token'][1]}"
        if self.answers:
            results = self._results(call, options)
            await self.emit(handle, REQUEST, "Response", "ua{sv}", (0 if self.allows else 1, results), to=call.sender)
        return (handle,)

    def _results(self, call: Call, options: dict[str, Any]) -> dict[str, tuple[str, Any]]:
        if call.member == "CreateSession":
            sender, token = call.sender[1:].replace(".", "_"), options["session_handle_token"][1]
            self.session, self.caller = f"{PATH}/session/{sender}/{token}", call.sender
            return {"session_handle": ("s", self.session)}
        if call.member == "BindShortcuts":
            bound = [(name, {"trigger_description": ("s", "Press F9")}) for name, _told in call.body[1]]
            return {"shortcuts": ("a(sa{sv})", bound if self.gives_shortcuts else [])}
        if call.member == "Start":
            token = {"restore_token": ("s", self.gives_token)} if self.gives_token else {}
            return {"devices": ("u", 1), "clipboard_enabled": ("b", self.lends), **token}
        return {}

    def _key(self, call: Call) -> Body:
        session, _options, keysym, state = call.body
        if session != self.session:
            raise FakeFault("org.freedesktop.DBus.Error.AccessDenied", "Invalid session")
        self.pressed.append((keysym, state))
        return ()

    async def _set_selection(self, call: Call) -> Body:
        self.ours = True
        self.contents = dict.fromkeys(call.body[1].get("mime_types", ("as", []))[1], b"")
        await self._owner_changed(list(self.contents))
        return ()

    async def _owner_changed(self, kinds: list[str]) -> None:
        options = {"mime_types": ("(as)", (kinds,)), "session_is_owner": ("b", self.ours)}
        body = (self.session, options)
        await self.emit(PATH, CLIPBOARD, "SelectionOwnerChanged", "oa{sv}", body, to=self.caller)

    def _read(self, call: Call) -> Body:
        kind = call.body[1]
        if kind not in self.contents:
            raise FakeFault("org.freedesktop.DBus.Error.Failed", "no such type")
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        os.write(writer, self.contents[kind])
        os.close(writer)
        return (reader,)

    def _write(self, call: Call) -> Body:
        writer, done = self._written[call.body[1]]
        self._written[call.body[1]] = (-1, done)
        return (writer,)

    def _write_done(self, call: Call) -> Body:
        writer, done = self._written.pop(call.body[1])
        if writer >= 0:
            os.close(writer)
        done.set()
        return ()


async def _some(fd: int) -> bytes:
    await anyio.wait_readable(fd)
    return os.read(fd, 65536)
