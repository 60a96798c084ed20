"""Checks of errors: each refusal has its code, and −32000 says why in ``data.reason``."""

from __future__ import annotations

from parleqctl.conformance.checks import Group
from parleqctl.conformance.line import expect_error
from parleqd.protocol.names import ErrorCode, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from parleqctl.conformance.place import Place

GROUP = Group()


@GROUP.check
def unknown_method(place: Place) -> None:
    """An unknown method is refused with -32601."""
    with place.line() as line:
        line.refused(ErrorCode.METHOD_NOT_FOUND, "no/such")


@GROUP.check
def bad_parameters(place: Place) -> None:
    """Wrong and missing parameters are refused with -32602."""
    with place.line() as line:
        line.refused(ErrorCode.INVALID_PARAMS, "session/start")
        line.refused(ErrorCode.INVALID_PARAMS, "session/start", source="thought")
        line.refused(ErrorCode.INVALID_PARAMS, "session/start", source="file", path="relative.wav")
        line.refused(ErrorCode.INVALID_PARAMS, "session/stop", session_id=5)


@GROUP.check
def no_request(place: Place) -> None:
    """JSON that is no request is refused with -32600."""
    with place.line() as line:
        line.send({"id": 1, "method": "status/get"})
        expect_error(line.answer(1), ErrorCode.INVALID_REQUEST)
        line.send({"jsonrpc": "2.0", "id": {}, "method": "status/get"})
        expect_error(line.answer(None), ErrorCode.INVALID_REQUEST)
        line.send(17)
        expect_error(line.answer(None), ErrorCode.INVALID_REQUEST)
        line.still_answers()


@GROUP.check
def other_refusals(place: Place) -> None:
    """Everything else is refused with -32000, its data.reason and data.hint."""
    with place.client() as line:
        for method in ("session/stop", "session/cancel", "session/result", "session/acknowledge", "session/claim"):
            line.refused(ErrorCode.REFUSED, method, Reason.UNKNOWN_SESSION, session_id="no-such-session")


@GROUP.check
def id_in_use(place: Place) -> None:
    """An id whose request still waits is refused with -32600."""
    with place.client() as line:
        session_id = line.call("session/start", source="stream")["session_id"]
        waiting = {"jsonrpc": "2.0", "id": "same", "method": "session/result", "params": {"session_id": session_id}}
        line.send(waiting)
        line.send(waiting)
        expect_error(line.answer("same"), ErrorCode.INVALID_REQUEST)
        line.call("session/cancel", session_id=session_id)


@GROUP.check
def unknown_fields(place: Place) -> None:
    """Unknown fields are ignored, in requests and in their parameters."""
    with place.line() as line:
        params = {"text": "hello", "mode": "raw", "from_the_future": {"much": [1]}}
        line.send({"jsonrpc": "2.0", "future": True, "id": "f", "method": "text/clean", "params": params})
        answer = line.answer("f")
        if "error" in answer:
            expect_error(answer, ErrorCode.REFUSED)  # for a reason of its own, not for the field
