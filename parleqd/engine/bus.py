"""The event bus: what the engine has to tell, told to every subscriber at once, waiting for none."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from parleqd.protocol.messages import DaemonNotice, Message
from parleqd.protocol.methods import DAEMON_NOTICE, Notification
from parleqd.protocol.names import Reason, Topic


class Note(msgspec.Struct, frozen=True):
    """A notification on its way. ``owner`` is that of the session it is about, "" for the daemon's own."""

    topic: Topic
    owner: str
    method: Notification[Any]
    params: Message


class Subscriber(Protocol):
    """Takes notes; never waits, decides itself which it wants."""

    def take(self, note: Note) -> None:
        """One note."""

    def wants(self, topic: Topic) -> bool:
        """Has it subscribed to everybody's notes of this topic?"""


class Bus:
    """Fans notes out."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []

    def join(self, subscriber: Subscriber) -> None:
        """Begin to receive."""
        self._subscribers.append(subscriber)

    def leave(self, subscriber: Subscriber) -> None:
        """Receive no more."""
        self._subscribers.remove(subscriber)

    def wanted(self, topic: Topic) -> bool:
        """Does anybody listen to this topic of everybody's sessions?"""
        return any(subscriber.wants(topic) for subscriber in self._subscribers)

    def publish(self, topic: Topic, owner: str, method: Notification[Any], params: Message) -> None:
        """Tell everybody."""
        note = Note(topic, owner, method, params)
        for subscriber in tuple(self._subscribers):
            subscriber.take(note)

    def notice(self, reason: Reason, message: str, hint: str = "", session_id: str | None = None) -> None:
        """Tell people something they should know."""
        note = DaemonNotice(reason=reason, message=message, hint=hint, session_id=session_id)
        self.publish(Topic.NOTICE, "", DAEMON_NOTICE, note)
