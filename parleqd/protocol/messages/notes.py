"""Notifications of the daemon."""

from __future__ import annotations

from parleqd.protocol.messages.daemon import ModelStatus
from parleqd.protocol.messages.parts import Message
from parleqd.protocol.names import Deliver, End, Phase, Reason, Source, Verdict


class SessionStateNote(Message, frozen=True):
    session_id: str
    phase: Phase
    source: Source
    deliver: Deliver
    end: End | None = None
    reason: Reason | None = None


class SessionPartialNote(Message, frozen=True):
    """``stable`` is the whole committed text, only ever extended; ``provisional`` follows it and may change."""

    session_id: str
    revision: int
    stable: str
    provisional: str


class SessionFinalNote(Message, frozen=True):
    """The result is there: ``session/result`` has it, or ``text/insert`` brings it. Carries no text."""

    session_id: str
    verdict: Verdict


class SessionLevelNote(Message, frozen=True):
    session_id: str
    dbfs: float


class DaemonStateNote(Message, frozen=True):
    """The speech model, as ``status/get`` shows it."""

    model: ModelStatus


class DaemonNotice(Message, frozen=True):
    """Something a person should know."""

    reason: Reason
    message: str
    hint: str = ""
    session_id: str | None = None


class EventsDropped(Message, frozen=True):
    """How many notifications this connection was too slow to read, since the last such count."""

    partials: int
    levels: int
    others: int


class ProgressNote(Message, frozen=True):
    """``total`` is 0 while unknown; ``done`` and ``total`` are bytes."""

    token: int | str
    message: str
    done: int
    total: int
