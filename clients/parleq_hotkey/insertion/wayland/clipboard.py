"""The clipboard of a Wayland compositor with data control, lent to one text at a time.

Both selections carry the text: terminals paste the primary one by Shift+Insert, everybody else the clipboard.
"""

from __future__ import annotations

import asyncio

import anyio

from parleq_hotkey.insertion.wayland.connection import WaylandConnection
from parleq_hotkey.insertion.wayland.selections import Content, Held, Selection, Selections
from parleq_hotkey.insertion.wayland.watchers import Watchers
from parleq_hotkey.ports import DesktopError, Window
from parleqd.protocol.names import Reason

TEXT_TYPES = ("text/plain;charset=utf-8", "UTF8_STRING", "text/plain", "TEXT", "STRING")
PASSWORD_HINT = "x-kde-passwordManagerHint"
"""Asks clipboard histories to keep nothing of this: what is dictated is nobody else's."""

LET_WAIT_S = 0.5
"""So long those who read before the mark wait for an answer, at most."""

DIGESTION_S = 0.1
"""GTK drops what it has read when the selection changes before it saw the end of it. So long it keeps our text."""


class WaylandLoan:
    """The selections while they are ours for a text.

    Until the mark they still give the text that was there: who reads then is no reader of ours, and gets none of it. It
    waits until the loan is over: some histories take the clipboard over at once with what they read, and the program
    would paste that.
    """

    knows_reader = True
    """As far as Wayland goes: who watches the clipboard has read before the mark."""

    def __init__(
        self, connection: WaylandConnection, text: str, lent: list[tuple[Selection, Held, Content]], watchers: Watchers
    ) -> None:
        self._connection = connection
        self._text = text
        self._lent = lent
        self._watchers = watchers
        self._marks = [0] * len(lent)

    def mark(self) -> None:
        """From now on the text is there, and reads count. Raises DesktopError when somebody took a selection."""
        if not all(held.ours for _, held, _ in self._lent):
            raise DesktopError(Reason.NO_INSERTION, "something was copied at that very moment")
        self._marks = [held.asked for _, held, _ in self._lent]
        for _, held, _ in self._lent:
            held.content = _lent(self._text)
            held.lets_wait = False
        self._watchers.seen(sum(self._marks))

    async def read_by(self, window: Window, within_s: float) -> bool:
        """Waits until the text was read, whole, since the mark. Wayland does not tell by whom."""
        with anyio.move_on_after(within_s):
            await self._connection.until(lambda: self._reads() or not self._ours())
        return self._reads() > 0

    async def give_back(self) -> bool:
        """Restores all types of what was there, where it is still ours; False for a clipboard that is not."""
        self._connection.check()
        if self._reads():
            await anyio.sleep(DIGESTION_S)
        if self._reads() > 1:
            self._watchers.suspected()
        ours = self._ours()
        for selection, held, before in self._lent:
            if held.ours:
                _put(selection, before)
        self.answer_waiting()
        await self._connection.settle()
        return ours

    def answer_waiting(self) -> None:
        """Whoever reads has waited long enough."""
        for _, held, _ in self._lent:
            held.answer_waiting()

    async def drain(self) -> None:
        """Waits until those who read whatever comes have read it."""
        with anyio.move_on_after(self._watchers.patience_s):
            await self._connection.until(self._drained)

    def _drained(self) -> bool:
        under_way = any(held.under_way for _, held, _ in self._lent)
        return not under_way and self._watchers.enough(sum(held.asked for _, held, _ in self._lent))

    def _reads(self) -> int:
        """Whole reads of the text since the mark."""
        marked = zip(self._lent, self._marks, strict=True)
        return sum(mime in TEXT_TYPES for (_, held, _), mark in marked for mime in held.read[mark:])

    def _ours(self) -> bool:
        return self._lent[0][1].ours


class WaylandClipboard:
    """Fills `ports.Clipboard`."""

    def __init__(self, connection: WaylandConnection, selections: Selections) -> None:
        self._connection = connection
        self._selections = selections
        self._watchers = Watchers()

    async def lend(self, text: str) -> WaylandLoan:
        """Takes both selections for the text, and waits until watchers of the clipboard have read what is there."""
        await self._connection.settle()  # what is there is told by now
        selections = self._selections.all
        if any(each.held is not None and each.held.asked for each in selections):
            self._watchers.suspected()  # what was restored has been read: by the user's paste, or by a watcher
        before: dict[Selection, Content] = {}

        async def keep(selection: Selection) -> None:
            before[selection] = await selection.content()

        async with anyio.create_task_group() as reads:
            for each in selections:
                reads.start_soon(keep, each)
        lent = [(each, each.hold(_lent(_text_of(before[each]))), before[each]) for each in selections]
        for _, held, _ in lent:
            held.lets_wait = True
        loan = WaylandLoan(self._connection, text, lent, self._watchers)
        asyncio.get_running_loop().call_later(LET_WAIT_S, loan.answer_waiting)
        await self._connection.settle()
        await loan.drain()
        return loan

    async def copy(self, text: str) -> None:
        """Puts the text onto the clipboard, to stay until somebody copies something else."""
        self._connection.check()
        self._selections.clipboard.hold(_text(text))
        await self._connection.settle()


def _text(text: str) -> dict[str, bytes]:
    return dict.fromkeys(TEXT_TYPES, text.encode())


def _lent(text: str) -> dict[str, bytes]:
    return {**_text(text), PASSWORD_HINT: b"secret"}


def _text_of(content: Content) -> str:
    """The text of a content, "" for one without."""
    return next((content[each].decode("utf-8", "replace") for each in TEXT_TYPES if each in content), "")


def _put(selection: Selection, content: Content) -> None:
    if content:
        selection.hold(content)
    else:
        selection.clear()
