"""Inserts a text as an input method does: it is committed to the text field, without any clipboard or key.

The compositor has room for one input method. Ours is there for the moment of an insertion only, so that the user's own
can start whenever it likes; while one runs, ours is refused and nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import anyio

from parleq_hotkey.insertion.fitting import fit
from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.protocols import input_method
from parleq_hotkey.ports import DesktopError, Receipt, Window, Windows
from parleqd.protocol.names import ReceiptStatus

LONGEST = 4000
"""Bytes of UTF-8 in one commit, as text-input-unstable-v3 has it."""
TERMINAL = 13
"""The purpose that a terminal names for its field (text-input-unstable-v3)."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long is waited, in seconds: for a text field to answer, for it to have no more to say of itself, and for it
    to say what it holds then.
    """

    field: float = 0.5
    quiet: float = 0.03
    surroundings: float = 0.5


class TextField:
    """The text field that has the focus, as the compositor tells an input method of it."""

    def __init__(self, proxy: Any) -> None:
        self.refused = False
        self._active = False
        self.before_caret: str | None = None
        self.purpose = 0
        self.rounds = 0
        self._caret: str | None = None
        self._proxy = proxy
        for name, handle in {
            "activate": self._activated,
            "deactivate": self._deactivated,
            "surrounding_text": self._surrounded,
            "content_type": self._told,
            "done": self._done,
            "unavailable": self._refused,
        }.items():
            proxy.dispatcher[name] = handle

    def active(self) -> bool:
        """Does it take text from us now?"""
        return self._active

    def commit(self, text: str) -> None:
        """Puts a text of at most `LONGEST` bytes before the caret."""
        self._proxy.commit_string(text)
        self._proxy.commit(self.rounds)

    def _activated(self, _proxy: Any) -> None:
        self._active = True
        self._caret = self.before_caret = None
        self.purpose = 0

    def _deactivated(self, _proxy: Any) -> None:
        self._active = False

    def _surrounded(self, _proxy: Any, text: str, cursor: int, _anchor: int) -> None:
        self._caret = text.encode("utf-8", "surrogateescape")[:cursor].decode("utf-8", "ignore")

    def _told(self, _proxy: Any, _hint: int, purpose: int) -> None:
        self.purpose = purpose

    def _done(self, _proxy: Any) -> None:
        self.before_caret = self._caret
        self.rounds += 1

    def _refused(self, _proxy: Any) -> None:
        self.refused = True


class InputMethodInserter:
    """Fills `ports.Inserter`: ``verified`` where the field says what stands before its caret, else ``sent``."""

    name = "input-method"

    def __init__(self, connection: WaylandConnection, windows: Windows, waits: Waits | None = None) -> None:
        self._connection = connection
        self._windows = windows
        self._waits = waits or Waits()
        self._one_at_a_time = anyio.Lock()

    async def focused(self) -> Window | None:
        """The window a text would go to now."""
        return await self._windows.focused()

    async def insert(self, text: str, window: Window | None) -> Receipt:
        """Inserts the text if ``window`` (None: whichever) has the focus. Never raises."""
        async with self._one_at_a_time:
            try:
                return await self._insert(text, window)
            except DesktopError as problem:
                return _failed(problem.message)
            except Exception as problem:  # noqa: BLE001 - the port promises a receipt, whatever happens
                return _failed(f"the desktop failed: {type(problem).__name__}")

    async def _insert(self, text: str, window: Window | None) -> Receipt:
        target = await self._windows.focused()
        if target is None or (window is not None and window.id != target.id):
            return _failed("the window has lost the focus")
        manager = self._connection.bind(input_method.MANAGER)
        ours = manager.get_input_method(self._connection.seat())
        field = TextField(ours)
        try:
            with anyio.move_on_after(self._waits.field):
                self._connection.flush()
                await self._connection.until(lambda: (field.active() and field.rounds) or field.refused)
            if field.refused:
                return _failed("another input method runs")
            if not field.active():
                return _failed("the window has no text field that takes text from an input method")
            await self._quiet(field)
            fitted = fit(text, Window(target.id, "terminal") if field.purpose == TERMINAL else target)
            return await self._commit(field, fitted, target)
        finally:
            self._connection.end(ours, manager)

    async def _quiet(self, field: TextField) -> None:
        """A text that crosses a field's own change on its way is dropped by some (foot); at first all change."""
        with anyio.move_on_after(self._waits.field):
            rounds = -1
            while rounds != field.rounds:
                rounds = field.rounds
                with anyio.move_on_after(self._waits.quiet):
                    await self._connection.until(lambda: field.rounds != rounds)  # noqa: B023 - called at once

    async def _commit(self, field: TextField, text: str, target: Window) -> Receipt:
        now = await self._windows.focused()
        if not text or now is None or now.id != target.id or not field.active():
            return _failed("the text is empty" if not text else "the window has lost the focus")
        earlier = field.before_caret
        try:
            for part in parts(text):
                field.commit(part)
                await self._connection.settle()
                if not field.active():
                    return Receipt(ReceiptStatus.SENT, "the window lost the focus while it took the text")
            if earlier is not None and _last_line(text):
                with anyio.move_on_after(self._waits.surroundings):
                    await self._connection.until(lambda: shows(text, earlier, field.before_caret))
        except Exception as problem:  # noqa: BLE001 - some of it may have arrived
            return Receipt(ReceiptStatus.SENT, f"the desktop failed meanwhile: {type(problem).__name__}")
        if shows(text, earlier, field.before_caret):
            return Receipt(ReceiptStatus.VERIFIED, "the text field shows it")
        return Receipt(ReceiptStatus.SENT, "committed to the text field, which does not tell what it holds")


def parts(text: str, longest: int = LONGEST) -> Iterator[str]:
    """The text in pieces of at most ``longest`` bytes of UTF-8, cut between characters."""
    left = text.encode()
    while left:
        cut = min(longest, len(left))
        while cut < len(left) and left[cut] & 0xC0 == 0x80:  # a byte inside a character
            cut -= 1
        yield left[:cut].decode()
        left = left[cut:]


def shows(text: str, earlier: str | None, later: str | None) -> bool:
    """Does what stands before the caret ``later``, and not ``earlier``, show the text?

    A field may tell its last line alone, or the last bytes of a long one: then those are what is compared.
    """
    if not later or later == earlier:
        return False
    line = _last_line(text)
    return bool(line) and (later.endswith(line) or (len(later) >= LONGEST // 8 and line.endswith(later)))


def _last_line(text: str) -> str:
    return text.rpartition("\n")[2]


def _failed(detail: str) -> Receipt:
    return Receipt(ReceiptStatus.FAILED, detail)
