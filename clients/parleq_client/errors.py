"""The one tree of a client's errors: each has a stable reason, a message and a hint.

    ClientError
    ├── UnreachableError    no daemon: absent, refusing, gone in the middle of a call, or silent for too long
    ├── RefusedError        the daemon answered with an error
    ├── ProtocolError       what came over the socket is not parleqd's protocol, or not this version of it
    └── LocalError          something on this side: text that is not UTF-8, a message too large, output closed

Failures of the operating system and of JSON are mapped to this tree where they appear.
"""

from __future__ import annotations

from parleqd.protocol.names import ErrorCode, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

_REASON_OF_CODE: dict[int, Reason] = {
    ErrorCode.PARSE_ERROR: Reason.BAD_REQUEST,
    ErrorCode.INVALID_REQUEST: Reason.BAD_REQUEST,
    ErrorCode.INVALID_PARAMS: Reason.BAD_REQUEST,
    ErrorCode.METHOD_NOT_FOUND: Reason.PROTOCOL_UNSUPPORTED,
    ErrorCode.INTERNAL_ERROR: Reason.INTERNAL,
    ErrorCode.CANCELLED: Reason.CANCELLED,
}
"""What the errors of JSON-RPC 2.0 mean, for those that come without ``data.reason``."""


class ClientError(Exception):
    """A call that gave no result.

    ``reason`` is one of ``parleqd.protocol.names.Reason``, or a newer daemon's own word; ``message`` says
    what was wrong and where; ``hint`` what would be right, or what to do ("" where nothing helps).
    """

    def __init__(self, reason: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.reason = str(reason)
        self.message = message
        self.hint = hint


class UnreachableError(ClientError):
    """No daemon answers at that socket."""

    def __init__(self, message: str, hint: str, reason: str = Reason.DAEMON_UNREACHABLE) -> None:
        super().__init__(reason, message, hint)


class RefusedError(ClientError):
    """The daemon answered with an error. ``code`` is that of JSON-RPC."""

    def __init__(self, code: int, reason: str, message: str, hint: str = "") -> None:
        super().__init__(reason, message, hint)
        self.code = code

    @classmethod
    def of_answer(cls, error: dict[str, Any]) -> RefusedError:
        """The error that stands in an answer: ``{"code", "message", "data": {"reason", "hint"}}``."""
        code = error.get("code")
        number = code if isinstance(code, int) else 0
        data = error.get("data")
        details = data if isinstance(data, dict) else {}
        reason = details.get("reason") or _REASON_OF_CODE.get(number, Reason.INTERNAL)
        message = error.get("message") or "the daemon gave no message"
        return cls(number, str(reason), str(message), str(details.get("hint") or ""))


class ProtocolError(ClientError):
    """The other side does not speak this protocol."""

    def __init__(self, message: str, hint: str = "", reason: str = Reason.PROTOCOL_UNSUPPORTED) -> None:
        super().__init__(reason, message, hint)


class LocalError(ClientError):
    """Something on the client's own side was in the way: before the daemon was asked, or after."""
