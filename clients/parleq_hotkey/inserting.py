"""Answers what the daemon asks of the client that inserts: where will a text go, and please put it there."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import anyio

from parleq_client import RefusedError
from parleq_hotkey.dictations import Dictation, Dictations
from parleq_hotkey.link import Link
from parleq_hotkey.placing import Placing
from parleq_hotkey.ports import Edit, Feedback, ReadyText, Receipt
from parleq_hotkey.reviewing import Reviewing
from parleq_hotkey.waiting import Waiting
from parleqd.protocol.names import ErrorCode, Reason, ReceiptStatus

ANSWERED_WITHIN_S = 9.0
"""An answer that takes longer may come too late: the daemon waits for ten seconds."""

Object = dict[str, Any]
_log = logging.getLogger(__name__)


class Inserting:
    """``on_settled`` is told of a dictation whose text is out of this client's hands."""

    def __init__(
        self,
        link: Link,
        dictations: Dictations,
        placing: Placing,
        feedback: Feedback,
        reviewing: Reviewing,
        waiting: Waiting,
        *,
        on_settled: Callable[[Dictation], None],
        answered_within_s: float = ANSWERED_WITHIN_S,
    ) -> None:
        self._link = link
        self._dictations = dictations
        self._placing = placing
        self._feedback = feedback
        self._reviewing = reviewing
        self._waiting = waiting
        self._on_settled = on_settled
        self._answered_within_s = answered_within_s

    async def capture(self, dictation: Dictation) -> None:
        """Which window is it for? Asked at the press, while the microphone is being opened."""
        dictation.target = await self._placing.focused()
        dictation.captured.set()

    async def asked(self, method: str, params: Object) -> Object:
        """A request of the daemon. Raises RefusedError for one that is not known here."""
        if method == "insert/prepare":
            return await self._prepare(str(params["session_id"]))
        if method == "text/insert":
            asked_at = anyio.current_time()
            receipt = await self._insert(params)
            if not self._link.up or anyio.current_time() - asked_at > self._answered_within_s:
                await self._link.acknowledge(str(params["session_id"]), receipt)
            return {"status": str(receipt.status), "detail": receipt.detail}
        raise RefusedError(ErrorCode.METHOD_NOT_FOUND, Reason.PROTOCOL_UNSUPPORTED, f"this client has no {method}")

    async def _prepare(self, session_id: str) -> Object:
        dictation = await self._dictations.named(session_id)
        if dictation is None:  # another client's, or one that began by `parleqctl toggle`
            dictation = Dictation(mine=False)
            self._dictations.name(dictation, session_id)
            await self.capture(dictation)
        await dictation.captured.wait()
        window = dictation.target
        if window is None:
            return {"target": "", "context": {}}
        context = {"app": window.app, "window_class": window.window_class, "title": window.title}
        return {"target": window.id, "context": context}

    async def _insert(self, params: Object) -> Receipt:
        session_id, text = str(params["session_id"]), str(params["text"])
        dictation, target, quick = self._dictations.find(session_id), None, False
        if dictation is not None:
            await dictation.captured.wait()
            target, quick = dictation.target, dictation.quick
            self._on_settled(dictation)
        edits = tuple(Edit(one["stage"], one["before"], one["after"]) for one in params.get("edits") or ())
        ready = ReadyText(text, str(params.get("raw") or ""), edits)
        if self._placing.settings.review and not quick:
            self._reviewing.hold(session_id, ready, target)
            return Receipt(ReceiptStatus.HELD)
        receipt = await self._placing.place(text, target)
        _log.info("text of %s: %s", session_id, receipt.status)
        if receipt.status is ReceiptStatus.FAILED:
            self._waiting.missed(session_id, target, receipt)
        else:
            self._feedback.inserted(receipt, ready)
        return receipt
