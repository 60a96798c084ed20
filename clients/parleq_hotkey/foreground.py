"""Which of several dictations is shown: one that is being recorded, else a text in review, else the latest news.

A dictation may still be transcribed or inserted while the next is being recorded. What becomes of it must then neither
end what is shown and played for the recording, nor be lost where it is bad news.
"""

from __future__ import annotations

from collections.abc import Callable

from parleq_hotkey.ports import Feedback, ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, Reason


class Foreground:
    """Feedback that passes on what it is told, or not.

    ``recording``: is any being recorded? ``in_review``: the text that waits for a tap, None for none; it is shown
    again behind the news of other dictations.
    """

    def __init__(
        self, feedback: Feedback, recording: Callable[[], bool], in_review: Callable[[], ReadyText | None]
    ) -> None:
        self._feedback = feedback
        self._recording = recording
        self._in_review = in_review

    async def run(self) -> None:
        """As the port."""
        await self._feedback.run()

    def choose(self, settings: FeedbackSettings) -> None:
        """As the port."""
        self._feedback.choose(settings)

    async def before_recording(self) -> None:
        """As the port."""
        await self._feedback.before_recording()

    def recording(self, hands_free: bool) -> None:
        """As the port."""
        self._feedback.recording(hands_free)

    def level(self, dbfs: float) -> None:
        """As the port."""
        self._feedback.level(dbfs)

    def partial(self, stable: str, provisional: str) -> None:
        """As the port."""
        self._feedback.partial(stable, provisional)

    def working(self, phase: Phase) -> None:
        """As the port."""
        self._tell(lambda: self._feedback.working(phase))

    def review(self, ready: ReadyText) -> None:
        """As the port."""
        if not self._recording():
            self._feedback.review(ready)

    def inserted(self, receipt: Receipt, ready: ReadyText) -> None:
        """As the port."""
        self._tell(lambda: self._feedback.inserted(receipt, ready))

    def nothing_said(self) -> None:
        """As the port."""
        self._tell(self._feedback.nothing_said)

    def cancelled(self) -> None:
        """As the port."""
        self._tell(self._feedback.cancelled)

    def dropped(self) -> None:
        """As the port."""
        self._tell(self._feedback.dropped)

    def waits(self, receipt: Receipt) -> None:
        """As the port; beside a recording, as a problem."""
        if self._recording():
            why = f": {receipt.detail}" if receipt.detail else ""
            self._feedback.problem(Reason.NO_INSERTION, f"an earlier text waits{why}", "`parleqctl last --copy` has it")
        else:
            self._tell(lambda: self._feedback.waits(receipt))

    def failed(self, reason: str, message: str, hint: str) -> None:
        """As the port; beside a recording, as a problem."""
        if self._recording():
            self._feedback.problem(reason, message, hint)
        else:
            self._tell(lambda: self._feedback.failed(reason, message, hint))

    def problem(self, reason: str, message: str, hint: str) -> None:
        """As the port."""
        self._feedback.problem(reason, message, hint)

    def _tell(self, news: Callable[[], None]) -> None:
        if self._recording():
            return
        news()
        if (ready := self._in_review()) is not None:
            self._feedback.review(ready)
