"""Checks of notifications and subscriptions."""

from __future__ import annotations

from parleqctl.conformance.checks import Group
from parleqctl.conformance.unmet import expect, expect_fields
from parleqd.protocol.names import Phase

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from parleqctl.conformance.line import Line
    from parleqctl.conformance.place import Place

GROUP = Group()


@GROUP.check
def subscribe(place: Place) -> None:
    """The answer to events/subscribe has the topics, which replace those before."""
    with place.client() as line:
        for topics in (["state", "notice"], ["partial"], []):
            answer = line.call("events/subscribe", topics=topics)
            expect(sorted(answer.get("topics") or []) == sorted(topics), f"{topics} are answered with {answer}")


@GROUP.check
def own_sessions(place: Place) -> None:
    """A client hears of its own sessions without a subscription."""
    with place.client() as line:
        session_id = _started_and_cancelled(line)
        recording = line.note("session/state", session_id=session_id, phase=Phase.RECORDING)
        expect_fields(recording, {"source": str, "deliver": str, "end": object, "reason": object}, "session/state")
        ended = line.note("session/state", session_id=session_id, phase=Phase.ENDED)
        expect(ended["end"] == "cancelled", ended)


@GROUP.check
def others_sessions(place: Place) -> None:
    """Topic state tells of everybody's sessions."""
    with place.client() as line, place.client() as other:
        line.call("events/subscribe", topics=["state"])
        session_id = _started_and_cancelled(other)
        line.note("session/state", session_id=session_id, phase=Phase.ENDED)


@GROUP.check
def not_others_sessions(place: Place) -> None:
    """Without a subscription nothing is told of others' sessions."""
    with place.client() as line, place.client() as other:
        session_id = _started_and_cancelled(other)
        other.note("session/state", session_id=session_id, phase=Phase.ENDED)
        line.still_answers()
        told = [note for note in line.notes if (note.get("params") or {}).get("session_id") == session_id]
        expect(not told, f"told {told}")


def _started_and_cancelled(line: Line) -> str:
    session_id = str(line.call("session/start", source="stream")["session_id"])
    line.call("session/cancel", session_id=session_id)
    return session_id
