"""The clipboard by the portal's Clipboard, which comes with a RemoteDesktop session: its texts are ours to hand out.

The portal tells that somebody reads, never who: every whole read since the mark counts. There is no primary selection.
Rules: the documentation of org.freedesktop.portal.Clipboard.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio

from parleq_hotkey.background import beside
from parleq_hotkey.bus import BusError, Signal, Signals
from parleq_hotkey.portals import Session
from parleq_hotkey.ports import DesktopError, Window
from parleqd.protocol.names import Reason

CLIPBOARD = "org.freedesktop.portal.Clipboard"
_TEXTS = ("text/plain;charset=utf-8", "text/plain", "UTF8_STRING", "TEXT", "STRING")
_SECRET = "x-kde-passwordManagerHint"
_USUAL = (_TEXTS[0], "text/html", "image/png", "text/uri-list")
"""What is looked for when nobody has told yet which types there are."""
_READ_S = 0.5
_READ_ALL_S = 1.5
_TRANSFER_S = 5.0
_MOST_BYTES = 64 * 1024 * 1024
_CHUNK = 65536

Contents = dict[str, bytes]
"""What a clipboard holds, by type (MIME)."""


class PortalClipboard:
    """`Clipboard` of a session: from `PortalClipboard.of`."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kinds: tuple[str, ...] = _USUAL
        self._contents: Contents = {}
        self._ours = False
        self._loan: PortalLoan | None = None

    @classmethod
    @asynccontextmanager
    async def of(cls, session: Session) -> AsyncIterator[PortalClipboard]:
        """The clipboard of a session that was granted one; serves it until the end of the block. Raises BusError."""
        clipboard, portal = cls(session), session.portal
        async with portal.bus.signals(sender=portal.owner, interface=CLIPBOARD) as signals:

            async def serve() -> None:
                await clipboard._serve(signals)

            async with beside(serve):
                yield clipboard

    async def lend(self, text: str) -> PortalLoan:
        """See `Clipboard`."""
        before = dict(self._contents) if self._ours else await self._read_all()
        self._loan = PortalLoan(self, before)
        try:
            await self._offer(_contents_of(text))
        except BusError as problem:
            raise DesktopError(Reason.NO_INSERTION, f"the portal lends no clipboard: {problem.message}") from problem
        return self._loan

    async def copy(self, text: str) -> None:
        """See `Clipboard`."""
        self._loan = None
        try:
            await self._offer(_contents_of(text))
        except BusError as problem:
            raise DesktopError(Reason.NO_INSERTION, f"the portal lends no clipboard: {problem.message}") from problem

    async def _give_back(self, loan: PortalLoan) -> bool:
        if self._loan is not loan or not self._ours:
            return False
        self._loan = None
        try:
            await self._offer(loan.before)
        except BusError:
            return False
        return True

    async def _offer(self, contents: Contents) -> None:
        """Takes the clipboard, with these contents."""
        self._contents, self._ours = contents, True
        options = {"mime_types": ("as", list(contents))}
        await self._call("SetSelection", "oa{sv}", self._session.path, options)

    async def _read_all(self) -> Contents:
        """Everything that another program has put there, as far as it gives it in time."""
        contents: Contents = {}
        with anyio.move_on_after(_READ_ALL_S):
            for kind in self._kinds:
                try:
                    with anyio.fail_after(_READ_S):
                        (fd,) = await self._call("SelectionRead", "os", self._session.path, kind)
                        data = await _drained(fd)
                except (BusError, TimeoutError, OSError):
                    continue
                if data:
                    contents[kind] = data
        return contents

    async def _serve(self, signals: Signals) -> None:
        """Hands out what is ours to whoever asks, and notes when it is no longer ours."""
        try:
            async with anyio.create_task_group() as group:
                async for signal in signals:
                    if signal.body[0] != self._session.path:
                        continue
                    if signal.member == "SelectionTransfer":
                        group.start_soon(self._transfer, signal)
                    elif signal.member == "SelectionOwnerChanged":
                        self._note_owner(signal.body[1])
        except* BusError:
            pass  # The bus has ended, and the session with it.

    def _note_owner(self, told: dict[str, tuple[str, Any]]) -> None:
        kinds = told.get("mime_types", ("as", []))[1]
        # Documented as "(as)": some desktops wrap the list in a structure, some do not.
        self._kinds = tuple(kinds[0] if isinstance(kinds, tuple) else kinds)
        self._ours = bool(told.get("session_is_owner", ("b", False))[1])
        if not self._ours and self._loan is not None:
            self._loan.end()

    async def _transfer(self, signal: Signal) -> None:
        """Writes what was asked for, and says whether that went well."""
        _session, kind, serial = signal.body
        data, loan = self._contents.get(kind), self._loan
        marked = loan is not None and loan.marked
        done = False
        try:
            if data is not None:
                (fd,) = await self._call("SelectionWrite", "ou", self._session.path, serial)
                done = await _written(fd, data)
            await self._call("SelectionWriteDone", "oub", self._session.path, serial, done)
        except BusError:
            return
        if done and marked and loan is not None and kind in _TEXTS:
            loan.note_read()

    async def _call(self, member: str, signature: str, *body: Any) -> tuple[Any, ...]:
        return await self._session.portal.call(CLIPBOARD, member, signature, body)


class PortalLoan:
    """`Loan` of the portal's clipboard. ``before``: what was there; ``marked``: do reads count yet?"""

    knows_reader = False

    def __init__(self, clipboard: PortalClipboard, before: Contents) -> None:
        self._clipboard = clipboard
        self.before = before
        self.marked = False
        self._read = False
        self._over = anyio.Event()

    def mark(self) -> None:
        """See `Loan`."""
        self.marked = True

    def note_read(self) -> None:
        """The whole text was read since the mark."""
        self._read = True
        self._over.set()

    def end(self) -> None:
        """Somebody else has taken the clipboard."""
        self._over.set()

    async def read_by(self, window: Window, within_s: float) -> bool:
        """See `Loan`; whose program reads cannot be told."""
        with anyio.move_on_after(within_s):
            await self._over.wait()
        return self._read

    async def give_back(self) -> bool:
        """See `Loan`."""
        return await self._clipboard._give_back(self)


def _contents_of(text: str) -> Contents:
    return {**dict.fromkeys(_TEXTS, text.encode()), _SECRET: b"secret"}


async def _drained(fd: int) -> bytes:
    """Everything from a pipe. Raises OSError when it is too much to keep."""
    data = bytearray()
    try:
        os.set_blocking(fd, False)
        while True:
            await anyio.wait_readable(fd)
            part = os.read(fd, _CHUNK)
            if not part:
                return bytes(data)
            data += part
            if len(data) > _MOST_BYTES:
                raise OSError("too much")
    finally:
        os.close(fd)


async def _written(fd: int, data: bytes) -> bool:
    """Writes to a pipe; False when the reader goes away, or reads nothing for long."""
    view = memoryview(data)
    try:
        os.set_blocking(fd, False)
        with anyio.fail_after(_TRANSFER_S):
            while view:
                await anyio.wait_writable(fd)
                view = view[os.write(fd, view) :]
    except (OSError, TimeoutError):
        return False
    finally:
        os.close(fd)
    return True
