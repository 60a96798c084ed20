"""Inserts a text by lending it the clipboard and pressing the paste chord: what all desktops share.

What counts as what:

- nothing is pressed unless the wanted window has the focus: asked at first, and again right before the chord; nor
  while another program has the whole keyboard, which is waited out;
- ``read``: the window's program took the text, whole, after the chord. ``verified``: the field, asked, has it too, and
  its caret has moved, so that it is not one that stood there before;
- ``sent``: read, but nobody can tell by whom, or the focus has moved meanwhile, so it may stand in another window; or
  typed; or the desktop failed behind the chord: whether it arrived is not known;
- ``failed``: nobody took it within `Patience`. Then the clipboard goes back to what it was: a program that never reads
  must not keep it for ever. One that is merely late must not paste the *old* content in place of the text, and must
  not paste the text either, which waits to be asked for by now: where readers can be told apart, the clipboard gives
  that program nothing for the chord it still owes an answer to (`insertion.x11.selection`), so ``failed`` stays true.
  Where they cannot, the patience is all there is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import anyio

from parleq_hotkey.insertion.chords import Chords
from parleq_hotkey.insertion.fitting import can_be_typed, fit
from parleq_hotkey.ports import (
    Clipboard,
    DesktopError,
    Field,
    Keyboard,
    KeyboardTakenError,
    Loan,
    Receipt,
    Window,
    Windows,
)
from parleqd.protocol.names import ReceiptStatus

_LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Means:
    """The parts of one desktop. ``prepare`` is called when a text will come soon: at the press of the key."""

    windows: Windows
    clipboard: Clipboard
    keyboard: Keyboard
    field: Field | None = None
    prepare: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds: together below the 10 s after which the daemon stops waiting.

    ``start``: for all that comes before the chord, insertions before this one too; ``modifiers``, of it: for held
    modifier keys to be let go. ``read``: for the program to read; ``per_character`` more, until ``longest``. ``field``:
    for the field to show the text; ``look``: for one answer of it.
    """

    start: float = 3.5
    modifiers: float = 1.5
    read: float = 2.0
    per_character: float = 0.00005
    longest: float = 4.0
    field: float = 0.2
    look: float = 0.5

    def for_text(self, text: str) -> float:
        """How long the program may take to read a text."""
        return min(self.longest, self.read + len(text) * self.per_character)


@dataclass(frozen=True, slots=True)
class Undone:
    """Whether the last insertion was removed, and if not, why."""

    done: bool
    detail: str = ""


class Pasting:
    """An `Inserter` over one desktop's clipboard and keyboard. ``name``: as in ``insertion.method``.

    ``typing``: the setting of that name: short ASCII is typed when the text could be neither lent nor pasted.
    """

    def __init__(
        self,
        name: str,
        means: Means,
        chords: Chords,
        *,
        typing: bool = False,
        patience: Patience | None = None,
    ) -> None:
        self.name = name
        self._means = means
        self._chords = chords
        self._typing = typing
        self._patience = patience or Patience()
        self._one_at_a_time = anyio.Lock()
        self._last: tuple[str, Window] | None = None

    async def focused(self) -> Window | None:
        """The window a text would go to now; the clipboard's content may be looked at meanwhile."""
        window = await self._means.windows.focused()
        self._means.prepare()
        return window

    async def insert(self, text: str, window: Window | None) -> Receipt:
        """Inserts the text if ``window`` (None: whichever) has the focus. Never raises; never two at once."""
        start_by = anyio.current_time() + self._patience.start
        async with self._one_at_a_time:
            try:
                target = await self._target(window)
                fitted = fit(text, target)
                receipt = await self._insert(fitted, target, start_by)
            except _NotThere as problem:
                return Receipt(ReceiptStatus.FAILED, str(problem))
            except Exception as problem:  # noqa: BLE001 - the port promises a receipt, whatever happens
                return Receipt(ReceiptStatus.FAILED, _told(problem))
            if receipt.status != ReceiptStatus.FAILED:
                self._last = (fitted, target)
            return receipt

    async def undo_last(self) -> Undone:
        """Removes the last insertion while its text is what stands before the caret of its window. Never raises.

        Once: a second call has nothing to remove.
        """
        async with self._one_at_a_time:
            if self._last is None:
                return Undone(False, "there is no insertion to undo")
            if self._means.field is None:
                return Undone(False, "what stands in the field cannot be seen here")
            text, window = self._last
            try:
                if not _same(await self._means.windows.focused(), window):
                    return Undone(False, f"{_called(window)} has lost the focus")
                with anyio.move_on_after(self._patience.longest):
                    if await self._means.field.remove_before_caret(text):
                        self._last = None
                        return Undone(True)
            except Exception as problem:  # noqa: BLE001 - as above
                return Undone(False, _told(problem))
            return Undone(False, "the text is no longer what stands before the caret")

    async def _insert(self, text: str, target: Window, start_by: float) -> Receipt:
        if not text:
            raise _NotThere("the text is empty")
        await self._modifiers_up()
        try:
            return await self._paste(text, target, start_by)
        except DesktopError:
            if not (self._typing and can_be_typed(text)):
                raise
            return await self._type(text, target, start_by)

    async def _paste(self, text: str, target: Window, start_by: float) -> Receipt:
        """Raises DesktopError, or _NotThere, when nothing was pressed."""
        caret = await self._caret()
        loan = await self._means.clipboard.lend(text)
        pressed = False
        receipt: Receipt | None = None
        trouble = ""
        try:
            await self._press(
                partial(self._means.keyboard.press, self._chords.chord(target), loan.mark), target, start_by
            )
            pressed = True
            if await loan.read_by(target, self._patience.for_text(text)):
                receipt = await self._receipt(text, target, caret, sure=loan.knows_reader)
        except Exception as problem:
            if not pressed:
                raise
            trouble = _told(problem)
        finally:
            with anyio.CancelScope(shield=True):
                trouble = await _returned(loan) or trouble
        if receipt is not None:
            return receipt
        if trouble:
            return Receipt(ReceiptStatus.SENT, f"whether it arrived is not known: {trouble}")
        return Receipt(ReceiptStatus.FAILED, f"{_called(target)} did not take the text")

    async def _receipt(self, text: str, target: Window, caret: int | None, *, sure: bool) -> Receipt:
        """The text was read: what more can be said? ``caret``: where it was before; ``sure``: is the reader known?"""
        try:
            now = await self._means.windows.focused()
        except Exception as problem:  # noqa: BLE001 - the text was read, whatever happens behind it
            return Receipt(ReceiptStatus.SENT, f"the desktop failed right after it was read: {_told(problem)}")
        if not _same(now, target):
            return Receipt(ReceiptStatus.SENT, f"{_called(target)} lost the focus while it took the text")
        if caret is not None and await self._shows(text, caret):
            return Receipt(ReceiptStatus.VERIFIED, f"{_called(target)} shows it")
        if not sure:
            return Receipt(ReceiptStatus.SENT, "it was read, nobody can tell by whom")
        return Receipt(ReceiptStatus.READ, f"{_called(target)} took it")

    async def _caret(self) -> int | None:
        """Where the caret is; None where nobody can tell."""
        if self._means.field is None:
            return None
        try:
            with anyio.move_on_after(self._patience.look):
                return await self._means.field.caret()
        except Exception:  # noqa: BLE001 - nothing depends on this look but how sure a receipt is
            return None
        return None

    async def _shows(self, text: str, caret: int) -> bool:
        """Is it what stands before the caret, which was at ``caret``? It shows some milliseconds after it was read."""
        field = self._means.field
        assert field is not None
        give_up = anyio.current_time() + self._patience.field
        try:
            while True:
                with anyio.fail_after(self._patience.look):
                    shown = await field.before_caret(len(text))
                    if shown == text and await field.caret() != caret:
                        return True
                if shown is None or anyio.current_time() > give_up:
                    return False
                await anyio.sleep(_LOOK_S)
        except Exception:  # noqa: BLE001 - the text was read, whatever becomes of this look
            return False

    async def _type(self, text: str, target: Window, start_by: float) -> Receipt:
        await self._press(partial(self._means.keyboard.type_text, text), target, start_by)
        return Receipt(ReceiptStatus.SENT, "typed key by key: it could not be pasted")

    async def _press(self, keys: Callable[[], Awaitable[None]], target: Window, start_by: float) -> None:
        """Has keys pressed, right behind a look at the focus; again, while another program has the keyboard."""
        busy = "the desktop was busy for too long"
        while True:
            await self._modifiers_up()
            await self._target(target)
            if anyio.current_time() > start_by:
                raise _NotThere(busy)
            try:
                return await keys()
            except KeyboardTakenError as taken:
                busy = taken.message
            await anyio.sleep(_LOOK_S)

    async def _target(self, wanted: Window | None) -> Window:
        """The focused window. Raises _NotThere when there is none, or another one is wanted."""
        now = await self._means.windows.focused()
        if now is None:
            raise _NotThere("no window has the focus")
        if wanted is not None and not _same(now, wanted):
            raise _NotThere(f"{_called(wanted)} has lost the focus")
        return now

    async def _modifiers_up(self) -> None:
        """Waits for the user to let go: held, they would make another chord of ours. They are never pressed again."""
        give_up = anyio.current_time() + self._patience.modifiers
        while held := await self._means.keyboard.modifiers_held():
            if anyio.current_time() > give_up:
                raise _NotThere(f"held down all the while: {', '.join(sorted(held))}")
            await anyio.sleep(_LOOK_S)


class _NotThere(Exception):
    """Nothing was pressed, and why."""


async def _returned(loan: Loan) -> str:
    """Gives the clipboard back; what went wrong there, "" for nothing."""
    try:
        await loan.give_back()
    except Exception as problem:  # noqa: BLE001 - it is told in the receipt
        return _told(problem)
    return ""


def _told(problem: Exception) -> str:
    """For messages: what others' exceptions say may hold a text."""
    return problem.message if isinstance(problem, DesktopError) else f"the desktop failed: {type(problem).__name__}"


def _same(one: Window | None, other: Window) -> bool:
    """Where nobody knows which window it is, there is only one."""
    return one is not None and one.id == other.id


def _called(window: Window) -> str:
    """For messages: titles are the user's own affair and may hold what was dictated."""
    name = window.app or window.window_class
    return f"the window of {name}" if name else "the window"
