"""initialize, events/subscribe."""

from __future__ import annotations

import parleqd
from parleqd.protocol import messages as m
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.methods import EVENTS_SUBSCRIBE, INITIALIZE
from parleqd.protocol.names import PROTOCOL_VERSION, ErrorCode, Mode, Reason, Topic
from parleqd.rpc import translate
from parleqd.rpc.dispatch import handles
from parleqd.rpc.services import Call


@handles(INITIALIZE)
def initialize(call: Call, params: m.InitializeParams) -> m.InitializeResult:
    if params.protocol != PROTOCOL_VERSION:
        raise RpcError(
            ErrorCode.REFUSED,
            f"this daemon speaks protocol {PROTOCOL_VERSION}, the client asked for {params.protocol}",
            Reason.PROTOCOL_UNSUPPORTED,
            "install the client and parleqd of the same release",
        )
    call.client.introduce(params.client.instance, params.capabilities)
    sessions = call.services.sessions
    return m.InitializeResult(
        server=m.ServerInfo(name="parleqd", version=parleqd.__version__),
        protocol=PROTOCOL_VERSION,
        capabilities=m.ServerCapabilities(
            sources=sessions.hearing.sources(), modes=[Mode.RAW, Mode.INSTANT, Mode.POLISHED], topics=list(Topic)
        ),
        pending=[translate.pending_session(live) for live in sessions.pending(call.client.owner)],
    )


@handles(EVENTS_SUBSCRIBE)
def subscribe(call: Call, params: m.EventsSubscribeParams) -> m.EventsSubscribeResult:
    topics = frozenset(params.topics)
    call.client.subscribe(topics)
    return m.EventsSubscribeResult(topics=sorted(topics))
