"""Says by notifications what becomes of dictations. None holds dictated text: a locked screen may show them."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple, Protocol

import anyio

from parleq_hotkey.feedbacks import Silent
from parleq_hotkey.ports import ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, ReceiptStatus

_WAITING_MESSAGES = 20
"""Beyond so many that are not shown yet, the newest are left out: a desktop that hangs is no reason to grow."""
_ARRIVED = {
    ReceiptStatus.VERIFIED: "Inserted",
    ReceiptStatus.READ: "Inserted",
    ReceiptStatus.SENT: "Sent to the window",
}
_PHASES = {Phase.TRANSCRIBING: "Transcribing…", Phase.CLEANING: "Cleaning up…", Phase.DELIVERING: "Inserting…"}


class Message(NamedTuple):
    """What is to be shown; without a summary, what was shown is to go."""

    summary: str
    body: str = ""
    urgent: bool = False


class Slot(Protocol):
    """A place on the desktop for one message: `notifications.DesktopNotifier`."""

    async def show(self, summary: str, body: str = "", *, urgent: bool = False) -> None:
        """Shows a message in place of the one before. Never raises."""

    async def close(self) -> None:
        """Takes it away. Never raises."""


class Announcements(Silent):
    """``steps`` is the place for what goes on, ``problems`` for what went wrong, so that neither hides the other.

    With ``feedback.notifications`` = "problems" only the second is used.
    """

    def __init__(self, steps: Slot, problems: Slot) -> None:
        self._level = "problems"
        self._offer_key = ""
        self._step: Message | None = None
        self._stepped = anyio.Event()
        self._steps, self._problems = steps, problems
        self._waiting: deque[Message] = deque()
        self._failed = anyio.Event()

    async def run(self) -> None:
        """Shows what it is told, until cancelled."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._show_steps)
            await self._show_problems()

    def choose(self, settings: FeedbackSettings) -> None:
        """How much is shown."""
        self._level = settings.notifications
        self._offer_key = settings.offer_key

    def recording(self, hands_free: bool) -> None:
        """The first sound was heard."""
        self._tell_step("Listening, hands-free…" if hands_free else "Listening…")

    def working(self, phase: Phase) -> None:
        """What the daemon does with it."""
        if phase in _PHASES:
            self._tell_step(_PHASES[phase])

    def review(self, ready: ReadyText) -> None:
        """It waits; what it is, the overlay may show."""
        self._tell_step("The text is ready", "Tap the key to insert it.")

    def inserted(self, receipt: Receipt, ready: ReadyText) -> None:
        """It arrived, as far as the receipt knows."""
        self._tell_step(_ARRIVED.get(receipt.status, "Inserted"), receipt.detail)

    def nothing_said(self) -> None:
        """No words."""
        self._tell_step("Nothing was said")

    def cancelled(self) -> None:
        """Given up by the user."""
        self._tell_step("Given up", "`parleqctl recover` still has what was said.")

    def dropped(self) -> None:
        """Nothing happened: what was shown goes."""
        self._tell_step("")

    def waits(self, receipt: Receipt) -> None:
        """It could not be placed."""
        self._clear_step()
        ways = f"{self._offer_key} inserts it where you are; " if self._offer_key else ""
        sentences = [receipt.detail, f"{ways}`parleqctl last --copy` has it"]
        body = " ".join(f"{_capital(sentence)}." for sentence in sentences if sentence)
        self._tell_problem(Message("The text waits", body, urgent=True))

    def failed(self, reason: str, message: str, hint: str) -> None:
        """No text came of it."""
        self._clear_step()
        self._tell_problem(Message(_capital(message), _capital(hint), urgent=True))

    def problem(self, reason: str, message: str, hint: str) -> None:
        """Something is in the way."""
        self._tell_problem(Message(_capital(message), _capital(hint)))

    def _clear_step(self) -> None:
        if self._step is not None:
            self._tell_step("")

    def _tell_step(self, summary: str, body: str = "") -> None:
        if self._level == "all":
            self._step = Message(summary, body)
            self._stepped.set()

    def _tell_problem(self, message: Message) -> None:
        if self._level != "off" and len(self._waiting) < _WAITING_MESSAGES:
            self._waiting.append(message)
            self._failed.set()

    async def _show_problems(self) -> None:
        """All of them, one after the other."""
        while True:
            await self._failed.wait()
            self._failed = anyio.Event()
            while self._waiting:
                message = self._waiting.popleft()
                await self._problems.show(message.summary, message.body, urgent=message.urgent)

    async def _show_steps(self) -> None:
        """The latest one: those that came while another was being shown are history."""
        while True:
            await self._stepped.wait()
            self._stepped = anyio.Event()
            step = self._step
            assert step is not None
            if step.summary:
                await self._steps.show(step.summary, step.body)
            else:
                await self._steps.close()


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
