"""What goes over the socket, whoever carries it: JSON-RPC 2.0, one JSON text a line; nothing here reads or writes.

Standard library only: a command that asks one question must not pay for more.
"""

from __future__ import annotations

import errno
import json
import os
import stat

from parleq_client.errors import ClientError, LocalError, ProtocolError, RefusedError, UnreachableError
from parleq_client.paths import default_socket_path, usable_socket_path
from parleqd.protocol.names import MAX_MESSAGE_BYTES, PROTOCOL_VERSION, ErrorCode, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

ANSWER_SECONDS = 30.0
"""How long a daemon that lives may take for a method that answers at once."""
CHUNK = 64 * 1024


class Lines:
    """Bytes in, lines out, none longer than a message may be. ``path`` is the socket's, for people."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._received = bytearray()
        self._searched = 0

    def feed(self, chunk: bytes) -> None:
        """Takes what was received."""
        self._received += chunk

    def next_line(self) -> bytes | None:
        """The next whole line, without its end; None while there is none. Raises ProtocolError (``too_large``)."""
        end = self._received.find(b"\n", self._searched)
        if end < 0:
            self._searched = len(self._received)
            if self._searched > MAX_MESSAGE_BYTES:
                raise ProtocolError(
                    f"an answer from {self._path} is larger than {MAX_MESSAGE_BYTES} bytes",
                    reason=Reason.TOO_LARGE,
                )
            return None
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        self._searched = 0
        return line

    def next_message(self) -> dict[str, Any] | None:
        """The next whole message; None while there is none. Raises ProtocolError for what is no message."""
        while (line := self.next_line()) is not None:
            if line.strip():
                return decoded(line, self._path)
        return None


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


def decoded(line: bytes, path: str) -> dict[str, Any]:
    """The message that a line holds. Raises ProtocolError."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise not_ours(path) from error
    if not isinstance(message, dict):
        raise not_ours(path)
    return message


def request(number: int, method: str, params: dict[str, Any] | None) -> dict[str, Any]:
    """The message that asks for something."""
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": params or {}}


def notification(method: str, params: dict[str, Any] | None) -> dict[str, Any]:
    """The message that nothing answers."""
    return {"jsonrpc": "2.0", "method": method, "params": params or {}}


def told(message: dict[str, Any], path: str) -> tuple[str, dict[str, Any]]:
    """Method and params of what the daemon tells or asks of its own accord. Raises ProtocolError."""
    method, params = message.get("method"), message.get("params") or {}
    if not isinstance(method, str) or not isinstance(params, dict):
        raise not_ours(path)
    return method, params


def answer(number: object, result: dict[str, Any]) -> dict[str, Any]:
    """The message that answers a request of the daemon."""
    return {"jsonrpc": "2.0", "id": number, "result": result}


def refusal(number: object, error: ClientError) -> dict[str, Any]:
    """The message that refuses a request of the daemon: with the code of a RefusedError, else −32000."""
    data = {"reason": error.reason, "hint": error.hint}
    code = error.code if isinstance(error, RefusedError) else ErrorCode.REFUSED
    return _error(number, {"code": int(code), "message": error.message, "data": data})


def no_such_method(number: object, method: str) -> dict[str, Any]:
    """The message that answers a request which nobody handles."""
    return _error(number, {"code": int(ErrorCode.METHOD_NOT_FOUND), "message": f"this client has no {method}"})


def _error(number: object, error: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": error}


def result_of(message: dict[str, Any]) -> dict[str, Any]:
    """The result that an answer holds. Raises RefusedError, or ProtocolError when it is no answer."""
    error = message.get("error")
    if isinstance(error, dict):
        raise RefusedError.of_answer(error)
    result = message.get("result")
    if not isinstance(result, dict):
        raise ProtocolError("an answer holds neither a result nor an error", "is that socket another program's?")
    return result


def introduction(name: str, *, instance: str, version: str, insert: bool, partials: bool) -> dict[str, Any]:
    """The params of ``initialize``."""
    return {
        "client": {"name": name, "version": version, "instance": instance},
        "protocol": PROTOCOL_VERSION,
        "capabilities": {"insert": insert, "partials": partials},
    }


def check_protocol(introduced: dict[str, Any], path: str) -> None:
    """Raises ProtocolError unless the answer to ``initialize`` is of this protocol."""
    if introduced.get("protocol") != PROTOCOL_VERSION:
        raise ProtocolError(
            f"the daemon at {path} speaks protocol {introduced.get('protocol')}, and this client {PROTOCOL_VERSION}",
            "install both from the same release, and restart the daemon",
        )


def check_place(path: str) -> None:
    """Raises UnreachableError, or OSError, unless a socket of this user's is at ``path``."""
    check_socket(path, os.stat(usable_socket_path(path)), os.getuid())


def check_socket(path: str, found: os.stat_result, user: int) -> None:
    """Raises UnreachableError unless what was found at ``path`` is a socket that belongs to the user id ``user``."""
    if not stat.S_ISSOCK(found.st_mode):
        raise UnreachableError(f"no parleqd at {path}: that is no socket", "name the socket of a daemon")
    if found.st_uid != user:
        raise UnreachableError(
            f"the socket {path} belongs to user id {found.st_uid}, and this is user id {user}",
            "a daemon serves its own user only: run this as that user, or start a daemon of your own",
        )


def absent(path: str, error: OSError) -> UnreachableError:
    """Nobody listens at ``path``."""
    return UnreachableError(f"no parleqd at {path}: {_why_not(error)}", start_hint(path))


def gone(path: str) -> UnreachableError:
    """The connection has ended."""
    return UnreachableError(f"parleqd at {path} closed the connection: it was stopped, or it died", start_hint(path))


def silent(path: str) -> UnreachableError:
    """No answer has come."""
    return UnreachableError(
        f"parleqd at {path} did not answer in time",
        "it hangs or is stopped: end that process, then start it again",
    )


def not_ours(path: str) -> ProtocolError:
    """What came is not of this protocol."""
    return ProtocolError(
        f"what listens at {path} does not speak parleqd's protocol",
        "is --socket or PARLEQ_SOCKET that of another program?",
    )


def start_hint(path: str) -> str:
    """How to start a daemon that listens at ``path``."""
    try:
        usual = default_socket_path() == path
    except UnreachableError:
        usual = False
    return f"start it with `parleqd{'' if usual else f' --socket {path}'}`"


def _why_not(error: OSError) -> str:
    if error.errno == errno.ENOENT:
        return "there is no such socket"
    if error.errno == errno.ECONNREFUSED:
        return "a socket is left there, but no process listens"
    if isinstance(error, TimeoutError) or error.errno == errno.EAGAIN:
        return "it does not accept the connection"
    return error.strerror or str(error)
