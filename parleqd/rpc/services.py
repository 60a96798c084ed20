"""What handlers work with: the engine's parts, and the connection that asks."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from parleqd.core.ports import EventLog, Journal, Microphone, ModelStore
from parleqd.engine.bus import Bus
from parleqd.engine.calibrating import Calibrating
from parleqd.engine.cleanup import Cleanup
from parleqd.engine.configuration import Configuration
from parleqd.engine.effects import Records
from parleqd.engine.peers import Peers
from parleqd.engine.recognition import Recognition
from parleqd.engine.sessions import Sessions
from parleqd.engine.targets import Cloud, Targets
from parleqd.engine.vocabulary import Vocabulary
from parleqd.protocol.envelope import Id
from parleqd.protocol.messages import ClientCapabilities
from parleqd.protocol.methods import Notification, P
from parleqd.protocol.names import Topic


class Services(NamedTuple):
    """The engine's parts."""

    sessions: Sessions
    recognition: Recognition
    peers: Peers
    bus: Bus
    records: Records
    configuration: Configuration
    models: ModelStore
    calibrating: Calibrating
    vocabulary: Vocabulary
    started: float
    """When the daemon started, seconds since the epoch."""
    cleanup: Cleanup
    targets: Targets
    cloud: Cloud
    journal: Journal
    microphone: Microphone | None
    events: EventLog


class Client(Protocol):
    """The connection that asks, as handlers see it."""

    latest_session: str | None
    """The session that this connection started last."""

    @property
    def owner(self) -> str:
        """Whom its sessions belong to."""

    @property
    def socket(self) -> str:
        """The path of the socket that it came by; "" where it has none."""

    @property
    def introduced(self) -> bool:
        """Has it said who it is? One that has not can never come back for its sessions."""

    def introduce(self, instance: str, capabilities: ClientCapabilities) -> None:
        """The handshake. Raises ``RpcError`` when there was one before."""

    def subscribe(self, topics: frozenset[Topic]) -> None:
        """Choose notifications. Raises ``RpcError`` before the handshake."""

    def notify(self, method: Notification[P], params: P) -> None:
        """Tell the client something, without waiting."""


class Call(NamedTuple):
    """One request: who asks, and what there is to answer with."""

    services: Services
    client: Client
    id: Id
