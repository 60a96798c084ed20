"""Puts texts where they are meant to go, by whichever inserter there is at the moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, runtime_checkable

import anyio

from parleq_hotkey.insertion.pasting import Undone
from parleq_hotkey.ports import DesktopError, Inserter, Receipt, Window
from parleq_hotkey.retrying import as_problem
from parleq_hotkey.settings import InsertionSettings
from parleqd.protocol.names import ReceiptStatus

LIVE = "live"
_NOWHERE = Receipt(ReceiptStatus.FAILED, "there is no desktop to insert it into")


@runtime_checkable
class UndoesLast(Inserter, Protocol):
    """An inserter that can take back what it did."""

    async def undo_last(self) -> Undone:
        """Removes the last insertion, if that can be done safely. Never raises."""


def text_of(result: Mapping[str, Any]) -> str:
    """The text of a ``session/result`` as it is inserted."""
    text = str(result["text"])
    return f"{text} " if result.get("trailing_space") and text and not text[-1].isspace() else text


class Placing:
    """``inserter`` is None while there is no desktop. ``on_placing`` is told when placing begins, and when it ends."""

    def __init__(self, settings: InsertionSettings, on_placing: Callable[[bool], None] = lambda _: None) -> None:
        self.settings = settings
        self.inserter: Inserter | None = None
        self._on_placing = on_placing
        self._under_way = 0
        self._one_done = anyio.Event()
        self._troubles: list[DesktopError] = []
        self._troubled = anyio.Event()

    async def serve(self, inserter: Inserter) -> DesktopError:
        """Uses this inserter until the desktop is lost, and gives what was told of it; then there is none."""
        self.inserter, self._troubles = inserter, []
        try:
            while not self._troubles:
                self._troubled = anyio.Event()
                await self._troubled.wait()
        finally:
            self.inserter = None
        return self._troubles[0]

    def lost(self, problem: DesktopError) -> None:
        """The desktop is not there any more, as far as anybody can tell."""
        self._troubles.append(problem)
        self._troubled.set()

    async def focused(self) -> Window | None:
        """The window that has the focus, None where there is none or nobody knows."""
        if self.inserter is None:
            return None
        try:
            return await self.inserter.focused()
        except Exception as failure:  # noqa: BLE001 - where the text goes is then not known, and it waits
            self.lost(as_problem("insertion", failure))
            return None

    async def place(self, text: str, window: Window | None) -> Receipt:
        """Inserts a text into the window that was captured for it; None: there was none."""
        if self.settings.target == LIVE:
            return await self.place_here(text)
        if window is None:
            return Receipt(ReceiptStatus.FAILED, "it is not known which window the text is for")
        return await self._insert(text, window)

    async def place_here(self, text: str) -> Receipt:
        """Inserts a text where the focus is now, as the user asked."""
        return await self._insert(text, None)

    async def done(self) -> None:
        """Waits until nothing is being inserted."""
        while self._under_way:
            await self._one_done.wait()

    async def undo(self) -> Undone:
        """Takes the last insertion back."""
        if isinstance(self.inserter, UndoesLast):
            return await self.inserter.undo_last()
        return Undone(False, "an insertion cannot be taken back here")

    async def _insert(self, text: str, window: Window | None) -> Receipt:
        if self.inserter is None:
            return _NOWHERE
        self._under_way += 1
        self._on_placing(True)
        try:
            return await self.inserter.insert(text, window)
        finally:
            self._under_way -= 1
            self._on_placing(self._under_way > 0)
            one_done, self._one_done = self._one_done, anyio.Event()
            one_done.set()
