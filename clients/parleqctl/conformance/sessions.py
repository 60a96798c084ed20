"""Checks of sessions that need nobody to speak."""

from __future__ import annotations

from binascii import b2a_base64

from parleqctl.conformance.checks import Group
from parleqctl.conformance.line import expect_error
from parleqctl.conformance.unmet import expect, expect_fields
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE, ErrorCode, Reason, Verdict

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

    from parleqctl.conformance.place import Place

GROUP = Group()
RESULT: dict[str, Any] = {
    "session_id": str, "verdict": str, "raw": str, "text": str, "mode": dict, "fallback": (dict, type(None)),
    "segments": list, "edits": list, "audio_seconds": (int, float), "timings_ms": dict, "model": dict,
    "warnings": list, "language": str, "baseline": (str, type(None)),
}  # fmt: skip
"""The fields of ``SessionResult``."""
_SILENCE = b2a_base64(bytes(SAMPLE_RATE * SAMPLE_BYTES), newline=False).decode("ascii")
"""A second of it."""


@GROUP.check
def silence(place: Place) -> None:
    """A stream of silence gives a result with an empty text, and leaves nothing pending."""
    with place.client() as line:
        session_id = line.call("session/start", source="stream")["session_id"]
        line.call("session/audio", session_id=session_id, pcm=_SILENCE)
        line.call("session/stop", session_id=session_id)
        result = line.result(line.request("session/result", {"session_id": session_id}), place.hearing_patience)
        expect_fields(result, RESULT, "the result")
        expect(result["verdict"] in set(Verdict) - {Verdict.SPEECH} and result["text"] == "", result)
        expect(line.call("session/pending")["sessions"] == [], "it is pending")
        line.call("session/acknowledge", session_id=session_id)


@GROUP.check
def latest_session(place: Place) -> None:
    """Without session_id, session/result means the latest session of the connection."""
    with place.client() as line:
        line.refused(ErrorCode.REFUSED, "session/result", Reason.UNKNOWN_SESSION)
        session_id = line.call("session/start", source="stream")["session_id"]
        line.call("session/stop", session_id=session_id)
        result = line.result(line.request("session/result", {}), place.hearing_patience)
        expect(result.get("session_id") == session_id, result)


@GROUP.check
def cancelled(place: Place) -> None:
    """With session/cancel everything is given up: the result is -32800, cancelled."""
    with place.client() as line:
        session_id = line.call("session/start", source="stream")["session_id"]
        line.call("session/audio", session_id=session_id, pcm=_SILENCE)
        line.call("session/cancel", session_id=session_id)
        answer = line.answer(line.request("session/result", {"session_id": session_id}))
        expect_error(answer, ErrorCode.CANCELLED, Reason.CANCELLED)


@GROUP.check
def strangers(place: Place) -> None:
    """Another client may not touch the stream of one that is connected: -32000, not_owner."""
    with place.client() as owner, place.client() as stranger:
        session_id = owner.call("session/start", source="stream")["session_id"]
        params = {"session_id": session_id}
        stranger.refused(ErrorCode.REFUSED, "session/audio", Reason.NOT_OWNER, pcm=_SILENCE, **params)
        for method in ("session/stop", "session/cancel", "session/result", "session/acknowledge"):
            stranger.refused(ErrorCode.REFUSED, method, Reason.NOT_OWNER, **params)
        stranger.refused(ErrorCode.REFUSED, "session/claim", Reason.WRONG_PHASE, **params)
        owner.call("session/cancel", **params)


@GROUP.check
def whole_samples(place: Place) -> None:
    """Audio is base64 of whole samples; anything else is refused with -32602."""
    with place.client() as line:
        session_id = line.call("session/start", source="stream")["session_id"]
        line.refused(ErrorCode.INVALID_PARAMS, "session/audio", session_id=session_id, pcm="AAAAAA==AA")
        line.refused(ErrorCode.INVALID_PARAMS, "session/audio", session_id=session_id, pcm="AA==")
        line.call("session/cancel", session_id=session_id)
