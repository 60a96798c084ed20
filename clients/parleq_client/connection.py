"""One blocking connection to the daemon.

Standard library only: a command that asks one question must not pay for more.
"""

from __future__ import annotations

import socket
from time import monotonic

from parleq_client import wire
from parleq_client.errors import ClientError
from parleq_client.wire import ANSWER_SECONDS

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self


class Connection:
    """A connection that one thread uses. Methods of the protocol go through `call`, as plain dictionaries.

    ``on_notification(method, params)`` gets what the daemon tells of its own accord, while a call waits or in
    `next_notification`; while it is None, notifications are kept for `next_notification`.
    ``on_request(method, params)`` answers the daemon's own requests (``insert/prepare``, ``text/insert``)
    with the result, or raises ClientError; while it is None, they are answered with "method not found".
    """

    def __init__(self, stream: socket.socket, path: str) -> None:
        self.path = path
        self.on_notification: Callable[[str, dict[str, Any]], None] | None = None
        self.on_request: Callable[[str, dict[str, Any]], dict[str, Any]] | None = None
        self._stream = stream
        self._lines = wire.Lines(path)
        self._latest_id = 0
        self._kept: list[tuple[str, dict[str, Any]]] = []

    @classmethod
    def open(cls, path: str) -> Self:
        """Connects to the socket at ``path`` (see `parleq_client.paths`).

        Raises UnreachableError, which says how to start the daemon, when nobody listens there, or when the
        socket belongs to another user: somebody else's daemon must not get this user's words.
        """
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.settimeout(ANSWER_SECONDS)
        try:
            wire.check_place(path)
            stream.connect(path)
        except OSError as error:
            stream.close()
            raise wire.absent(path, error) from error
        except ClientError:
            stream.close()
            raise
        return cls(stream, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection; the daemon goes on with what was started."""
        self._stream.close()

    def detach(self) -> socket.socket:
        """The socket itself, the caller's from now on: for passing bytes through."""
        return self._stream

    def initialize(
        self, name: str, *, instance: str, version: str = "", insert: bool = False, partials: bool = True
    ) -> dict[str, Any]:
        """The handshake: gives ``{server, protocol, capabilities, pending}``.

        ``instance`` is 1–64 characters that live as long as this window or process, best a UUID: results
        belong to it. ``insert``: this client puts text into the focused window. ``partials``: it makes use of
        partial texts.
        """
        params = wire.introduction(name, instance=instance, version=version, insert=insert, partials=partials)
        answer = self.call("initialize", params)
        wire.check_protocol(answer, self.path)
        self.notify("initialized")
        return answer

    def call(
        self, method: str, params: dict[str, Any] | None = None, *, timeout: float | None = ANSWER_SECONDS
    ) -> dict[str, Any]:
        """Sends a request and waits for its result; what comes in between goes to the handlers.

        ``timeout`` is in seconds; None for methods that may take as long as they need (``session/result``,
        ``text/clean``, ``models/install`` …). An interrupt (Ctrl-C) tells the daemon to give the request up.
        """
        self._latest_id += 1
        number = self._latest_id
        deadline = None if timeout is None else monotonic() + timeout
        try:
            self._send(wire.request(number, method, params))
            while True:
                message = self._next_message(deadline)
                if "method" in message:
                    self._handle(message)
                elif message.get("id") == number or (message.get("id") is None and "error" in message):
                    return wire.result_of(message)
                # Else the late answer to an earlier request that was interrupted.
        except KeyboardInterrupt:
            self._give_up(number)
            raise

    def notify(self, method: str, params: dict[str, Any] | None = None) -> None:
        """Sends a notification: nothing answers it."""
        self._send(wire.notification(method, params))

    def wait(self) -> None:
        """Waits for one thing that the daemon tells or asks of its own accord, and hands it to its handler."""
        message = self._next_message(None)
        if "method" in message:
            self._handle(message)

    def next_notification(self) -> tuple[str, dict[str, Any]]:
        """Waits for the next notification that no handler took: its method and params."""
        while not self._kept:
            self.wait()
        return self._kept.pop(0)

    def _give_up(self, number: int) -> None:
        try:
            self.notify("$/cancelRequest", {"id": number})
        except ClientError:
            pass  # Nobody is left to be told.

    def _handle(self, message: dict[str, Any]) -> None:
        method, params = wire.told(message, self.path)
        if "id" in message:
            self._answer(message["id"], method, params)
        elif self.on_notification is None:
            self._kept.append((method, params))
        else:
            self.on_notification(method, params)

    def _answer(self, number: object, method: str, params: dict[str, Any]) -> None:
        if self.on_request is None:
            self._send(wire.no_such_method(number, method))
            return
        try:
            answer = wire.answer(number, self.on_request(method, params))
        except ClientError as error:
            answer = wire.refusal(number, error)
        self._send(answer)

    def _send(self, message: dict[str, Any]) -> None:
        line = wire.encoded(message)
        self._stream.settimeout(ANSWER_SECONDS)
        try:
            self._stream.sendall(line + b"\n")
        except TimeoutError:
            raise wire.silent(self.path) from None
        except OSError as error:
            raise wire.gone(self.path) from error

    def _next_message(self, deadline: float | None) -> dict[str, Any]:
        while (message := self._lines.next_message()) is None:
            self._lines.feed(self._read(deadline))
        return message

    def _read(self, deadline: float | None) -> bytes:
        left = None if deadline is None else deadline - monotonic()
        if left is not None and left <= 0:
            raise wire.silent(self.path)
        self._stream.settimeout(left)
        try:
            chunk = self._stream.recv(wire.CHUNK)
        except TimeoutError:
            raise wire.silent(self.path) from None
        except OSError as error:
            raise wire.gone(self.path) from error
        if not chunk:
            raise wire.gone(self.path)
        return chunk
