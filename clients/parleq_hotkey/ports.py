"""What the hotkey client needs of a desktop, as small protocols; `detection` modules name who fills them.

Everything runs in one event loop. Times are seconds of the monotonic clock unless another unit is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, Reason, ReceiptStatus


class KeyAction(StrEnum):
    """What happened to a watched key. Repeats of a held key are no events: key sources leave them out."""

    PRESSED = "pressed"
    RELEASED = "released"


class Role(StrEnum):
    """What a watched key is for."""

    DICTATE = "dictate"
    CANCEL = "cancel"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """One event of one watched key. ``at``: when it happened, as near as the source can tell."""

    role: Role
    action: KeyAction
    at: float


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys to watch, by their names ("F9", "Control_R", "ctrl+F9"); "" for none."""

    dictate: str
    cancel: str = ""
    offer: str = ""


class DesktopError(Exception):
    """Something of the desktop is missing or refuses: ``reason``, ``message`` and ``hint`` say what, and what helps."""

    def __init__(self, reason: Reason, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.hint = hint


class KeyboardTakenError(DesktopError):
    """Another program has the whole keyboard for the moment: nothing was pressed, and it may be tried again."""


class KeySource(Protocol):
    """One way to watch keys."""

    @property
    def name(self) -> str:
        """As in ``hotkey.source``: "x11", "pynput", "evdev", "portal"."""

    @property
    def sees_release(self) -> bool:
        """Can the end of a hold be told? Known once `watch` has called ``ready``."""

    async def watch(self, keys: Keys, on_event: Callable[[KeyEvent], None], ready: Callable[[], None]) -> None:
        """Watches until cancelled; ``ready`` is called once events can come.

        Raises DesktopError when the keys cannot be watched, or no longer: a display that ends, a device that goes.
        Every press is followed by its release: a key that is down when watching ends, for whatever reason, is released
        before this returns or raises.
        """

    def listen_for_cancel(self, wanted: bool) -> None:
        """Whether the cancel key is watched: only while there is something to cancel, it is others' key otherwise."""

    def let_chords_through(self, wanted: bool) -> None:
        """Whether a held key leaves the keyboard to the focused window: while a text is being inserted there."""


@dataclass(frozen=True, slots=True)
class Window:
    """A window that has, or had, the focus. ``id`` names it on its desktop, "" where nobody knows which it is.

    ``client`` is the program's connection to the display where reads of the clipboard can be told by it, else "".
    ``process`` is its process id, 0 while unknown.
    """

    id: str
    app: str = ""
    window_class: str = ""
    title: str = ""
    client: str = ""
    process: int = 0


class Windows(Protocol):
    """Which window has the focus."""

    async def focused(self) -> Window | None:
        """The window that keys go to now; None when there is none. Raises DesktopError when the display is gone."""

    async def next_focus(self) -> Window | None:
        """Waits until another window has the focus, and gives it."""


class Keyboard(Protocol):
    """Presses keys for the user. Where it can tell that they would not reach the window: KeyboardTakenError."""

    async def modifiers_held(self) -> frozenset[str]:
        """The modifier keys that are physically down: "ctrl", "alt", "shift", "super"; empty where nobody can tell."""

    async def press(self, chord: str, about_to: Callable[[], None] = lambda: None) -> None:
        """Presses and releases a chord such as "shift+Insert". Raises DesktopError when the layout has no such key.

        ``about_to`` is called right before, when nothing is in the way any more; what it raises is raised, with nothing
        pressed.
        """

    async def type_text(self, text: str) -> None:
        """Types printable ASCII key by key. Raises DesktopError, with nothing typed, for a character it cannot type."""


class Loan(Protocol):
    """The clipboard while it holds a text of ours: made by `Clipboard.lend`, ended by `give_back`."""

    @property
    def knows_reader(self) -> bool:
        """Does `read_by` tell that the window's program read? Where not, it may have been any that watches."""

    def mark(self) -> None:
        """From now on reads count: call it just before the paste chord.

        Raises DesktopError where it can be told that the chord would paste something else, or somewhere else.
        """

    async def read_by(self, window: Window, within_s: float) -> bool:
        """Waits until the text was read, whole, since the mark, by ``window``'s program as far as that can be told.

        False when nobody did in time, or somebody else took the clipboard. Raises DesktopError when nobody can tell.
        """

    async def give_back(self) -> bool:
        """Restores what was there before, all types of it. False when the clipboard is somebody else's by now."""


class Clipboard(Protocol):
    """The clipboard, and the primary selection where there is one."""

    async def lend(self, text: str) -> Loan:
        """Puts ``text`` there, keeping what was there before. Raises DesktopError when that cannot be done."""

    async def copy(self, text: str) -> None:
        """Puts ``text`` there to stay: what the user asked for."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a text, and why, for people. It never holds the text."""

    status: ReceiptStatus
    detail: str = ""


class Inserter(Protocol):
    """One way to put a text into the focused window."""

    @property
    def name(self) -> str:
        """As in ``insertion.method``."""

    async def focused(self) -> Window | None:
        """The window a text would go to now."""

    async def insert(self, text: str, window: Window | None) -> Receipt:
        """Inserts the text if ``window`` (None: whichever) has the focus; never anywhere else. Never raises.

        ``failed`` means that nothing of it arrived.
        """


class Field(Protocol):
    """The text field that has the focus, as assistive technology sees it (AT-SPI)."""

    async def caret(self) -> int | None:
        """How many characters stand before the caret; None where nobody can tell."""

    async def before_caret(self, length: int) -> str | None:
        """The last ``length`` characters before the caret; None where nobody can tell."""

    async def remove_before_caret(self, text: str) -> bool:
        """Removes ``text`` if it is what stands right before the caret; False when it is not, or cannot be done."""


class Notifier(Protocol):
    """Shows messages on the desktop."""

    async def show(self, summary: str, body: str = "", *, urgent: bool = False) -> None:
        """Shows a message in place of the one before. Never raises: a desktop without notifications stays silent."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One change on the way from what was recognised to the text."""

    stage: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A finished text, for showing. ``raw`` is what was recognised, ``edits`` what was changed on the way."""

    text: str
    raw: str = ""
    edits: tuple[Edit, ...] = ()


class Feedback(Protocol):
    """What a person sees and hears of a dictation: `feedbacks.Silent` is none, `feedbacks.Together` several.

    Every dictation runs ``before_recording``, ``recording``, ``working``, perhaps ``review``, and ends with one of
    ``inserted``, ``waits``, ``nothing_said``, ``cancelled``, ``dropped`` and ``failed``, which may come at any time.
    But for ``run`` and ``before_recording`` all return at once. None ever raises.
    """

    async def run(self) -> None:
        """Shows what it is told, until cancelled; then whatever was changed outside is as before."""

    def choose(self, settings: FeedbackSettings) -> None:
        """From now on so. Called once before ``run``, and whenever the settings have changed."""

    async def before_recording(self) -> None:
        """The key went down. The microphone is opened once this returns: only a sound that comes first may delay it."""

    def recording(self, hands_free: bool) -> None:
        """The first sound was heard; told again when the dictation turns hands-free."""

    def level(self, dbfs: float) -> None:
        """How loud it is."""

    def partial(self, stable: str, provisional: str) -> None:
        """The text so far: ``stable`` is only ever extended, ``provisional`` follows it and may change."""

    def working(self, phase: Phase) -> None:
        """The recording is over; the daemon transcribes, cleans or delivers."""

    def review(self, ready: ReadyText) -> None:
        """The text is finished and waits for a tap."""

    def inserted(self, receipt: Receipt, ready: ReadyText) -> None:
        """The text is where it belongs, as far as the receipt knows."""

    def waits(self, receipt: Receipt) -> None:
        """The text could not be placed, for the receipt's detail; it is pending."""

    def nothing_said(self) -> None:
        """The recording held no words."""

    def cancelled(self) -> None:
        """The user gave the dictation up."""

    def dropped(self) -> None:
        """The dictation is over without a word to lose on it: the key was touched by accident."""

    def failed(self, reason: str, message: str, hint: str) -> None:
        """A dictation could not begin, or gave no text."""

    def problem(self, reason: str, message: str, hint: str) -> None:
        """Something is in the way of dictations or will be: no daemon, no display, a key that is taken, a notice."""


@dataclass(frozen=True, slots=True)
class BackEnd:
    """One way to do something here: found usable or not, and why. ``kind``: "keys", "insertion" or "feedback"."""

    kind: str
    name: str
    usable: bool
    message: str
    hint: str = ""
    reason: Reason | None = None
