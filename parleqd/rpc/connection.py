"""One client's connection: reads messages, answers them, sends notifications, asks the client things.

Immediate methods are answered in order before the next message is read; waiting ones get a task each, so that they
hold up nothing and can be cancelled. Sending waits for a slow reader, which slows that reader's own requests only.
"""

from __future__ import annotations

import select
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import anyio
from anyio.abc import SocketAttribute, SocketStream, TaskGroup
from msgspec import Raw

from parleqd.core.errors import OutsideError
from parleqd.engine.bus import Note
from parleqd.engine.peers import PeerGoneError
from parleqd.protocol import envelope
from parleqd.protocol.envelope import Envelope, Id, RpcError
from parleqd.protocol.framing import Decoder, FrameProblem, Framing, encode
from parleqd.protocol.messages import CancelRequestParams, ClientCapabilities, Message
from parleqd.protocol.methods import CANCEL_REQUEST, INITIALIZED, Method, Notification, P, R
from parleqd.protocol.names import MAX_MESSAGE_BYTES, ErrorCode, Reason, Topic
from parleqd.rpc import dispatch
from parleqd.rpc.outbox import Outbox
from parleqd.rpc.services import Call, Services

READ_BYTES = 64 * 1024
WAITING_AT_ONCE = 256
"""Requests of one connection that may wait for their answers."""
HANG_UP_POLL_S = 0.2
"""How often a connection that sends no more, and still waits for answers, is asked whether it is gone altogether."""

_GONE = (anyio.EndOfStream, anyio.BrokenResourceError, anyio.ClosedResourceError)


class Connection:
    """A client, from accept to close. ``number`` makes it an owner of sessions even without a handshake."""

    def __init__(
        self,
        stream: SocketStream,
        services: Services,
        number: int,
        waiting_at_once: int = WAITING_AT_ONCE,
        hang_up_poll_s: float = HANG_UP_POLL_S,
        handlers: Mapping[str, dispatch.Handle] = dispatch.HANDLERS,
    ) -> None:
        # longer than any instance may be, so that no client can call itself by it
        self.owner = f"connection {number}, which skipped the handshake and is known by that alone"
        self.capabilities = ClientCapabilities(partials=False)
        self.latest_session: str | None = None
        self._stream = stream
        self._services = services
        self._waiting_at_once = waiting_at_once
        self._hang_up_poll_s = hang_up_poll_s
        self._handlers = handlers
        self._decoder = Decoder()
        self._outbox = Outbox()
        self._mail = anyio.Event()
        self._sending = anyio.Lock(fast_acquire=True)
        self.introduced = self._listening = False
        self._topics: frozenset[Topic] = frozenset()
        self._waiting: dict[Id, anyio.CancelScope] = {}
        self._asked: dict[str, Callable[[Envelope | None], None]] = {}
        self._closed = False
        self._numbers = 0
        self._tasks: TaskGroup

    async def run(self) -> None:
        """Serve the client until it is gone."""
        self._services.peers.join(self)
        self._services.bus.join(self)
        stopping = False
        try:
            async with anyio.create_task_group() as self._tasks:
                try:
                    with suppress(*_GONE):
                        await self._read()
                        await self._answer_the_rest()
                finally:
                    self._closed = True  # what is started in a cancelled group may never be told so, and never end
                self._tasks.cancel_scope.cancel()
        except anyio.get_cancelled_exc_class():
            stopping = True  # it is the daemon that goes: a recording that it cuts off is none that its owner ended
            raise
        finally:
            for on_answer in list(self._asked.values()):
                on_answer(None)
            self._services.bus.leave(self)
            if self._services.peers.leave(self) and not stopping:
                self._services.sessions.owner_left(self.owner)

    # What handlers do with it

    @property
    def socket(self) -> str:
        """The path of the socket that it came by; "" for one of a pair."""
        return str(self._stream.extra(SocketAttribute.local_address))

    def introduce(self, instance: str, capabilities: ClientCapabilities) -> None:
        """The handshake: the connection belongs to ``instance`` from now on."""
        if self.introduced:
            raise RpcError(ErrorCode.INVALID_REQUEST, "initialize has been called on this connection before")
        self.introduced = True
        self._services.peers.leave(self)
        self._services.sessions.owner_left(self.owner)
        self.owner, self.capabilities = instance, capabilities
        self._services.peers.join(self)

    def subscribe(self, topics: frozenset[Topic]) -> None:
        """Choose the notifications beyond those of the client's own sessions."""
        if not self.introduced:
            raise RpcError(ErrorCode.INVALID_REQUEST, "notifications need a handshake: call initialize first")
        self._topics = topics

    def notify(self, method: Notification[P], params: P) -> None:
        """Tell the client something, without waiting; nothing before it has said ``initialized``."""
        if self._listening:
            self._outbox.put(method, params)
            self._mail.set()

    # What the bus and the engine do with it

    def wants(self, topic: Topic) -> bool:
        """Has it subscribed to everybody's notes of this topic?"""
        return topic in self._topics

    def take(self, note: Note) -> None:
        """A note: one's own of state and partial always, others by subscription."""
        own = note.owner == self.owner and note.topic in (Topic.STATE, Topic.PARTIAL)
        if own or note.topic in self._topics:
            self.notify(note.method, note.params)

    async def request(self, method: Method[P, R], params: P, timeout: float) -> R:
        """Ask the client.

        Raises ``PeerGoneError`` when no answer comes, or none that says anything, and ``OutsideError`` when it
        answers an error.
        """
        if self._closed:
            raise PeerGoneError(f"{method.name}: the connection has ended")
        self._numbers += 1
        number = f"parleqd-{self._numbers}"
        answered = anyio.Event()
        answers: list[Envelope] = []

        def on_answer(answer: Envelope | None) -> None:
            answers.extend([] if answer is None else [answer])
            answered.set()

        self._asked[number] = on_answer
        try:
            with anyio.fail_after(timeout):
                self._tasks.start_soon(self._send_quietly, envelope.encode_call(method.name, params, number))
                await answered.wait()
        except TimeoutError:
            raise PeerGoneError(f"{method.name}: no answer in {timeout:g} s") from None
        finally:
            self._asked.pop(number, None)
        if not answers:
            raise PeerGoneError(f"{method.name}: the connection ended before the answer")
        return _result_of(answers[0], method)

    # Reading

    async def _read(self) -> None:
        while True:
            try:
                data = await self._stream.receive(READ_BYTES)
            except anyio.EndOfStream:
                for frame in self._decoder.end():
                    await self._frame(frame)
                return
            for frame in self._decoder.feed(data):
                await self._frame(frame)

    async def _frame(self, frame: bytes | FrameProblem) -> None:
        if isinstance(frame, FrameProblem):
            code = ErrorCode.REFUSED if frame.reason is Reason.TOO_LARGE else ErrorCode.PARSE_ERROR
            await self._send(envelope.encode_error(None, RpcError(code, frame.message, frame.reason)))
            return
        try:
            message = envelope.decode(frame)
        except RpcError as problem:
            await self._send(envelope.encode_error(envelope.id_of(frame), problem))
            return
        if not isinstance(message.method, str):
            self._answered(message)
        elif isinstance(message.id, int | str):
            await self._request(message.method, message.id, message.params)
        else:
            self._notification(message.method, message.params)

    async def _request(self, name: str, request: Id, params: Raw) -> None:
        call = Call(self._services, self, request)
        try:
            method = dispatch.method_of(name)
            if method.waits and len(self._waiting) >= self._waiting_at_once:
                message = f"{self._waiting_at_once} requests of this connection are waiting already"
                raise RpcError(ErrorCode.REFUSED, message, Reason.QUEUE_FULL)
            if request in self._waiting:
                raise RpcError(ErrorCode.INVALID_REQUEST, f"a request with the id {request!r} is still waiting")
            answer = dispatch.begin(call, method, params, self._handlers)
            if method.waits:
                assert not isinstance(answer, Message)
                self._waiting[request] = scope = anyio.CancelScope()
                self._tasks.start_soon(self._wait, name, request, answer, scope)
                return
            body = _answer(request, answer if isinstance(answer, Message) else await answer)
        except Exception as problem:  # noqa: BLE001 - the one place where any failure becomes an answer
            body = envelope.encode_error(request, dispatch.error_of(problem, self._services.records.log, name))
        await self._send(body)

    async def _wait(self, name: str, request: Id, answer: Awaitable[Message], scope: anyio.CancelScope) -> None:
        """Answer a waiting request. The answer is sent outside the scope: half a message must never be cancelled."""
        body = envelope.encode_error(request, dispatch.cancelled())
        try:
            with scope:
                body = _answer(request, await answer)
        except Exception as problem:  # noqa: BLE001 - as above
            body = envelope.encode_error(request, dispatch.error_of(problem, self._services.records.log, name))
        await self._flush_mail()  # what happened before the answer is told before it
        await self._send_quietly(body)
        del self._waiting[request]

    def _notification(self, name: str, params: Raw) -> None:
        """Notifications are never answered, not even bad or unknown ones."""
        if name == INITIALIZED.name and self.introduced and not self._listening:
            self._listening = True
            self._tasks.start_soon(self._deliver_mail)
        elif name == CANCEL_REQUEST.name:
            with suppress(RpcError):
                scope = self._waiting.get(envelope.decode_params(params, CancelRequestParams).id)
                if scope is not None:
                    scope.cancel()

    def _answered(self, answer: Envelope) -> None:
        """An answer to something that was asked; one that nobody waits for is dropped."""
        on_answer = self._asked.pop(str(answer.id), None)
        if on_answer is not None:
            on_answer(answer)

    # Sending

    async def _send(self, body: bytes) -> None:
        async with self._sending:
            await self._stream.send(encode(body, self._decoder.framing or Framing.LINES))

    async def _send_quietly(self, body: bytes) -> None:
        """From a task: a client that is gone is noticed by the reader."""
        with suppress(*_GONE):
            await self._send(body)

    async def _deliver_mail(self) -> None:
        while True:
            await self._mail.wait()
            self._mail = anyio.Event()
            await self._flush_mail()

    async def _flush_mail(self) -> None:
        while (body := self._outbox.take()) is not None:
            await self._send_quietly(body)

    async def _answer_the_rest(self) -> None:
        """The client sends no more, but may still read: it gets every answer that it waits for."""
        poll = select.poll()
        poll.register(self._stream.extra(SocketAttribute.raw_socket).fileno(), 0)  # POLLHUP is always reported
        while self._waiting and not poll.poll(0):  # noqa: ASYNC110 - nobody tells when the other side hangs up
            await anyio.sleep(self._hang_up_poll_s)


def _answer(request: Id, result: Message) -> bytes:
    """The answer, unless no message may be as large as that."""
    body = envelope.encode_result(request, result)
    if len(body) > MAX_MESSAGE_BYTES:
        message = f"the answer would be a message of {len(body)} bytes; the limit is {MAX_MESSAGE_BYTES}"
        raise RpcError(ErrorCode.REFUSED, message, Reason.TOO_LARGE)
    return body


def _result_of(answer: Envelope, method: Method[Any, R]) -> R:
    if answer.failed:
        problem = envelope.decode_error(answer.error)
        reason = Reason.INTERNAL if problem.data is None else problem.data.reason
        raise OutsideError(reason, f"{method.name}: {problem.message}")
    try:
        return envelope.decode_params(answer.result, method.result)
    except RpcError as problem:
        raise PeerGoneError(f"{method.name}: {problem.message}") from None
