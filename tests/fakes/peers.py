"""A connected client as the engine sees it, and what the engine tells."""

from __future__ import annotations

from typing import Any

from parleqd.engine.bus import Note
from parleqd.engine.peers import PeerGoneError
from parleqd.protocol.messages import ClientCapabilities, Message
from parleqd.protocol.methods import Method, P, R
from parleqd.protocol.names import Topic


class FakePeer:
    """Answers requests from ``answers`` (by method; an exception is raised), and is gone for every other one."""

    def __init__(self, owner: str, insert: bool = False, **answers: Message | Exception) -> None:
        self.owner = owner
        self.capabilities = ClientCapabilities(insert=insert)
        self.answers = {method.replace("_", "/"): answer for method, answer in answers.items()}
        self.asked: list[tuple[str, Message]] = []

    async def request(self, method: Method[P, R], params: P, timeout: float) -> R:
        self.asked.append((method.name, params))
        answer: Any = self.answers.get(method.name, PeerGoneError("gone"))
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, method.result)
        return answer


class Ear:
    """A subscriber that takes every note and wants ``topics``."""

    def __init__(self, *topics: Topic) -> None:
        self.topics = topics
        self.notes: list[Note] = []

    def take(self, note: Note) -> None:
        self.notes.append(note)

    def wants(self, topic: Topic) -> bool:
        return topic in self.topics
