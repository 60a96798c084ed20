"""A desktop of our own making: programs with windows, one clipboard, one keyboard, and the field that has the focus.

Held to what the real X11 part does by tests/contract/test_windows.py, test_clipboard.py and test_keyboard.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import anyio

from parleq_hotkey.ports import DesktopError, Receipt, Window
from parleqd.protocol.names import Reason, ReceiptStatus

PASTE = frozenset({"shift+Insert", "ctrl+v", "ctrl+shift+v"})
TEXT = "text/plain"

Content = dict[str, bytes]
"""What a clipboard holds, by type."""


@dataclass
class Program:
    """A program with one window. ``reads``: does it take a paste chord? ``late``: not before `Desktop.catch_up`."""

    window: Window
    text: str = ""
    reads: bool = True
    late: bool = False


@dataclass
class Desktop:
    """The world of the fakes. Change what it holds at will; what is called ``on_…`` runs at that point."""

    programs: dict[str, Program] = field(default_factory=dict)
    focus: Window | None = None
    content: Content = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    pressed: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    on_press: Callable[[], None] = lambda: None
    on_lend: Callable[[], None] = lambda: None
    on_give_back: Callable[[], None] = lambda: None
    keys: frozenset[str] = PASTE
    gone: bool = False
    loan: FakeLoan | None = None
    behind: list[Program] = field(default_factory=list)
    moved: anyio.Event = field(default_factory=anyio.Event)

    def program(self, name: str, *, reads: bool = True, late: bool = False, window_class: str = "Entry") -> Program:
        """Starts a program; its window gets the focus."""
        window = Window(id=name, app=name, window_class=window_class, title=name, client=name)
        self.programs[name] = program = Program(window, reads=reads, late=late)
        self.focus_on(window)
        return program

    def focus_on(self, window: Window | None) -> None:
        """Moves the focus."""
        self.focus = window
        self.moved.set()
        self.moved = anyio.Event()

    def user_copies(self, content: Content) -> None:
        """The user copies something: a loan that runs has lost the clipboard."""
        if self.loan is not None:
            self.loan.taken()
        self.loan, self.content = None, content

    def read(self, client: str) -> Content:
        """What a program gets that reads the clipboard now: the lent text is for the one it was lent for alone."""
        if self.loan is not None and self.loan.reads_loan(client):
            return {TEXT: self.loan.text.encode()}
        return self.content

    def paste(self, program: Program) -> None:
        """A program takes a paste chord."""
        program.text += self.read(program.window.client).get(TEXT, b"").decode()

    def catch_up(self) -> None:
        """Late programs take the chords that wait for them."""
        for program in self.behind:
            self.paste(program)
        self.behind.clear()

    def check(self) -> None:
        """Raises DesktopError once the display is gone."""
        if self.gone:
            raise DesktopError(Reason.NO_DISPLAY, "the display is gone", "start it again")


class FakeWindows:
    """The port `Windows`."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop

    async def focused(self) -> Window | None:
        self._desktop.check()
        return self._desktop.focus

    async def next_focus(self) -> Window | None:
        self._desktop.check()
        before = self._desktop.focus
        while self._desktop.focus == before:
            await self._desktop.moved.wait()
        return self._desktop.focus


class FakeLoan:
    """The port `Loan`. A program that has not read in time gets nothing afterwards, as on X11."""

    def __init__(self, desktop: Desktop, text: str, *, knows_reader: bool = True) -> None:
        self.knows_reader = knows_reader
        self._desktop = desktop
        self._for = "" if desktop.focus is None else desktop.focus.client
        self._marked = False
        self._was_read = anyio.Event()
        self._lost = False
        self.text = text

    def reads_loan(self, client: str) -> bool:
        """Does a read by that program get the lent text? Notes it, if so."""
        if not self._marked or client != self._for:
            return False
        self._was_read.set()
        return True

    def taken(self) -> None:
        """Somebody else has the clipboard."""
        self._lost = True
        self._was_read.set()

    def mark(self) -> None:
        self._marked = True

    async def read_by(self, window: Window, within_s: float) -> bool:
        if window.client != self._for:
            return False
        with anyio.move_on_after(within_s):
            await self._was_read.wait()
        return self._was_read.is_set() and not self._lost

    async def give_back(self) -> bool:
        self._desktop.on_give_back()
        if self._desktop.loan is self:
            self._desktop.loan = None
            if not self._was_read.is_set():
                self._desktop.behind.clear()
        return not self._lost


class FakeClipboard:
    """The port `Clipboard`. ``refuses``: lending fails. ``knows_reader``: what its loans say."""

    def __init__(self, desktop: Desktop, *, knows_reader: bool = True) -> None:
        self._desktop = desktop
        self.refuses = False
        self.knows_reader = knows_reader

    async def lend(self, text: str) -> FakeLoan:
        self._desktop.check()
        if self.refuses:
            raise DesktopError(Reason.NO_INSERTION, "the clipboard cannot be had", "close what holds it")
        self._desktop.loan = loan = FakeLoan(self._desktop, text, knows_reader=self.knows_reader)
        self._desktop.on_lend()
        return loan

    async def copy(self, text: str) -> None:
        self._desktop.check()
        self._desktop.user_copies({TEXT: text.encode()})


class FakeKeyboard:
    """The port `Keyboard`. Chords are those of ``Desktop.keys``; the focused program takes what pastes."""

    def __init__(self, desktop: Desktop) -> None:
        self._desktop = desktop

    async def modifiers_held(self) -> frozenset[str]:
        self._desktop.check()
        return self._desktop.held

    async def press(self, chord: str, about_to: Callable[[], None] = lambda: None) -> None:
        self._desktop.check()
        if chord not in self._desktop.keys:
            raise DesktopError(Reason.NO_INSERTION, f"the keyboard layout has no {chord}", "")
        about_to()
        self._desktop.pressed.append(chord)
        program = None if self._desktop.focus is None else self._desktop.programs.get(self._desktop.focus.id)
        if program is not None and program.reads and chord in PASTE:
            if program.late:
                self._desktop.behind.append(program)
            else:
                self._desktop.paste(program)
        self._desktop.on_press()

    async def type_text(self, text: str) -> None:
        self._desktop.check()
        if not (text.isascii() and text.isprintable()):
            raise DesktopError(Reason.NO_INSERTION, "a character that no key gives", "")
        self._desktop.typed.append(text)
        if self._desktop.focus is not None:
            self._desktop.programs[self._desktop.focus.id].text += text


class FakeField:
    """The port `Field`: the end of the focused program's text. ``blind``: nobody can tell what stands there."""

    def __init__(self, desktop: Desktop, *, blind: bool = False) -> None:
        self._desktop = desktop
        self.blind = blind

    async def caret(self) -> int | None:
        program = self._focused()
        return None if program is None else len(program.text)

    async def before_caret(self, length: int) -> str | None:
        program = self._focused()
        return None if program is None else program.text[max(0, len(program.text) - length) :]

    async def remove_before_caret(self, text: str) -> bool:
        program = self._focused()
        if program is None or not program.text.endswith(text):
            return False
        program.text = program.text[: len(program.text) - len(text)]
        return True

    def _focused(self) -> Program | None:
        if self.blind or self._desktop.focus is None:
            return None
        return self._desktop.programs[self._desktop.focus.id]


class FakeInserter:
    """The port `Inserter`: keeps what it was asked to insert, answers with ``receipt``."""

    def __init__(self, desktop: Desktop, name: str = "fake") -> None:
        self._desktop = desktop
        self.name = name
        self.receipt = Receipt(ReceiptStatus.READ)
        self.inserted: list[tuple[str, Window | None]] = []
        self.looks = 0

    async def focused(self) -> Window | None:
        self.looks += 1
        self._desktop.check()
        return self._desktop.focus

    async def insert(self, text: str, window: Window | None) -> Receipt:
        focus = self._desktop.focus
        if self._desktop.gone:
            return Receipt(ReceiptStatus.FAILED, "the display is gone")
        if focus is None or (window is not None and window.id != focus.id):
            return Receipt(ReceiptStatus.FAILED, "the window has lost the focus")
        self.inserted.append((text, window))
        return self.receipt
