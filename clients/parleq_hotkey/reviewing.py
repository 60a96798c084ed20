"""Texts held back until a tap: shown, changed by voice, accepted or given up."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from parleq_client import ClientError
from parleq_hotkey.dictations import Review
from parleq_hotkey.link import Link
from parleq_hotkey.placing import Placing, text_of
from parleq_hotkey.ports import Feedback, ReadyText, Receipt, Window
from parleqd.protocol.names import ReceiptStatus

_log = logging.getLogger(__name__)


class Reviewing:
    """The texts in review, in the order in which they came; the first of them is shown.

    ``on_change`` is told whenever another text, or none, is the first.
    """

    def __init__(self, link: Link, placing: Placing, feedback: Feedback, on_change: Callable[[], None]) -> None:
        self.on_missed: Callable[[str, Window | None, Receipt], None] = lambda *_: None
        """Told of a text that was accepted and could not be placed."""
        self._link = link
        self._placing = placing
        self._feedback = feedback
        self._on_change = on_change
        self._reviews: deque[Review] = deque()

    @property
    def current(self) -> Review | None:
        """The one that is shown."""
        return self._reviews[0] if self._reviews else None

    def holds(self, session_id: str) -> bool:
        """Is this session's text in review?"""
        return any(session_id in review.sessions for review in self._reviews)

    def hold(self, session_id: str, ready: ReadyText, target: Window | None) -> None:
        """A text has come that is to be reviewed, behind those that are."""
        self._reviews.append(Review([session_id], ready, target))
        self._on_change()
        self.show()

    @property
    def shown(self) -> ReadyText | None:
        """The first text, unless it is being changed: then that is what is shown."""
        review = self.current
        return None if review is None or review.refining else review.ready

    def show(self) -> None:
        """Shows the first text, if any."""
        if (ready := self.shown) is not None:
            self._feedback.review(ready)

    async def accept(self) -> None:
        """Inserts the first text where it is meant to go; once it has been changed, if a change is under way."""
        review = self.current
        if review is None:
            return
        if review.refining:
            review.accepted = True
            return
        self._take(review)
        receipt = await self._placing.place(review.ready.text, review.target)
        if receipt.status is ReceiptStatus.FAILED:
            self.on_missed(review.sessions[-1], review.target, receipt)
        else:
            self._feedback.inserted(receipt, review.ready)
        await self._acknowledge(review, receipt)

    async def give_up(self) -> None:
        """Drops the first text: history has it."""
        review = self.current
        if review is None:
            return
        self._take(review)
        self._feedback.cancelled()
        for session_id in review.sessions:
            try:
                await self._link.call("session/cancel", {"session_id": session_id})
            except ClientError as problem:
                _log.info("%s is not given up: %s", session_id, problem.reason)

    async def leave(self) -> None:
        """Leaves all of them with the daemon, to be asked for: nobody will tap any more."""
        while review := self.current:
            self._reviews.popleft()
            await self._acknowledge(review, Receipt(ReceiptStatus.FAILED, "parleq-hotkey ended before it was accepted"))

    async def refined(self, review: Review, session_id: str, result: dict[str, Any] | None) -> None:
        """What was said to change the text has been heard; ``result`` is None when nothing came of it."""
        review.refining = False
        gone = review not in self._reviews
        if result is not None:
            if not gone and result.get("raw") and not result.get("fallback"):
                review.ready = ReadyText(text_of(result), str(result.get("baseline") or review.ready.text))
                review.sessions.append(session_id)
            else:
                await self._link.acknowledge(session_id, Receipt(ReceiptStatus.SENT, "an instruction"))
            self._tell_fallback(result)
        if gone:
            return
        if review is self.current:
            self.show()
        if review.accepted:
            review.accepted = False
            await self.accept()

    def _tell_fallback(self, result: dict[str, Any]) -> None:
        fallback = result.get("fallback")
        if isinstance(fallback, dict):
            told = (str(fallback.get(name) or "") for name in ("reason", "message", "hint"))
            self._feedback.problem(*told)

    def _take(self, review: Review) -> None:
        self._reviews.remove(review)
        self._on_change()

    async def _acknowledge(self, review: Review, receipt: Receipt) -> None:
        """The last session has the text; those before it have what was changed, which nobody asks for any more."""
        *changed, last = review.sessions
        for session_id in changed:
            await self._link.acknowledge(session_id, Receipt(ReceiptStatus.SENT, "changed by voice"))
        await self._link.acknowledge(last, receipt)
