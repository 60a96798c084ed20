"""One connection to the daemon within an event loop: the same wire as `Connection`, for programs that wait for more.

    async with AsyncConnection.open(default_socket_path()) as connection:
        await connection.initialize("my-tool", instance=str(uuid.uuid4()))
        print(await connection.call("status/get"))

It needs anyio (either of its event loops), and so is no part of what ``import parleq_client`` brings.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

import anyio
from anyio import to_thread
from anyio.abc import SocketStream, TaskGroup

from parleq_client import wire
from parleq_client.errors import ClientError, LocalError
from parleq_client.wire import ANSWER_SECONDS
from parleqd.protocol.names import Reason

GIVE_UP_SECONDS = 1.0
"""How long the end of a cancelled call may take."""

Object = dict[str, Any]
_log = logging.getLogger(__name__)
_BROKEN = (OSError, anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream)


class _Waiting:
    """A call that waits for its answer."""

    def __init__(self) -> None:
        self.done = anyio.Event()
        self.answer: Object | None = None


class AsyncConnection:
    """A connection that any number of tasks of one event loop use at once.

    ``on_notification(method, params)`` gets what the daemon tells of its own accord, in order; it must not wait.
    ``on_request(method, params)`` answers the daemon's own requests (``insert/prepare``, ``text/insert``), each in a
    task of its own, with the result, or raises ClientError; while it is None, they are answered with "method not
    found". Both may be set at any time before `initialize`.

    ``failure`` is what ended the connection, None while it lives: from then on every call raises it.
    """

    def __init__(self, stream: SocketStream, path: str, tasks: TaskGroup) -> None:
        self.path = path
        self.on_notification: Callable[[str, Object], None] = lambda *_: None
        self.on_request: Callable[[str, Object], Awaitable[Object]] | None = None
        self.failure: ClientError | None = None
        self._stream = stream
        self._tasks = tasks
        self._lines = wire.Lines(path)
        self._sending = anyio.Lock()
        self._latest_id = 0
        self._waiting: dict[int, _Waiting] = {}
        self._closed = anyio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, path: str) -> AsyncIterator[Self]:
        """Connects to the socket at ``path``; the connection, and what answers the daemon, ends with the block.

        Raises UnreachableError, which says how to start the daemon, when nobody listens there, or when the socket
        belongs to another user.
        """
        try:
            await to_thread.run_sync(wire.check_place, path)
            stream = await anyio.connect_unix(path)
        except OSError as error:
            raise wire.absent(path, error) from error
        failed: Exception | None = None
        async with stream, anyio.create_task_group() as tasks:
            connection = cls(stream, path, tasks)
            tasks.start_soon(connection._read)
            try:
                yield connection
            except Exception as error:  # noqa: BLE001 - it leaves the block as it is, and not in a group of one
                failed = error
            connection._ended(wire.gone(path))
            tasks.cancel_scope.cancel()
        if failed is not None:
            raise failed

    async def until_closed(self) -> ClientError:
        """Waits for the end of the connection, and tells why it ended."""
        await self._closed.wait()
        assert self.failure is not None
        return self.failure

    async def initialize(
        self, name: str, *, instance: str, version: str = "", insert: bool = False, partials: bool = True
    ) -> Object:
        """The handshake, as `Connection.initialize`."""
        params = wire.introduction(name, instance=instance, version=version, insert=insert, partials=partials)
        answer = await self.call("initialize", params)
        wire.check_protocol(answer, self.path)
        await self.notify("initialized")
        return answer

    async def call(
        self, method: str, params: Object | None = None, *, timeout: float | None = ANSWER_SECONDS
    ) -> Object:
        """Sends a request and waits for its result, as `Connection.call`. A cancelled call is given up at the daemon.

        Raises ClientError: UnreachableError also for a connection that ends meanwhile, or had ended before.
        """
        self._latest_id += 1
        number = self._latest_id
        waiting = self._waiting[number] = _Waiting()
        try:
            with anyio.move_on_after(timeout):
                await self._send(wire.request(number, method, params))
                await waiting.done.wait()
        except anyio.get_cancelled_exc_class():
            with anyio.move_on_after(GIVE_UP_SECONDS, shield=True):
                await self._give_up(number)
            raise
        finally:
            del self._waiting[number]
        if waiting.answer is None:
            raise self.failure or wire.silent(self.path)
        return wire.result_of(waiting.answer)

    async def notify(self, method: str, params: Object | None = None) -> None:
        """Sends a notification: nothing answers it. Raises UnreachableError once the connection has ended."""
        await self._send(wire.notification(method, params))

    async def _give_up(self, number: int) -> None:
        try:
            await self.notify("$/cancelRequest", {"id": number})
        except ClientError:
            pass  # Nobody is left to be told.

    async def _send(self, message: Object) -> None:
        line = wire.encoded(message) + b"\n"
        async with self._sending:
            if self.failure is not None:
                raise self.failure
            # Half a message would spoil all that follow, so not even a cancellation cuts one off.
            with anyio.move_on_after(ANSWER_SECONDS, shield=True) as limit:
                try:
                    await self._stream.send(line)
                except _BROKEN as error:
                    raise self._ended(wire.gone(self.path)) from error
            if limit.cancelled_caught:
                raise self._ended(wire.silent(self.path))

    async def _read(self) -> None:
        try:
            while True:
                self._lines.feed(await self._stream.receive(wire.CHUNK))
                while (message := self._lines.next_message()) is not None:
                    self._take(message)
        except _BROKEN:
            self._ended(wire.gone(self.path))
        except ClientError as error:
            self._ended(error)

    def _take(self, message: Object) -> None:
        if "method" not in message:
            self._take_answer(message)
            return
        method, params = wire.told(message, self.path)
        if "id" in message:
            self._tasks.start_soon(self._answer, message["id"], method, params)
        else:
            self.on_notification(method, params)

    def _take_answer(self, message: Object) -> None:
        number = message.get("id")
        if not isinstance(number, int):  # the daemon could not read something: nobody knows which call that was
            wire.result_of(message)
            return
        waiting = self._waiting.get(number)
        if waiting is not None:  # else the late answer to a call that was given up
            waiting.answer = message
            waiting.done.set()

    async def _answer(self, number: object, method: str, params: Object) -> None:
        if self.on_request is None:
            answer = wire.no_such_method(number, method)
        else:
            try:
                answer = wire.answer(number, await self.on_request(method, params))
            except ClientError as error:
                answer = wire.refusal(number, error)
            except Exception as error:  # noqa: BLE001 - one answer that fails must not end the connection
                _log.error("a bug in the answer to %s: %s", method, _place_of(error))
                answer = wire.refusal(number, LocalError(Reason.INTERNAL, f"a bug in the answer to {method}"))
        try:
            await self._send(answer)
        except ClientError:
            pass  # The connection has ended; whoever uses it is told so.

    def _ended(self, failure: ClientError) -> ClientError:
        """Every call fails from now on."""
        if self.failure is None:
            self.failure = failure
            self._closed.set()
            for waiting in self._waiting.values():
                waiting.done.set()
        return self.failure


def _place_of(error: Exception) -> str:
    """Its kind and line; what it says may hold text."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {where.name}:{where.lineno}"
