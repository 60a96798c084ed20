"""One blocking connection to the daemon: JSON-RPC 2.0, one JSON text a line.

Standard library only: a command that asks one question must not pay for more.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import stat
from time import monotonic

from parleq_client.errors import ClientError, LocalError, ProtocolError, RefusedError, UnreachableError
from parleq_client.paths import default_socket_path, usable_socket_path
from parleqd.protocol.names import MAX_MESSAGE_BYTES, PROTOCOL_VERSION, ErrorCode, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self

ANSWER_SECONDS = 30.0
"""How long a daemon that lives may take for a method that answers at once."""
_CHUNK = 64 * 1024


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
        self._received = bytearray()
        self._searched = 0
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
            check_socket(path, os.stat(usable_socket_path(path)), os.getuid())
            stream.connect(path)
        except OSError as error:
            stream.close()
            raise UnreachableError(f"no parleqd at {path}: {_why_not(error)}", start_hint(path)) from error
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
        answer = self.call(
            "initialize",
            {
                "client": {"name": name, "version": version, "instance": instance},
                "protocol": PROTOCOL_VERSION,
                "capabilities": {"insert": insert, "partials": partials},
            },
        )
        if answer.get("protocol") != PROTOCOL_VERSION:
            raise ProtocolError(
                f"the daemon at {self.path} speaks protocol {answer.get('protocol')}, "
                f"and this client {PROTOCOL_VERSION}",
                "install both from the same release, and restart the daemon",
            )
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
            self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}})
            while True:
                message = self._next_message(deadline)
                if "method" in message:
                    self._handle(message)
                elif message.get("id") == number or (message.get("id") is None and "error" in message):
                    return _result(message)
                # Else the late answer to an earlier request that was interrupted.
        except KeyboardInterrupt:
            self._give_up(number)
            raise

    def notify(self, method: str, params: dict[str, Any] | None = None) -> None:
        """Sends a notification: nothing answers it."""
        self._send({"jsonrpc": "2.0", "method": method, "params": params or {}})

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
        method, params = message["method"], message.get("params") or {}
        if not isinstance(method, str) or not isinstance(params, dict):
            raise self._not_ours()
        if "id" in message:
            self._answer(message["id"], method, params)
        elif self.on_notification is None:
            self._kept.append((method, params))
        else:
            self.on_notification(method, params)

    def _answer(self, number: object, method: str, params: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"jsonrpc": "2.0", "id": number}
        if self.on_request is None:
            answer["error"] = {
                "code": int(ErrorCode.METHOD_NOT_FOUND),
                "message": f"this client has no {method}",
            }
        else:
            try:
                answer["result"] = self.on_request(method, params)
            except ClientError as error:
                data = {"reason": error.reason, "hint": error.hint}
                answer["error"] = {"code": int(ErrorCode.REFUSED), "message": error.message, "data": data}
        self._send(answer)

    def _send(self, message: dict[str, Any]) -> None:
        line = encoded(message)
        self._stream.settimeout(ANSWER_SECONDS)
        try:
            self._stream.sendall(line + b"\n")
        except TimeoutError:
            raise self._silent() from None
        except OSError as error:
            raise self._gone() from error

    def _next_message(self, deadline: float | None) -> dict[str, Any]:
        while True:
            line = self._next_line(deadline)
            if not line.strip():
                continue
            try:
                message = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise self._not_ours() from error
            if not isinstance(message, dict):
                raise self._not_ours()
            return message

    def _next_line(self, deadline: float | None) -> bytes:
        while (end := self._received.find(b"\n", self._searched)) < 0:
            self._searched = len(self._received)
            if self._searched > MAX_MESSAGE_BYTES:
                raise ProtocolError(
                    f"an answer from {self.path} is larger than {MAX_MESSAGE_BYTES} bytes",
                    reason=Reason.TOO_LARGE,
                )
            self._received += self._read(deadline)
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        self._searched = 0
        return line

    def _read(self, deadline: float | None) -> bytes:
        left = None if deadline is None else deadline - monotonic()
        if left is not None and left <= 0:
            raise self._silent()
        self._stream.settimeout(left)
        try:
            chunk = self._stream.recv(_CHUNK)
        except TimeoutError:
            raise self._silent() from None
        except OSError as error:
            raise self._gone() from error
        if not chunk:
            raise self._gone()
        return chunk

    def _gone(self) -> UnreachableError:
        return UnreachableError(
            f"parleqd at {self.path} closed the connection: it was stopped, or it died", start_hint(self.path)
        )

    def _silent(self) -> UnreachableError:
        return UnreachableError(
            f"parleqd at {self.path} did not answer in time",
            "it hangs or is stopped: end that process, then start it again",
        )

    def _not_ours(self) -> ProtocolError:
        return ProtocolError(
            f"what listens at {self.path} does not speak parleqd's protocol",
            "is --socket or PARLEQ_SOCKET that of another program?",
        )


def check_socket(path: str, found: os.stat_result, user: int) -> None:
    """Raises UnreachableError unless what was found at ``path`` is a socket that belongs to the user id ``user``."""
    if not stat.S_ISSOCK(found.st_mode):
        raise UnreachableError(f"no parleqd at {path}: that is no socket", "name the socket of a daemon")
    if found.st_uid != user:
        raise UnreachableError(
            f"the socket {path} belongs to user id {found.st_uid}, and this is user id {user}",
            "a daemon serves its own user only: run this as that user, or start a daemon of your own",
        )


def encoded(message: dict[str, Any]) -> bytes:
    """One message as a line without its end. Raises LocalError for what is not Unicode, or above 8 MiB."""
    try:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise LocalError(
            Reason.BAD_REQUEST,
            f"the request holds a lone surrogate, U+{ord(error.object[error.start]):04X}: no character",
            "text, names and paths must be UTF-8",
        ) from error
    if len(line) > MAX_MESSAGE_BYTES:
        raise LocalError(
            Reason.TOO_LARGE,
            f"the request takes {len(line)} bytes, and a message may have {MAX_MESSAGE_BYTES} (8 MiB)",
            "send it in parts",
        )
    return line


def start_hint(path: str) -> str:
    """How to start a daemon that listens at ``path``."""
    try:
        usual = default_socket_path() == path
    except UnreachableError:
        usual = False
    return f"start it with `parleqd{'' if usual else f' --socket {path}'}`"


def _result(message: dict[str, Any]) -> dict[str, Any]:
    error = message.get("error")
    if isinstance(error, dict):
        raise RefusedError.of_answer(error)
    result = message.get("result")
    if not isinstance(result, dict):
        raise ProtocolError("an answer holds neither a result nor an error", "is that socket another program's?")
    return result


def _why_not(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "there is no such socket"
    if error.errno == errno.ECONNREFUSED:
        return "a socket is left there, but no process listens"
    if isinstance(error, TimeoutError) or error.errno == errno.EAGAIN:
        return "it does not accept the connection"
    return error.strerror or str(error)
