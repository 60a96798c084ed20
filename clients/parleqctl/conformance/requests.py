"""Checks of how requests are answered: in which order, given up, and beside notifications that mean nothing."""

from __future__ import annotations

from parleqctl.conformance.checks import Group
from parleqctl.conformance.line import expect_error
from parleqctl.conformance.unmet import expect
from parleqd.protocol.names import ErrorCode, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from parleqctl.conformance.place import Place

GROUP = Group()
_AT_ONCE = 20


@GROUP.check
def in_order(place: Place) -> None:
    """What is answered at once is answered in order."""
    with place.line() as line:
        asked = [line.request("status/get", {}) for _ in range(_AT_ONCE)]
        line.answer(asked[-1])
        came = [answer["id"] for answer in line.answers]
        expect(came == asked[:-1], f"answers to {came}, then to {asked[-1]}")


@GROUP.check
def waiting(place: Place) -> None:
    """A request that waits holds up no other."""
    with place.client() as line:
        session_id = line.call("session/start", source="stream")["session_id"]
        result = line.request("session/result", {"session_id": session_id})
        line.still_answers()
        line.call("session/cancel", session_id=session_id)
        expect_error(line.answer(result), ErrorCode.CANCELLED, Reason.CANCELLED)


@GROUP.check
def cancel_request(place: Place) -> None:
    """$/cancelRequest answers a waiting request with -32800; the dictation goes on."""
    with place.client() as line:
        session_id = line.call("session/start", source="stream")["session_id"]
        result = line.request("session/result", {"session_id": session_id})
        line.notify("$/cancelRequest", id=result)
        expect_error(line.answer(result), ErrorCode.CANCELLED, Reason.CANCELLED)
        line.call("session/audio", session_id=session_id, pcm="AAA=")
        line.call("session/cancel", session_id=session_id)


@GROUP.check
def ignored(place: Place) -> None:
    """Unknown and malformed notifications, and answers to nothing, are ignored."""
    with place.line() as line:
        line.notify("no/such", x=1)
        line.notify("$/cancelRequest", id="never asked")
        line.send({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": 17})
        line.send({"jsonrpc": "2.0", "id": "never asked", "result": {}})
        line.still_answers()
        expect(not line.answers, line.answers)
