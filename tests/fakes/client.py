"""A client of the socket without a task of its own: it reads when the test asks it to."""

from __future__ import annotations

import json
from typing import Any

import anyio
from anyio.abc import SocketAttribute, SocketStream

from parleqd.protocol.framing import Decoder, FrameProblem, Framing, encode
from tests.conforming import Conformance

DEADLINE = 10.0
Object = dict[str, Any]


class AnsweredError(Exception):
    """The daemon answered with an error."""

    def __init__(self, error: Object) -> None:
        super().__init__(error["message"])
        self.code: int = error["code"]
        self.reason: str | None = error.get("data", {}).get("reason")


class Client:
    """What is neither the answer to a call nor waited for is put aside: ``notes`` and ``requests``.

    All that comes, and all that goes but what is ``garbage`` on purpose, must conform to the schema.
    """

    def __init__(self, stream: SocketStream, framing: Framing = Framing.LINES) -> None:
        self.stream = stream
        self.notes: list[Object] = []
        self.requests: list[Object] = []
        self.answers: dict[Any, Object] = {}
        self._framing = framing
        self._decoder = Decoder()
        self._arrived: list[Object] = []
        self._numbers = 0
        self.conformance = Conformance()

    # Sending

    async def send_raw(self, data: bytes) -> None:
        await self.stream.send(data)

    async def send(self, message: Any, *, garbage: bool = False) -> None:
        if not garbage:
            self.conformance.sent(message)
        await self.send_raw(encode(json.dumps(message).encode(), self._framing))

    async def request(self, method: str, **params: Any) -> int:
        """Send a request; its id."""
        self._numbers += 1
        await self.send({"jsonrpc": "2.0", "id": self._numbers, "method": method, "params": params})
        return self._numbers

    async def notify(self, method: str, **params: Any) -> None:
        await self.send({"jsonrpc": "2.0", "method": method, "params": params})

    async def answer_with(self, request: Object, result: Any, *, garbage: bool = False) -> None:
        """Answer a request of the daemon."""
        await self.send({"jsonrpc": "2.0", "id": request["id"], "result": result}, garbage=garbage)

    # Reading

    async def receive(self) -> Object:
        """The next message, whatever it is. Raises anyio's ``EndOfStream``."""
        with anyio.fail_after(DEADLINE):
            while not self._arrived:
                for frame in self._decoder.feed(await self.stream.receive()):
                    assert not isinstance(frame, FrameProblem), frame.message
                    message = json.loads(frame)
                    self.conformance.received(message)
                    self._arrived.append(message)
        return self._arrived.pop(0)

    async def answer(self, request: Any) -> Any:
        """The result of a request. Raises ``AnsweredError``."""
        while request not in self.answers:
            await self.read_one()
        answer = self.answers.pop(request)
        if "error" in answer:
            raise AnsweredError(answer["error"])
        return answer["result"]

    async def call(self, method: str, **params: Any) -> Any:
        """Ask and wait."""
        return await self.answer(await self.request(method, **params))

    async def refused(self, method: str, **params: Any) -> AnsweredError:
        """Ask for what must be refused; the refusal."""
        try:
            result = await self.call(method, **params)
        except AnsweredError as refusal:
            return refusal
        raise AssertionError(f"{method} was not refused but answered with {result}")

    async def note(self, method: str, **fields: Any) -> Object:
        """The parameters of the next notification of that kind that has these fields."""
        return await self._next(self.notes, method, fields)

    async def asked(self, method: str) -> Object:
        """The next request of the daemon."""
        while not any(request["method"] == method for request in self.requests):
            await self.read_one()
        found = next(request for request in self.requests if request["method"] == method)
        self.requests.remove(found)
        return found

    async def end(self) -> None:
        """Wait for the daemon to hang up."""
        while True:
            try:
                await self.read_one()
            except (anyio.EndOfStream, anyio.BrokenResourceError):
                return

    async def say_no_more(self) -> None:
        """Close the sending side."""
        await self.stream.send_eof()

    async def initialize(self, instance: str, topics: list[str] | None = None, **capabilities: bool) -> Object:
        """The whole handshake, and a subscription; what the daemon said of itself."""
        client = {"name": "test", "version": "1", "instance": instance}
        result: Object = await self.call("initialize", client=client, protocol=1, capabilities=capabilities)
        await self.notify("initialized")
        if topics is not None:
            await self.call("events/subscribe", topics=topics)
        return result

    @property
    def descriptor(self) -> int:
        return self.stream.extra(SocketAttribute.raw_socket).fileno()

    async def read_one(self) -> None:
        """Read the next message and put it aside."""
        message = await self.receive()
        if "method" not in message:
            self.answers[message["id"]] = message
        elif "id" in message:
            self.requests.append(message)
        else:
            self.notes.append(message)

    async def _next(self, among: list[Object], method: str, fields: Object) -> Object:
        while True:
            for note in among:
                if note["method"] == method and fields.items() <= note["params"].items():
                    among.remove(note)
                    params: Object = note["params"]
                    return params
            await self.read_one()
