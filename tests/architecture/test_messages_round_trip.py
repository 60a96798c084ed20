"""Every message survives the wire, is in the schema, and is as the schema says."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from parleqd._tools import schema
from parleqd.protocol import envelope
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.messages import Message
from parleqd.protocol.methods import (
    CLIENT_METHODS,
    CLIENT_NOTIFICATIONS,
    DAEMON_NOTIFICATIONS,
    METHODS,
    Method,
    Notification,
)
from parleqd.protocol.names import ErrorCode, Reason
from tests.architecture import tree
from tests.architecture.examples import fullest, message_classes, smallest

Call = Method[Any, Any] | Notification[Any]
CLASSES = list(message_classes())
REQUESTS = (*METHODS, *CLIENT_METHODS)
NOTIFICATIONS = (*CLIENT_NOTIFICATIONS, *DAEMON_NOTIFICATIONS)

each_class = pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
each_request = pytest.mark.parametrize("method", REQUESTS, ids=lambda method: method.name)
each_call = pytest.mark.parametrize("called", (*REQUESTS, *NOTIFICATIONS), ids=lambda called: called.name)
both_sizes = pytest.mark.parametrize("build", [smallest, fullest])


@cache
def validator(definition: str) -> Draft202012Validator:
    document = {**schema.document(), "anyOf": [{"$ref": f"#/$defs/{definition}"}]}
    return Draft202012Validator(document)


def check(definition: str, message: bytes) -> None:
    """Fail unless the message is as the schema's definition says."""
    tree.expect_none(problem.message for problem in validator(definition).iter_errors(json.loads(message)))


def refused(definition: str, message: object) -> bool:
    return not validator(definition).is_valid(message)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema.document())


@each_class
@both_sizes
def test_a_message_survives_the_wire(kind: type[Message], build: Any) -> None:
    message = build(kind)
    assert msgspec.json.decode(msgspec.json.encode(message), type=kind) == message


@each_class
@both_sizes
def test_a_message_is_as_the_schema_says(kind: type[Message], build: Any) -> None:
    check(kind.__name__, msgspec.json.encode(build(kind)))


def test_no_message_is_left_over() -> None:
    tree.expect_none(
        f"{kind.__name__}: no method or notification uses it" for kind in CLASSES if kind.__name__ not in schema.types()
    )


@each_call
@both_sizes
def test_a_call_is_decoded_as_it_was_encoded(called: Call, build: Any) -> None:
    params = build(called.params)
    decoded = envelope.decode(envelope.encode_call(called.name, params, 7))
    assert (decoded.method, decoded.id) == (called.name, 7)
    assert envelope.decode_params(decoded.params, called.params) == params


@each_request
@both_sizes
def test_requests_and_answers_are_as_the_schema_says(method: Method[Any, Any], build: Any) -> None:
    request = envelope.encode_call(method.name, build(method.params), "an id")
    answer = envelope.encode_result(7, build(method.result))
    asks, tells = _sides(method in METHODS)
    for definition in (schema.envelope_name(method, "Request"), asks):
        check(definition, request)
    for definition in (schema.envelope_name(method, "Response"), tells):
        check(definition, answer)


@pytest.mark.parametrize("note", NOTIFICATIONS, ids=lambda note: note.name)
@both_sizes
def test_notifications_are_as_the_schema_says(note: Notification[Any], build: Any) -> None:
    message = envelope.encode_call(note.name, build(note.params))
    side, _ = _sides(note in CLIENT_NOTIFICATIONS)
    for definition in (schema.envelope_name(note, "Notification"), side):
        check(definition, message)


@pytest.mark.parametrize("request_id", [7, "an id", None])
@pytest.mark.parametrize(
    "problem",
    [
        RpcError(ErrorCode.PARSE_ERROR, "not JSON"),
        RpcError(ErrorCode.REFUSED, "no", Reason.NOT_OWNER),
        RpcError(ErrorCode.CANCELLED, "cancelled", Reason.CANCELLED, "a hint"),
    ],
)
def test_errors_are_as_the_schema_says(request_id: int | str | None, problem: RpcError) -> None:
    for definition in (schema.ERROR_RESPONSE, schema.CLIENT_MESSAGE, schema.DAEMON_MESSAGE):
        check(definition, envelope.encode_error(request_id, problem))


@each_call
def test_what_daemon_and_schema_require_is_the_same(called: Call) -> None:
    """``params`` may be missing in a message exactly where the daemon takes ``{}`` for it."""
    bare: dict[str, object] = {"jsonrpc": "2.0", "method": called.name}
    role = "Notification" if isinstance(called, Notification) else "Request"
    if role == "Request":
        bare["id"] = 1
    try:
        envelope.decode_params(msgspec.Raw(), called.params)
    except RpcError:
        assert refused(schema.envelope_name(called, role), bare)
    else:
        assert not refused(schema.envelope_name(called, role), bare)


@pytest.mark.parametrize(
    "message",
    [
        {},
        [],
        {"jsonrpc": "1.0", "id": 1, "method": "status/get"},
        {"jsonrpc": "2.0", "id": None, "method": "status/get"},
        {"jsonrpc": "2.0", "id": 1, "method": "status/gte"},
        {"jsonrpc": "2.0", "id": 1, "method": "session/start", "params": {"source": "tape"}},
    ],
)
def test_what_no_client_may_send_is_refused_by_the_schema(message: object) -> None:
    assert refused(schema.CLIENT_MESSAGE, message)


def _sides(by_client: bool) -> tuple[str, str]:
    """The definitions of the side that sends a call and of the side that answers it."""
    sides = (schema.CLIENT_MESSAGE, schema.DAEMON_MESSAGE)
    return sides if by_client else (sides[1], sides[0])
