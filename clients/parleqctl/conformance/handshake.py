"""Checks of the handshake."""

from __future__ import annotations

from parleqctl.conformance.checks import Group
from parleqctl.conformance.place import new_instance
from parleqctl.conformance.unmet import expect, expect_fields
from parleqd.protocol.names import MAX_INSTANCE_CHARACTERS, PROTOCOL_VERSION, ErrorCode, Reason

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the milliseconds of importing typing
if TYPE_CHECKING:
    from typing import Any

    from parleqctl.conformance.place import Place

GROUP = Group()
_ANSWER: dict[str, Any] = {"server": dict, "protocol": int, "capabilities": dict, "pending": list}


@GROUP.check
def initialize(place: Place) -> None:
    """The answer to initialize has server, protocol 1, capabilities and what is pending."""
    with place.line() as line:
        answer = line.initialize(new_instance())
    expect_fields(answer, _ANSWER, "the answer")
    expect_fields(answer["server"], {"name": str, "version": str}, "server")
    expect_fields(answer["capabilities"], {"sources": list, "modes": list, "topics": list}, "capabilities")
    expect(answer["protocol"] == PROTOCOL_VERSION, f"protocol {answer['protocol']}")
    expect(answer["pending"] == [], f"a new instance has something pending: {answer['pending']}")


@GROUP.check
def initialize_again(place: Place) -> None:
    """A second initialize on a connection is refused with -32600."""
    with place.client() as line:
        client = {"name": "again", "version": "", "instance": new_instance()}
        line.refused(ErrorCode.INVALID_REQUEST, "initialize", client=client, protocol=PROTOCOL_VERSION)


@GROUP.check
def other_protocol(place: Place) -> None:
    """Another version of the protocol is refused with -32000, protocol_unsupported."""
    with place.line() as line:
        client = {"name": "newer", "version": "", "instance": new_instance()}
        line.refused(ErrorCode.REFUSED, "initialize", Reason.PROTOCOL_UNSUPPORTED, client=client, protocol=9999)
        line.initialize(new_instance())


@GROUP.check
def instance_length(place: Place) -> None:
    """An instance has 1 to 64 characters; others are refused with -32602."""
    for instance in ("", "x" * (MAX_INSTANCE_CHARACTERS + 1)):
        with place.line() as line:
            client = {"name": "odd", "version": "", "instance": instance}
            line.refused(ErrorCode.INVALID_PARAMS, "initialize", client=client, protocol=PROTOCOL_VERSION)


@GROUP.check
def without_handshake(place: Place) -> None:
    """A client that skips the handshake is served, but may not subscribe (-32600)."""
    with place.line() as line:
        line.call("status/get")
        line.refused(ErrorCode.INVALID_REQUEST, "events/subscribe", topics=["state"])


@GROUP.check
def silence_before_initialized(place: Place) -> None:
    """Nothing is told before initialized."""
    with place.line() as line:
        client = {"name": "early", "version": "", "instance": new_instance()}
        line.call("initialize", client=client, protocol=PROTOCOL_VERSION)
        session_id = line.call("session/start", source="stream")["session_id"]
        line.call("session/cancel", session_id=session_id)
        line.call("status/get")
        expect(not line.notes, f"told {line.notes}")
