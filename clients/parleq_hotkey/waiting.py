"""What could not be placed: inserted when the user asks for it, or when its own window has the focus again."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import anyio

from parleq_client import ClientError, RefusedError
from parleq_hotkey.link import Link
from parleq_hotkey.placing import Placing, text_of
from parleq_hotkey.ports import Feedback, ReadyText, Receipt, Window
from parleqd.protocol.names import Reason, ReceiptStatus

NEXT_FOCUS = "next-focus"
LOOK_EVERY_S = 0.25
_log = logging.getLogger(__name__)


class Waiting:
    """The texts themselves stay with the daemon until they are inserted.

    ``in_review`` tells of a session whose text is in review: that one waits for a tap, not for this.
    """

    def __init__(
        self,
        link: Link,
        placing: Placing,
        feedback: Feedback,
        in_review: Callable[[str], bool] = lambda _: False,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._link = link
        self._placing = placing
        self._feedback = feedback
        self._in_review = in_review
        self._look_every_s = look_every_s
        self._missed: dict[str, Window] = {}
        self._something = anyio.Event()
        self._one_at_a_time = anyio.Lock()

    def missed(self, session_id: str, window: Window | None, receipt: Receipt) -> None:
        """A text could not be placed: told once, and left with the daemon."""
        _log.info("text of %s waits", session_id)
        if self._placing.settings.missed == NEXT_FOCUS and window is not None and window.id:
            self._missed[session_id] = window
            self._something.set()
        self._feedback.waits(receipt)

    async def insert_latest(self) -> None:
        """Inserts the latest text that waits where the focus is now. Raises ClientError when the daemon has gone.

        Whoever began its dictation: a text that another connected client is still to fetch is not to be had.
        """
        async with self._one_at_a_time:
            sessions = (await self._link.call("session/pending", {"all": True}))["sessions"]
            for pending in sorted(sessions, key=_started, reverse=True):
                session_id = str(pending["session_id"])
                if not self._in_review(session_id) and await self._insert(session_id, None):
                    return
        self._feedback.problem(Reason.NO_INSERTION, "no text waits to be inserted", "`parleqctl last` shows the last")

    async def run(self) -> None:
        """Inserts texts when their windows have the focus again, each once, until cancelled."""
        while True:
            if not self._missed:
                self._something = anyio.Event()
                await self._something.wait()
            focused = await self._placing.focused()
            back = [one for one, window in self._missed.items() if focused is not None and _same(window, focused)]
            for session_id in back:
                try:
                    async with self._one_at_a_time:
                        if session_id in self._missed:  # the user may have asked for it meanwhile
                            await self._insert(session_id, self._missed[session_id])
                except ClientError as problem:
                    _log.warning("text of %s stays: %s", session_id, problem.reason)
            await anyio.sleep(self._look_every_s)

    async def _insert(self, session_id: str, window: Window | None) -> bool:
        """Takes the text over and inserts it; False when it is not to be had."""
        self._missed.pop(session_id, None)
        try:
            await self._link.call("session/claim", {"session_id": session_id})
            result = await self._link.call("session/result", {"session_id": session_id}, timeout=10.0)
        except RefusedError as refusal:
            _log.info("text of %s is not to be had: %s", session_id, refusal.reason)
            return False
        text = text_of(result)
        receipt = await (self._placing.place_here(text) if window is None else self._placing.place(text, window))
        if receipt.status is ReceiptStatus.FAILED:
            self._feedback.waits(receipt)
        else:
            self._feedback.inserted(receipt, ReadyText(text, str(result.get("raw") or "")))
        await self._link.acknowledge(session_id, receipt)
        return True


def _same(one: Window, other: Window) -> bool:
    """A desktop may give the name of a window that has closed to a new one."""
    return (one.id, one.window_class, one.process) == (other.id, other.window_class, other.process)


def _started(pending: dict[str, Any]) -> float:
    return float(pending["started"])
