"""initialize, events/subscribe, $/cancelRequest."""

from __future__ import annotations

from parleqd.protocol.messages.parts import Instance, Message
from parleqd.protocol.names import Deliver, Mode, PendingState, Source, Topic


class ClientInfo(Message, frozen=True):
    """Who is calling. ``instance`` lives as long as the window or process: best a UUID."""

    name: str
    instance: Instance
    version: str = ""


class ClientCapabilities(Message, frozen=True):
    """What the client can do: ``insert`` text into the focused window; make use of ``partials``."""

    insert: bool = False
    partials: bool = True


class InitializeParams(Message, frozen=True):
    client: ClientInfo
    protocol: int
    capabilities: ClientCapabilities = ClientCapabilities()


class ServerInfo(Message, frozen=True):
    name: str
    version: str


class ServerCapabilities(Message, frozen=True):
    """What this daemon offers: sources it can hear, modes it can clean with, topics it can tell of."""

    sources: list[Source]
    modes: list[Mode]
    topics: list[Topic]


class PendingSession(Message, frozen=True):
    """A finished, unacknowledged session. Never its text."""

    session_id: str
    state: PendingState
    deliver: Deliver
    started: float
    audio_seconds: float


class InitializeResult(Message, frozen=True):
    server: ServerInfo
    protocol: int
    capabilities: ServerCapabilities
    pending: list[PendingSession]


class EventsSubscribeParams(Message, frozen=True):
    """Replaces the connection's earlier subscription; ``[]`` ends it."""

    topics: list[Topic]


class EventsSubscribeResult(Message, frozen=True):
    topics: list[Topic]


class CancelRequestParams(Message, frozen=True):
    id: int | str
