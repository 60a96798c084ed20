"""Hands finished texts to an inserting client, and finds out whether they arrived."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import anyio

from parleqd.core.errors import ParleqError
from parleqd.core.session import events as ev
from parleqd.core.session.outcome import Outcome
from parleqd.engine.bus import Bus
from parleqd.engine.live import LiveSession
from parleqd.engine.peers import Peer, PeerGoneError, Peers
from parleqd.protocol import messages as m
from parleqd.protocol.methods import INSERT_PREPARE, TEXT_INSERT
from parleqd.protocol.names import Deliver, Reason, ReceiptStatus

ANSWER_WITHIN_S = 10.0
PLACE_WITHIN_S = 1.0
"""For so long the cleanup of a text waits to be told where it goes; it has been asked since the key went down."""

_LAST = "`parleqctl last` shows it"


class Insertion:
    """``post`` reports to the session's machine; ``answer_within_s`` is what a client has for each answer."""

    def __init__(
        self,
        peers: Peers,
        bus: Bus,
        post: Callable[[LiveSession, ev.Event], None],
        answer_within_s: float = ANSWER_WITHIN_S,
    ) -> None:
        self.answer_within_s = answer_within_s
        self._peers = peers
        self._bus = bus
        self._post = post
        self.on_place: Callable[[LiveSession, m.SessionContext], None] = lambda *_: None
        """Told where a session's text will go."""

    async def placed(self, live: LiveSession) -> None:
        """Wait until it is known where the text goes, if anybody was asked: some places want it cleaned otherwise."""
        if live.spec.deliver is Deliver.INSERT and not live.spec.resumed:
            with anyio.move_on_after(PLACE_WITHIN_S):
                await live.prepared.wait()

    async def prepare(self, live: LiveSession) -> None:
        """At the start of a session: who will insert, and where?"""
        live.inserting = peer = self._peers.inserting(live.spec.owner)
        if peer is not None:
            with suppress(PeerGoneError, ParleqError):  # it may insert all the same, where it likes
                answer = await peer.request(INSERT_PREPARE, m.SessionRef(session_id=live.id), self.answer_within_s)
                live.target = answer.target
                self.on_place(live, answer.context)
        live.prepared.set()

    def begin(self, live: LiveSession) -> bool:
        """The text is there: may it be sent now? Without a client it stays pending, and people are told."""
        if self._choose(live) is None:
            message = "no connected client can insert text; the text is kept"
            self._bus.notice(Reason.NO_INSERT_CLIENT, message, f"start parleq-hotkey; {_LAST}", live.id)
            return False
        self._post(live, ev.InsertionBegan())
        return True

    def _choose(self, live: LiveSession) -> Peer | None:
        """Who inserts: whoever was asked at the start, or the next best when that client has gone."""
        if not self._peers.present(live.inserting):
            live.inserting = self._peers.inserting(live.spec.owner)
            live.target = ""
        return live.inserting

    async def send(self, live: LiveSession, outcome: Outcome) -> ReceiptStatus | None:
        """Send the text and wait for the receipt, which is given back. No answer means that nobody knows: ``None``."""
        with anyio.move_on_after(self.answer_within_s):
            await live.prepared.wait()
        peer = self._choose(live)  # again: nobody has been given the text yet
        if peer is None:
            return self._not_inserted(live)
        text = live.spec.behaviour.inserted(outcome.cleaned.text)
        params = m.TextInsertParams(
            session_id=live.id,
            text=text,
            target=live.target,
            raw=outcome.heard.raw,
            edits=[m.EditRecord(stage=one.stage, before=one.before, after=one.after) for one in outcome.cleaned.edits],
        )
        try:
            receipt = await peer.request(TEXT_INSERT, params, self.answer_within_s)
        except PeerGoneError:
            self._post(live, ev.InsertionLost())
            message = "the inserting client did not say whether the text arrived; it is kept"
            self._bus.notice(Reason.TIMEOUT, message, _LAST, live.id)
            return None
        except ParleqError:
            return self._not_inserted(live)
        if receipt.status is ReceiptStatus.FAILED:
            return self._not_inserted(live)
        self._post(live, ev.ReceiptCame(receipt.status))
        return receipt.status

    def _not_inserted(self, live: LiveSession) -> ReceiptStatus:
        self._post(live, ev.ReceiptCame(ReceiptStatus.FAILED))
        self._bus.notice(Reason.NO_INSERT_CLIENT, "the text could not be inserted; it is kept", _LAST, live.id)
        return ReceiptStatus.FAILED
