from __future__ import annotations

import pytest

from parleqd.core.errors import RefusedError
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.methods import METHODS
from parleqd.protocol.names import ErrorCode, Reason
from parleqd.rpc import dispatch, handlers
from tests.fakes.log import MemoryLog


def failing(secret: str) -> Exception:
    """An unforeseen error, as raised."""
    try:
        raise ValueError(secret)
    except ValueError as problem:
        return problem


def test_every_method_is_known_by_its_name() -> None:
    assert handlers.__all__
    for method in METHODS:
        assert dispatch.method_of(method.name) is method


@pytest.mark.parametrize("name", ["", "status", "session/START", "rpc.discover", "__class__"])
def test_an_unknown_method_is_refused_by_name(name: str) -> None:
    with pytest.raises(RpcError) as raised:
        dispatch.method_of(name)
    assert raised.value.code == ErrorCode.METHOD_NOT_FOUND
    assert repr(name) in raised.value.message


def test_a_refusal_keeps_reason_and_hint() -> None:
    error = dispatch.error_of(RefusedError(Reason.QUEUE_FULL, "full", "later"), MemoryLog(), "session/start")
    assert (error.code, error.reason, error.message, error.hint) == (
        ErrorCode.REFUSED,
        Reason.QUEUE_FULL,
        "full",
        "later",
    )


def test_a_cancelled_dictation_is_answered_as_cancelled() -> None:
    error = dispatch.error_of(RefusedError(Reason.CANCELLED, "given up"), MemoryLog(), "session/result")
    assert error.code == dispatch.cancelled().code == ErrorCode.CANCELLED


def test_an_error_of_the_protocol_is_answered_as_it_is() -> None:
    problem = RpcError(ErrorCode.INVALID_PARAMS, "bad")
    assert dispatch.error_of(problem, MemoryLog(), "x") is problem


def test_an_unforeseen_error_is_logged_by_type_and_place_and_never_with_its_text() -> None:
    log = MemoryLog()
    error = dispatch.error_of(failing("dictated words"), log, "text/clean")
    assert error.code == ErrorCode.INTERNAL_ERROR
    assert "ValueError" in error.message
    (fields,) = log.fields("handler_failed")
    assert fields["error"] == "ValueError"
    assert "test_dispatch.py:" in str(fields["where"])
    assert "dictated" not in error.message + str(fields)
