"""A cleanup model that plays what a test wrote down. Kept honest by ``tests/contract/test_chat.py``."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import anyio

from parleqd.core.polish.failures import Breakage
from parleqd.core.ports import ChatRequest, TransportError

Step = bytes | float | anyio.Event | Breakage
"""A piece of the body; seconds to wait; an event to wait for; the end of the connection."""

NEVER = math.inf
"""A step: what comes after it does not come."""


@dataclass(frozen=True)
class Reply:
    """``first`` is played before the status is told, ``body`` after it."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Sequence[Step] = ()
    first: Sequence[Step] = ()


def streamed(text: str) -> Reply:
    """A good answer, in two pieces."""
    half = len(text) // 2
    chunks = [
        {"choices": [], "prompt_filter_results": []},
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": text[:half]}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {"content": text[half:]}, "finish_reason": None}]},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
        {"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 9}},
    ]
    body = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks]
    return Reply(body=[*body, b"data: [DONE]\n\n"])


def broken(breakage: Breakage) -> Reply:
    """No answer at all."""
    return Reply(first=[breakage])


class ScriptedAnswer:
    """Fills the port ``ChatAnswer``."""

    def __init__(self, reply: Reply) -> None:
        self.status = reply.status
        self.headers = {name.lower(): value for name, value in reply.headers.items()}
        self.whole = False
        self._body = self._play(reply.body)

    def body(self) -> AsyncIterator[bytes]:
        return self._body

    async def _play(self, steps: Sequence[Step]) -> AsyncGenerator[bytes, None]:
        for step in steps:
            if isinstance(step, bytes):
                yield step
            else:
                await _meet(step)
        self.whole = True


class FakeChat:
    """Fills the port ``Chat``. The replies are given in turn; those of ``hosts`` to requests to that host alone."""

    def __init__(self, *replies: Reply, hosts: Mapping[str, Sequence[Reply]] | None = None) -> None:
        self.requests: list[ChatRequest] = []
        self.warmed: list[str] = []
        self.trusted = ""
        self.open = 0
        """Requests that were sent and not left yet."""
        self.left_early = 0
        """Requests that were left, or cancelled, before the end of the answer."""
        self._replies = list(replies)
        self._hosts = {host: list(each) for host, each in (hosts or {}).items()}

    @asynccontextmanager
    async def send(self, request: ChatRequest) -> AsyncIterator[ScriptedAnswer]:
        self.requests.append(request)
        replies = self._hosts.get(urlsplit(request.url).hostname or "", self._replies)
        assert replies, f"no reply is left for request {len(self.requests)}"
        reply = replies.pop(0)
        answer = ScriptedAnswer(reply)
        self.open += 1
        try:
            for step in reply.first:
                assert not isinstance(step, bytes), "the body comes after the status"
                await _meet(step)
            yield answer
        finally:
            self.open -= 1
            self.left_early += not answer.whole

    def trust(self, ca_file: str) -> None:
        self.trusted = ca_file

    async def warm(self, url: str) -> None:
        self.warmed.append(url)


async def _meet(step: float | anyio.Event | Breakage) -> None:
    if isinstance(step, Breakage):
        raise TransportError(step, "scripted")
    if isinstance(step, anyio.Event):
        await step.wait()
    else:
        await anyio.sleep(step)
