"""Checks of the framing, and of what is no message."""

from __future__ import annotations

import json

from parleqctl.conformance.checks import Group
from parleqctl.conformance.line import expect_error
from parleqctl.conformance.unmet import expect
from parleqd.protocol.names import MAX_MESSAGE_BYTES, ErrorCode, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from parleqctl.conformance.place import Place

GROUP = Group()
_BODY = b'{"jsonrpc": "2.0", "id": 1, "method": "status/get"}'
_BEGINNING, _END = b'{"jsonrpc":"2.0","id":1,"method":"status/get","params":{"padding":"', b'"}}'


@GROUP.check
def lines(place: Place) -> None:
    """A first byte that is no C means one JSON text a line, both ways."""
    with place.line() as line:
        line.send_raw(_BODY + b"\n")
        line.result(1)


@GROUP.check
def empty_lines(place: Place) -> None:
    """A line may end in CR LF, and empty lines say nothing."""
    with place.line() as line:
        line.send_raw(b"\r\n\n" + _BODY + b"\r\n\r\n")
        line.result(1)
        line.still_answers()
        expect(not line.answers, line.answers)


@GROUP.check
def headers(place: Place) -> None:
    """A first byte C or c means Content-Length headers both ways, names in any case, others ignored."""
    for head in (b"Content-Length: %d\r\n\r\n", b"content-type: x/y; charset=utf-8\r\nCONTENT-LENGTH:%d\r\n\r\n"):
        with place.line(headers=True) as line:
            line.send_raw(head % len(_BODY) + _BODY)
            line.result(1)
            line.still_answers()


@GROUP.check
def bytes_count(place: Place) -> None:
    """Content-Length counts bytes, not characters."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "nö/such/é🎤"}, ensure_ascii=False).encode()
    with place.line(headers=True) as line:
        line.send_raw(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        expect_error(line.answer(1), ErrorCode.METHOD_NOT_FOUND)
        line.still_answers()


@GROUP.check
def pieces(place: Place) -> None:
    """A message may come in any pieces, and several at once."""
    for head in (b"", b"Content-Length: %d\r\n\r\n" % len(_BODY)):
        with place.line(headers=bool(head)) as line:
            one = head + _BODY + (b"" if head else b"\n")
            for byte in one:
                line.send_raw(bytes([byte]))
            line.result(1)
            line.send_raw(one + one)
            line.result(1)
            line.result(1)


@GROUP.check
def no_json(place: Place) -> None:
    """What is no JSON is answered with -32700 and a null id, and the connection goes on."""
    for sent in (b"nonsense\n", b'{"jsonrpc": "2.0", "id": 7,\n', b"\xff\xfe\n"):
        with place.line() as line:
            line.send_raw(sent)
            expect_error(line.answer(None), ErrorCode.PARSE_ERROR)
            line.still_answers()


@GROUP.check
def bad_headers(place: Place) -> None:
    """Headers without a usable Content-Length are answered with -32700, and the connection goes on."""
    for sent in (b"Content-Length: many\r\n\r\n", b"Content-Type: x/y\r\n\r\n"):
        with place.line(headers=True) as line:
            line.send_raw(sent)
            expect_error(line.answer(None), ErrorCode.PARSE_ERROR)
            line.still_answers()


@GROUP.check
def batch(place: Place) -> None:
    """A batch gets one -32600."""
    with place.line() as line:
        line.send_raw(b"[" + _BODY + b"," + _BODY + b"]\n")
        expect_error(line.answer(None), ErrorCode.INVALID_REQUEST)
        line.still_answers()
        expect(not line.answers, line.answers)


@GROUP.check
def large(place: Place) -> None:
    """A message of 8 MiB is taken."""
    with place.line() as line:
        line.send_raw(_of_size(MAX_MESSAGE_BYTES) + b"\n")
        line.result(1)


@GROUP.check
def too_large(place: Place) -> None:
    """A larger one is answered with -32000, too_large, and the connection goes on."""
    body = _of_size(MAX_MESSAGE_BYTES + 1)
    for head, tail in ((b"", b"\n"), (b"Content-Length: %d\r\n\r\n" % len(body), b"")):
        with place.line(headers=bool(head)) as line:
            line.send_raw(head + body + tail)
            expect_error(line.answer(None), ErrorCode.REFUSED, Reason.TOO_LARGE)
            line.still_answers()


@GROUP.check
def half_closed(place: Place) -> None:
    """A client that closes its sending side still gets its answers."""
    with place.line() as line:
        line.send_raw(_BODY + b"\n" + _BODY.replace(b"1", b"2"))
        line.send_no_more()
        line.result(1)


def _of_size(size: int) -> bytes:
    return _BEGINNING + b"x" * (size - len(_BEGINNING) - len(_END)) + _END
