"""Checks of texts: whose they are, how long they are kept, who may claim them. They need a recording of speech."""

from __future__ import annotations

from contextlib import contextmanager
from time import monotonic

from parleqctl.conformance.checks import Group
from parleqctl.conformance.place import new_instance
from parleqctl.conformance.sessions import RESULT
from parleqctl.conformance.unmet import expect, expect_fields
from parleqd.protocol.names import ErrorCode, PendingState, Phase, Reason, Verdict

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from parleqctl.conformance.line import Line
    from parleqctl.conformance.place import Place

GROUP = Group()
_PENDING: dict[str, Any] = {
    "session_id": str, "state": str, "deliver": str, "started": (int, float), "audio_seconds": (int, float),
}  # fmt: skip


@GROUP.check
def file(place: Place) -> None:
    """A file gives its text as the result of the session."""
    with place.client() as line:
        session_id = _started(place, line)
        result = _result(place, line, session_id)
        line.call("session/acknowledge", session_id=session_id)
    expect_fields(result, RESULT, "the result")
    expect(result["session_id"] == session_id, result)
    expect(result["verdict"] == Verdict.SPEECH, f"the verdict on the recording is {result['verdict']!r}")


@GROUP.check
def final(place: Place) -> None:
    """Notification session/final says that the text is there, and carries none."""
    with _finished(place) as (line, session_id, said):
        expect(said.get("verdict") == Verdict.SPEECH and "text" not in said and "raw" not in said, said)
        line.call("session/cancel", session_id=session_id)


@GROUP.check
def acknowledge(place: Place) -> None:
    """A result is repeated until it is acknowledged: ready, then maybe_delivered, then gone."""
    with _finished(place) as (line, session_id, _):
        expect(_states(line) == {session_id: PendingState.READY}, _states(line))
        result = _result(place, line, session_id)
        expect(_states(line) == {session_id: PendingState.MAYBE_DELIVERED}, _states(line))
        expect(_result(place, line, session_id) == result, "another result, the second time")
        receipt = {"status": "verified", "detail": "conformance"}
        line.call("session/acknowledge", session_id=session_id, receipt=receipt)
        expect(_states(line) == {}, f"acknowledged, and still pending: {_states(line)}")


@GROUP.check
def acknowledged(place: Place) -> None:
    """Acknowledging twice changes nothing; the result of what is acknowledged is unknown_session."""
    with _finished(place) as (line, session_id, _):
        for _ in range(2):
            line.call("session/acknowledge", session_id=session_id)
        line.refused(ErrorCode.REFUSED, "session/result", Reason.UNKNOWN_SESSION, session_id=session_id)


@GROUP.check
def owned(place: Place) -> None:
    """A text is its owner's alone while that is connected: not_owner for everybody else."""
    with _finished(place) as (line, session_id, _), place.client() as stranger:
        for method in ("session/result", "session/acknowledge", "session/claim"):
            stranger.refused(ErrorCode.REFUSED, method, Reason.NOT_OWNER, session_id=session_id)
        expect(_states(stranger) == {}, f"told a stranger of {_states(stranger)}")
        line.call("session/cancel", session_id=session_id)


@GROUP.check
def pending_of_all(place: Place) -> None:
    """Asked for all, session/pending lists everybody's, without their text."""
    with _finished(place) as (line, session_id, _), place.client() as stranger:
        listed = stranger.call("session/pending", all=True)["sessions"]
        ours = [one for one in listed if one.get("session_id") == session_id]
        expect(len(ours) == 1, f"it is not among {listed}")
        expect_fields(ours[0], _PENDING, "what is pending")
        expect("text" not in ours[0] and "raw" not in ours[0], "it holds the text")
        line.call("session/cancel", session_id=session_id)


@GROUP.check
def reconnect(place: Place) -> None:
    """An instance that comes back finds its text pending, and needs no claim."""
    instance = new_instance()
    with _finished(place, instance) as (_, session_id, _said):
        pass
    with place.line() as line:
        pending = line.initialize(instance)["pending"]
        expect([one.get("session_id") for one in pending] == [session_id], f"pending is {pending}")
        _result(place, line, session_id)
        line.call("session/acknowledge", session_id=session_id)


@GROUP.check
def claim(place: Place) -> None:
    """An orphan can be claimed once: its text is the claimer's; a second claim is already_claimed."""
    with place.client() as heir, place.client() as late:
        with _finished(place) as (_, session_id, _said):
            pass
        claimed = _claimed(place, heir, session_id)
        expect(claimed["deliver"] == "return", claimed)
        late.refused(ErrorCode.REFUSED, "session/claim", Reason.ALREADY_CLAIMED, session_id=session_id)
        _result(place, heir, session_id)
        heir.call("session/acknowledge", session_id=session_id)


@GROUP.check
def insert(place: Place) -> None:
    """An insert session is prepared with, and its text handed to, a starter that can insert."""
    with place.client(insert=True) as line:
        session_id = _started(place, line, deliver="insert")
        request = line.asked("insert/prepare")
        expect(request.get("params") == {"session_id": session_id}, request)
        line.reply(request, {"target": "conformance", "context": {}})
        line.patience = place.hearing_patience
        request = line.asked("text/insert")
        expect_fields(request.get("params"), {"session_id": str, "text": str, "target": str}, "text/insert")
        expect(request["params"]["target"] == "conformance", request["params"]["target"])
        line.reply(request, {"status": "sent", "detail": ""})
        ended = line.note("session/state", session_id=session_id, phase=Phase.ENDED)
        expect(ended["end"] == "delivered", ended)


@GROUP.check
def one_route(place: Place) -> None:
    """The text of an insert session is not given by session/result: wrong_phase."""
    with place.client(insert=True) as line:
        session_id = _started(place, line, deliver="insert")
        line.refused(ErrorCode.REFUSED, "session/result", Reason.WRONG_PHASE, session_id=session_id)
        line.call("session/cancel", session_id=session_id)


def _started(place: Place, line: Line, **params: str) -> str:
    given = {"source": "file", "path": place.recording, "pace": "fast", "mode": "raw", **params}
    return str(line.call("session/start", **given)["session_id"])


@contextmanager
def _finished(place: Place, instance: str = "") -> Iterator[tuple[Line, str, dict[str, Any]]]:
    """A client, its session whose text is there, and what ``session/final`` said."""
    with place.client(instance) as line:
        session_id = _started(place, line)
        line.patience = place.hearing_patience
        said = line.note("session/final", session_id=session_id)
        line.patience = place.patience
        yield line, session_id, said


def _result(place: Place, line: Line, session_id: str) -> dict[str, Any]:
    return line.result(line.request("session/result", {"session_id": session_id}), place.hearing_patience)


def _claimed(place: Place, line: Line, session_id: str) -> dict[str, Any]:
    """The answer to the claim, asked for again until the server has noticed that the owner is gone."""
    deadline = monotonic() + place.patience
    while True:
        answer = line.answer(line.request("session/claim", {"session_id": session_id}))
        data = answer.get("error", {}).get("data") or {}
        if data.get("reason") != Reason.NOT_OWNER or monotonic() > deadline:
            expect_fields(answer.get("result"), _PENDING, f"the answer {answer}")
            found: dict[str, Any] = answer["result"]
            return found


def _states(line: Line) -> dict[str, str]:
    return {one["session_id"]: one["state"] for one in line.call("session/pending")["sessions"]}
