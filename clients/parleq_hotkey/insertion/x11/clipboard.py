"""The port `Clipboard` on X11: lends a text to the focused program alone, everybody else gets what was there before.

Who gets what while a text is lent, by the client (the connection to the server) that asks:

- the focused program, before the chord: what was there before. It may be the user's own paste, or a look at once;
- the focused program, behind the chord: the lent text. That is the read which counts;
- all others, clipboard histories too: nothing until the program has read, or for `_LET_WAIT_S`, then what was there
  before. They wait because some histories take the clipboard over at once with what they read: the program would paste
  that. Histories are asked not to keep it, too;
- once given back: what was there before, served by us, since its owner has been told that it lost it. But a program
  that has not read gets nothing for the chord it still owes an answer to, for `_LATE_S`: one that hung must paste
  neither the old content nor, a second time, a text that was reported as not arrived. Once refused, the debt is paid
  `_ONE_PASTE_S` later: for one paste, programs ask for several types. It owes nothing when its window has closed, when
  somebody else took the clipboard, as then it was not us whom it asked, or when it tells that it is through with what
  came to its window: a button, or a field that cannot be changed, pastes nothing.

It is given back once the program has asked nothing for `_QUIET_S`, or for `_TIMES_AS_LONG` as it took from the chord
to its last question, whichever is longer: Chromium asks a dozen times for one paste, and drops what it has read when
the clipboard changes hands before it is through, which takes it long on a busy machine.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from typing import Any

import anyio
from Xlib import X, Xatom

from parleq_hotkey.insertion.chords import is_terminal
from parleq_hotkey.insertion.x11.content import Content, hint, text_content
from parleq_hotkey.insertion.x11.selection import Selections
from parleq_hotkey.insertion.x11.snapshot import Limits, Snapshots
from parleq_hotkey.insertion.x11.windows import X11Windows
from parleq_hotkey.ports import DesktopError, Loan, Window
from parleq_hotkey.x11_connection import GONE, XConnection, reached
from parleqd.protocol.names import Reason

_QUIET_S = 0.3
_TIMES_AS_LONG = 6
_LONGEST_S = 3.0
_LET_WAIT_S = 0.5
_LATE_S = 15.0
_ONE_PASTE_S = 1.0
_SERVER_S = 2.0


class X11Clipboard:
    """CLIPBOARD, and PRIMARY, which X11's terminals paste. ``loan``: the last one, until it is replaced."""

    def __init__(self, connection: XConnection, windows: X11Windows, limits: Limits | None = None) -> None:
        self._connection = connection
        self._windows = windows
        self.selections = Selections(connection, self._content_for, self._answered)
        self.snapshots = Snapshots(connection, self.selections, limits)
        self._clipboard = self.selections.atom("CLIPBOARD")
        self._resting: dict[int, Content] = {self._clipboard: {}, Xatom.PRIMARY: {}}
        for selection in self._resting:
            self.snapshots.watch(selection)
        self.loan: X11Loan | None = None
        self._stamp = self.selections.atom("PARLEQ_TIME")
        self._time = 0
        self._timed = anyio.Event()
        self._coming = anyio.Event()

    def handle(self, event: Any) -> None:
        """Takes up what concerns the clipboard."""
        if event.type == X.PropertyNotify and event.atom == self._stamp:
            self._time = event.time
            self._timed.set()
        self.selections.handle(event)
        self.snapshots.handle(event)
        if event.type == X.SelectionClear and self.loan is not None:
            self.loan.check()
        if event.type == X.DestroyNotify and self.loan is not None:
            self.loan.closed(event.window.id)

    def prepare(self) -> None:
        """A text will come soon: what is there now may be fetched meanwhile."""
        self._coming.set()

    async def keep_prepared(self) -> None:
        """Fetches ahead, whenever it was asked to; until cancelled."""
        while True:
            await self._coming.wait()
            self._coming = anyio.Event()
            with reached():
                for selection in self._resting:
                    if not self.selections.owns(selection):
                        await self.snapshots.take(selection)

    async def lend(self, text: str) -> Loan:
        """Raises DesktopError when the clipboard cannot be had, with nothing changed."""
        with reached():
            window = await self._windows.focused()
            borrower = "" if window is None else window.client
            if self.loan is not None and self.loan.is_owed_by(borrower):
                raise DesktopError(
                    Reason.NO_INSERTION, "the program has not answered the chord before", "try again later"
                )
            loan = X11Loan(self, window, text_content(text, self.selections.atom))
            if window is not None:
                self._windows.watch_end(window)
            taken = self._selections_for(window)
            for selection in taken:
                self._resting[selection] = await self._held(selection)
            now = await self._server_time()
            self.loan = loan
            if not await self._take(taken, now):
                self.loan = None
                raise DesktopError(Reason.NO_INSERTION, "another program keeps the clipboard", "close it and try again")
            loan.selections = taken
            asyncio.get_running_loop().call_later(_LET_WAIT_S, self._wait_no_more, loan)
            return loan

    async def copy(self, text: str) -> None:
        """The text stays until somebody copies something else; a loan that runs is over."""
        with reached():
            self.loan = None
            self._resting[self._clipboard] = text_content(text, self.selections.atom)
            if not await self._take([self._clipboard], await self._server_time()):
                raise DesktopError(Reason.NO_INSERTION, "another program keeps the clipboard", "close it and try again")

    async def give_back(self, loan: X11Loan) -> bool:
        """Ends a loan: what was there before is there again; programs that keep a list of its types are told."""
        with reached():
            if loan.window is not None and loan.owes:
                self._windows.when_through(loan.window, loan.paid)
            kept = [selection for selection in loan.selections if self.selections.owns(selection)]
            if kept and self.loan is loan:
                now = await self._server_time()
                for selection in [selection for selection in kept if self.selections.owns(selection)]:
                    if self._resting[selection]:
                        self.selections.own(selection, now)
                    else:
                        self.selections.disown(selection)
            self.selections.answer_waiting()
            return self._clipboard in kept

    def is_sending(self, client: str) -> bool:
        """Is a long text on its way to that client?"""
        return self.selections.sends_to(lambda window: self._windows.client(window) == client)

    def lost(self, selections: list[int]) -> bool:
        """Has somebody else taken one of them?"""
        return not all(self.selections.owns(selection) for selection in selections)

    def check(self, loan: X11Loan) -> None:
        """Answers what the server knows of already. Raises DesktopError unless all is still as it was lent."""
        with reached():
            self._connection.settle()
            if self.lost(loan.selections):
                raise DesktopError(Reason.NO_INSERTION, "something was copied at that very moment", "")
            if self._windows.focused_id() != (loan.window.id if loan.window else ""):
                raise DesktopError(Reason.NO_INSERTION, "the window has lost the focus", "")

    def _selections_for(self, window: Window | None) -> list[int]:
        """PRIMARY is left alone where the window itself has it, unless a terminal pastes it.

        To lose PRIMARY clears a GTK field's selected text, which the lent text is meant to replace.
        """
        owner = self._connection.display.get_selection_owner(Xatom.PRIMARY)
        self._connection.poke()
        selected_there = window is not None and owner != X.NONE and self._windows.client(owner.id) == window.client
        if selected_there and window is not None and not is_terminal(window):
            return [self._clipboard]
        return [self._clipboard, Xatom.PRIMARY]

    async def _held(self, selection: int) -> Content:
        if self.selections.owns(selection):
            return self._resting[selection]
        return await self.snapshots.take(selection)

    async def _take(self, selections: list[int], now: int) -> bool:
        taken = [self.selections.own(selection, now) for selection in selections]
        self.snapshots.forget()
        return all(taken)

    async def _server_time(self) -> int:
        """The server's clock, in milliseconds, as it stamps a change of a property of ours."""
        self._timed = anyio.Event()
        self.selections.window.change_property(self._stamp, Xatom.STRING, 8, b"")
        self._connection.flush()
        with anyio.move_on_after(_SERVER_S):
            await self._timed.wait()
            return self._time
        raise DesktopError(Reason.NO_DISPLAY, "the X server does not answer", "")

    def _wait_no_more(self, loan: X11Loan) -> None:
        """Other programs have waited long enough."""
        loan.lets_wait = False
        with suppress(*GONE):  # `pump` finds the same
            self.selections.answer_waiting()

    def _content_for(self, selection: int, requestor: int) -> Content | None:
        resting = self._resting.get(selection, {})
        if self.loan is None:
            return resting
        return self.loan.content_for(self._windows.client(requestor), resting)

    def _answered(self, requestor: int, target: int, served: bool) -> None:
        if self.loan is not None:
            self.loan.answered(self._windows.client(requestor), target, served)


class X11Loan:
    """The port `Loan`. ``borrower``: the client it is for; "" where readers cannot be told apart: then for all."""

    def __init__(self, clipboard: X11Clipboard, window: Window | None, text: Content) -> None:
        self._clipboard = clipboard
        self.window = window
        self.borrower = "" if window is None else window.client
        self.lets_wait = True
        self._owes = True
        self._text = text
        self._marked_at = math.inf
        self._ended_at = math.inf
        self._was_read = False
        self._asked_at = -math.inf
        self._refused_at = math.inf
        self._news = anyio.Event()
        self.selections: list[int] = []

    @property
    def _marked(self) -> bool:
        return self._marked_at < math.inf

    @property
    def knows_reader(self) -> bool:
        """Are readers told apart?"""
        return bool(self.borrower)

    def mark(self) -> None:
        """From now on reads count.

        Raises DesktopError when the window that the text was lent to has lost the focus, or the clipboard is lost.
        """
        self._clipboard.check(self)
        self._marked_at = anyio.current_time()

    async def read_by(self, window: Window, within_s: float) -> bool:
        """The reader is told by its client, so that ``window`` need only be the one the text was lent to.

        Raises DesktopError when it has begun to read, and is not through.
        """
        if self.borrower and window.client != self.borrower:
            return False
        with anyio.move_on_after(within_s):
            await self._news.wait()
        if not self._was_read and self._clipboard.is_sending(self.borrower):
            raise DesktopError(Reason.NO_INSERTION, "the program was still reading the text", "")
        return self._was_read

    async def give_back(self) -> bool:
        """Not before the program has done with it, if it has begun."""
        if self._was_read:
            await self._quiet()
        self._ended_at = min(self._ended_at, anyio.current_time())
        return await self._clipboard.give_back(self)

    def check(self) -> None:
        """Somebody took a selection: nobody will read the text now."""
        if self.selections and self._ended_at == math.inf and self._clipboard.lost(self.selections):
            self._over()

    def closed(self, window: int) -> None:
        """A window has closed: the one the text was lent to?"""
        if self.window is not None and f"{window:#x}" == self.window.id:
            self._over()

    def paid(self) -> None:
        """The program has handled the chord, and did not read."""
        self._owes = False

    def _over(self) -> None:
        self.paid()
        self._news.set()

    def content_for(self, client: str, resting: Content) -> Content | None:
        """What a client gets now; the module's docstring has the rules. None: it has to wait."""
        now = anyio.current_time()
        if self.borrower and client != self.borrower:
            if self._ended_at < math.inf:
                return resting
            if self.lets_wait:
                return None
            return {**resting, **self._secret()} if resting else resting
        if not self._marked:
            return self._instead(resting)
        if self._ended_at == math.inf:
            self._asked_at = now
            return {**self._text, **self._secret()}
        if self.is_owed_by(client):
            return dict.fromkeys(self._text)
        return resting

    @property
    def owes(self) -> bool:
        """May the program yet answer the chord?"""
        return self._marked and self._owes and not self._was_read

    def is_owed_by(self, client: str) -> bool:
        """Has the loan ended without that client's answer to the chord, which may come yet?"""
        if not self.owes or client != self.borrower:
            return False
        return self._ended_at <= anyio.current_time() < min(self._ended_at + _LATE_S, self._refused_at + _ONE_PASTE_S)

    def answered(self, client: str, target: int, served: bool) -> None:
        """A client got what it asked for, whole, or nothing: was it the text, and the program it was lent to?"""
        if not self._marked or target not in self._text or (self.borrower and client != self.borrower):
            return
        if self._ended_at == math.inf:
            self._was_read = self._was_read or served
            self._news.set()
        elif not served:
            self._refused_at = min(self._refused_at, anyio.current_time())

    async def _quiet(self) -> None:
        """Nothing comes of it once somebody else has the clipboard."""
        with anyio.move_on_after(_LONGEST_S):
            while not self._clipboard.lost(self.selections):
                quiet = max(_QUIET_S, _TIMES_AS_LONG * (self._asked_at - self._marked_at))
                left = self._asked_at + quiet - anyio.current_time()
                if left <= 0:
                    return
                await anyio.sleep(left)

    def _instead(self, resting: Content) -> Content:
        """Before the chord: the types of the text, which programs may note for their next paste, and the old values."""
        return {**{target: resting.get(target) for target in self._text}, **self._secret()}

    def _secret(self) -> Content:
        return hint(self._clipboard.selections.atom)
