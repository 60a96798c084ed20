from __future__ import annotations

from typing import Any

import pytest

from parleq_client import ClientError, LocalError, ProtocolError, RefusedError, UnreachableError


@pytest.mark.parametrize(
    ("answer", "reason", "message", "hint"),
    [
        (
            {"code": -32000, "message": "m", "data": {"reason": "not_owner", "hint": "h"}},
            "not_owner",
            "m",
            "h",
        ),
        ({"code": -32000, "message": "m", "data": {"reason": "of_the_future"}}, "of_the_future", "m", ""),
        ({"code": -32700, "message": "m"}, "bad_request", "m", ""),
        ({"code": -32602, "message": "m", "data": "text"}, "bad_request", "m", ""),
        ({"code": -32601, "message": "m"}, "protocol_unsupported", "m", ""),
        ({"code": -32800, "message": "m"}, "cancelled", "m", ""),
        ({"code": -32603, "message": "m"}, "internal", "m", ""),
        ({"code": 7}, "internal", "the daemon gave no message", ""),
        ({}, "internal", "the daemon gave no message", ""),
    ],
)
def test_every_error_of_an_answer_has_a_reason(answer: dict[str, Any], reason: str, message: str, hint: str) -> None:
    error = RefusedError.of_answer(answer)
    assert (error.reason, error.message, error.hint) == (reason, message, hint)
    assert error.code == answer.get("code", 0)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (UnreachableError("m", "h"), "daemon_unreachable"),
        (ProtocolError("m"), "protocol_unsupported"),
        (LocalError("too_large", "m"), "too_large"),
    ],
)
def test_the_tree_has_one_root(error: ClientError, reason: str) -> None:
    assert isinstance(error, ClientError)
    assert error.reason == reason
    assert type(error.reason) is str
    assert str(error) == "m"
