from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest

from parleqctl.conformance.line import Closed, Line, Silence, expect_error
from parleqctl.conformance.unmet import Unmet
from parleqd.protocol.names import ErrorCode, Reason


@contextmanager
def connected(*, headers: bool = False, patience: float = 5.0) -> Iterator[tuple[Line, socket.socket]]:
    ours, theirs = socket.socketpair()
    with theirs, Line(ours, patience, headers=headers) as line:
        yield line, theirs


def message(**fields: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **fields}).encode() + b"\n"


def test_messages_are_put_aside_by_kind_until_they_are_wanted() -> None:
    with connected() as (line, server):
        server.sendall(message(method="a/note", params={"n": 1}) + message(method="a/note", params={"n": 2}))
        server.sendall(message(id=1, method="a/request") + message(id=7, result={"x": 1}))
        assert line.result(7) == {"x": 1}
        assert line.note("a/note", n=2) == {"n": 2}
        assert line.asked("a/request")["id"] == 1
        assert [note["params"] for note in line.notes] == [{"n": 1}]


@pytest.mark.parametrize("headers", [False, True])
def test_both_framings_are_written_and_read(headers: bool) -> None:
    with connected(headers=headers) as (line, server):
        line.notify("é", x=1)
        sent = server.recv(1000)
        assert sent.startswith(b"Content-Length: ") is headers
        server.sendall(sent)
        assert line.receive(monotonic() + 5)["method"] == "é"


@pytest.mark.parametrize("sent", [b"no JSON\n", b"[]\n", b'{"id": 1}\n', b"[" * 100_000 + b"\n"])
def test_what_is_no_message_breaks_every_rule(sent: bytes) -> None:
    with connected() as (line, server):
        server.sendall(sent)
        with pytest.raises(Unmet):
            line.answer(1)


@pytest.mark.parametrize("length", [b"many", b"9" * 5000, b""])
def test_headers_without_a_usable_length_break_every_rule(length: bytes) -> None:
    with connected(headers=True) as (line, server):
        server.sendall(b"Content-Length: %b\r\n\r\n" % length)
        with pytest.raises(Unmet, match="no Content-Length came"):
            line.answer(1)


def test_silence_and_an_end_are_told_apart() -> None:
    with connected(patience=0.01) as (line, server):
        with pytest.raises(Silence):
            line.answer(1)
        server.close()
        with pytest.raises(Closed):
            line.answer(1)


def test_a_refusal_must_have_its_code_and_reason() -> None:
    error = {"code": -32000, "message": "no", "data": {"reason": "not_owner", "hint": ""}}
    expect_error({"error": error}, ErrorCode.REFUSED, Reason.NOT_OWNER)
    wrongs: list[dict[str, Any]] = [
        {"result": {}},
        {"error": {**error, "code": 1}},
        {"error": {**error, "data": None}},
    ]
    for wrong in wrongs:
        with pytest.raises(Unmet):
            expect_error(wrong, ErrorCode.REFUSED, Reason.NOT_OWNER)
    with pytest.raises(Unmet):
        expect_error({"error": error}, ErrorCode.REFUSED, Reason.UNKNOWN_SESSION)
