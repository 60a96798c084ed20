"""JSON-RPC 2.0 envelopes: decoded in two steps, so that bad JSON, bad envelopes and bad parameters stay apart.

The first step leaves ``params`` and ``result`` as raw JSON; the method's own type decodes them later.
"""

from __future__ import annotations

import json
import re
from typing import TypeVar

import msgspec

from parleqd.protocol import messages as m
from parleqd.protocol.names import ErrorCode, Reason

Id = int | str
T = TypeVar("T", bound=m.Message)


class RpcError(Exception):
    """An error answer. ``reason`` is given for ``ErrorCode.REFUSED`` and ``CANCELLED``."""

    def __init__(self, code: ErrorCode, message: str, reason: Reason | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        self.hint = hint


class ErrorData(msgspec.Struct, frozen=True):
    """What decides beyond the code."""

    reason: Reason
    hint: str = ""


class ErrorBody(msgspec.Struct, frozen=True, omit_defaults=True):
    code: int
    message: str
    data: ErrorData | None = None


class Envelope(msgspec.Struct, frozen=True):
    """Any message that a client may send: a request, a notification, or the answer to a request of the daemon."""

    jsonrpc: str = ""
    id: Id | msgspec.UnsetType | None = msgspec.UNSET
    method: str | msgspec.UnsetType = msgspec.UNSET
    params: msgspec.Raw = msgspec.Raw()
    result: msgspec.Raw = msgspec.Raw()
    error: msgspec.Raw = msgspec.Raw()

    @property
    def failed(self) -> bool:
        """Does it answer a request with an error? (Some libraries write ``"error": null`` beside a result.)"""
        return not _is_absent(self.error)


class _IdOnly(msgspec.Struct):
    id: Id | None = None


class _Answer(msgspec.Struct, frozen=True):
    id: Id | None
    result: msgspec.Raw
    jsonrpc: str = "2.0"


class _ErrorAnswer(msgspec.Struct, frozen=True):
    id: Id | None
    error: ErrorBody
    jsonrpc: str = "2.0"


class _Call(msgspec.Struct, frozen=True, omit_defaults=True):
    method: str
    params: msgspec.Raw
    jsonrpc: str
    id: Id | None = None


_HALF_PAIR = re.compile(rb"\\u[dD][89a-fA-F]")
_envelope = msgspec.json.Decoder(Envelope)
_any_json = msgspec.json.Decoder(msgspec.Raw)
_id_only = msgspec.json.Decoder(_IdOnly)
_error = msgspec.json.Decoder(ErrorBody)
_encoder = msgspec.json.Encoder()
_decoders: dict[type[m.Message], msgspec.json.Decoder[m.Message]] = {}


def decode(body: bytes) -> Envelope:
    """One message of a client.

    Raises ``RpcError`` with ``PARSE_ERROR`` (no JSON) or ``INVALID_REQUEST`` (JSON, but no request, notification or
    answer; a batch too).
    """
    try:
        envelope = _envelope.decode(body)
    except msgspec.ValidationError as problem:
        raise _bad_envelope(body, problem) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise _unreadable(body, problem) from None
    if envelope.jsonrpc != "2.0":
        raise RpcError(ErrorCode.INVALID_REQUEST, 'not a JSON-RPC 2.0 message: "jsonrpc" must be "2.0"')
    is_call = envelope.method is not msgspec.UNSET
    if is_call and envelope.id is None:
        raise RpcError(ErrorCode.INVALID_REQUEST, "a request's id must be a number or a string")
    if not is_call and not envelope.result and not envelope.error:
        raise RpcError(ErrorCode.INVALID_REQUEST, 'a message needs "method", or "result" or "error"')
    return envelope


def _bad_envelope(body: bytes, problem: msgspec.ValidationError) -> RpcError:
    """Valid JSON that is no message, or JSON whose fault lies further on than where decoding gave up."""
    try:
        _any_json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as worse:
        return _unreadable(body, worse)
    if body.lstrip()[:1] == b"[":
        return RpcError(ErrorCode.INVALID_REQUEST, "batches are not supported: send one message at a time")
    return RpcError(ErrorCode.INVALID_REQUEST, f"not a JSON-RPC 2.0 message: {problem}")


def _unreadable(body: bytes, problem: Exception) -> RpcError:
    """No JSON; or JSON with half a surrogate pair (as JavaScript writes broken strings), which is no text."""
    if isinstance(_leniently(body), dict):
        message = r"bad parameters: a string holds half a surrogate pair (\ud800 to \udfff), which is no text"
        return RpcError(ErrorCode.INVALID_PARAMS, message)
    return RpcError(ErrorCode.PARSE_ERROR, f"not JSON: {problem}")


def _leniently(body: bytes) -> object:
    """The JSON value as the standard library reads it, half surrogate pairs included; ``None`` when it cannot."""
    if _HALF_PAIR.search(body) is None:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def id_of(body: bytes) -> Id | None:
    """The id of a message whose envelope is bad, where one can be made out."""
    try:
        return _id_only.decode(body).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        lenient = _leniently(body)
        found = lenient.get("id") if isinstance(lenient, dict) else None
        return found if isinstance(found, int | str) and not isinstance(found, bool) else None


def decode_params(raw: msgspec.Raw, kind: type[T]) -> T:
    """The parameters of a method; none, or ``null``, are ``{}``.

    Raises ``RpcError`` (``INVALID_PARAMS``) that names the field.
    """
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        return decoder.decode(b"{}" if _is_absent(raw) else raw)  # type: ignore[return-value]  # the decoder is kept under its own type
    except msgspec.ValidationError as problem:
        raise RpcError(ErrorCode.INVALID_PARAMS, f"bad parameters: {problem}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise RpcError(ErrorCode.PARSE_ERROR, f"not JSON: {problem}") from None


def _is_absent(raw: msgspec.Raw) -> bool:
    return len(raw) <= 4 and bytes(raw) in (b"", b"null")


def decode_error(raw: msgspec.Raw) -> ErrorBody:
    """The error that a client answered with; anything malformed becomes an internal error."""
    try:
        return _error.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ErrorBody(ErrorCode.INTERNAL_ERROR, "the client answered with a malformed error")


def encode_result(request: Id | None, result: m.Message) -> bytes:
    """The answer to a request."""
    return _encoder.encode(_Answer(request, msgspec.Raw(_encoder.encode(result))))


def encode_error(request: Id | None, problem: RpcError) -> bytes:
    """The refusal of a request, or of something that was none (``request`` is then ``None``)."""
    data = None if problem.reason is None else ErrorData(problem.reason, problem.hint)
    return _encoder.encode(_ErrorAnswer(request, ErrorBody(problem.code, problem.message, data)))


def encode_call(method: str, params: m.Message, request: Id | None = None) -> bytes:
    """A notification (no ``request`` id) or a request of the daemon."""
    return _encoder.encode(_Call(method, msgspec.Raw(_encoder.encode(params)), "2.0", request))
