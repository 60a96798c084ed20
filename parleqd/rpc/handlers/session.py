"""session/*: thin translations; the rules are in `engine.sessions`."""

from __future__ import annotations

import os.path

from parleqd.core.applications.placing import Asked, placed
from parleqd.core.session.spec import SessionSpec
from parleqd.core.session.states import Delivering
from parleqd.protocol import messages as m
from parleqd.protocol.envelope import RpcError
from parleqd.protocol.methods import (
    SESSION_ACKNOWLEDGE,
    SESSION_AUDIO,
    SESSION_CANCEL,
    SESSION_CLAIM,
    SESSION_PENDING,
    SESSION_RECOVER,
    SESSION_RESULT,
    SESSION_START,
    SESSION_STOP,
)
from parleqd.protocol.names import SAMPLE_BYTES, Deliver, ErrorCode, OnDisconnect, Reason, Source
from parleqd.rpc import translate
from parleqd.rpc.dispatch import handles, handles_async
from parleqd.rpc.services import Call


@handles(SESSION_START)
def start(call: Call, params: m.SessionStartParams) -> m.SessionStarted:
    settings = call.services.configuration.settings
    language = params.context.language if params.context is not None else ""
    spec = SessionSpec(
        id="",
        number=0,
        owner=call.client.owner,
        source=params.source,
        deliver=params.deliver,
        mode=settings.cleanup.mode,
        started=0.0,
        path=_path(params),
        pace=params.pace,
        on_disconnect=params.on_disconnect if call.client.introduced else OnDisconnect.STOP,
        language=language or settings.speech.language,
        languages=settings.speech.languages,
        translate=settings.speech.translate,
        baseline=None if params.refine is None else params.refine.text,
    )
    asked = Asked(params.mode, params.context or m.SessionContext())
    sessions = call.services.sessions
    call.client.latest_session = sessions.start(placed(spec, asked, settings), asked)
    sessions.driver.find(call.client.latest_session).pressed_ms = params.pressed_ms
    return m.SessionStarted(session_id=call.client.latest_session)


def _path(params: m.SessionStartParams) -> str:
    path = params.path
    if params.source is not Source.FILE:
        if path is not None:
            raise _bad(f'"path" belongs to source "file", not "{params.source}"')
        return ""
    if path is None:
        raise _bad('source "file" needs a "path"')
    if not os.path.isabs(path):
        raise _bad(f'"path" must be absolute, got {path!r}')
    if "\0" in path:
        raise _bad('"path" must hold no NUL character')
    return path


def _bad(message: str) -> RpcError:
    return RpcError(ErrorCode.INVALID_PARAMS, f"bad parameters: {message}")


@handles_async(SESSION_AUDIO)
async def audio(call: Call, params: m.SessionAudioParams) -> m.Nothing:
    if len(params.pcm) % SAMPLE_BYTES:
        raise _bad(f'"pcm" holds {len(params.pcm)} bytes: half a sample too many (16-bit samples)')
    await call.services.sessions.audio(params.session_id, call.client.owner, params.pcm)
    return m.Nothing()


@handles(SESSION_STOP)
def stop(call: Call, params: m.SessionStopParams) -> m.SessionStarted:
    if params.deliver is Deliver.INSERT:
        raise _bad('"deliver" can only be "return" here')
    redirect = params.deliver is Deliver.RETURN
    session_id = call.services.sessions.stop(params.session_id, call.client.owner, redirect)
    if redirect:
        call.client.latest_session = session_id
    return m.SessionStarted(session_id=session_id)


@handles(SESSION_CANCEL)
def cancel(call: Call, params: m.SessionCancelParams) -> m.SessionStarted:
    sessions = call.services.sessions
    return m.SessionStarted(session_id=sessions.cancel(params.session_id, call.client.owner, keep=params.keep))


@handles_async(SESSION_RESULT)
async def result(call: Call, params: m.OptionalSessionRef) -> m.SessionResult:
    session_id = params.session_id or call.client.latest_session
    if session_id is None:
        message = "this connection has started no session: give a session_id"
        raise RpcError(ErrorCode.REFUSED, message, Reason.UNKNOWN_SESSION)
    live = await call.services.sessions.result(session_id, call.client.owner)
    assert isinstance(live.state, Delivering)
    return translate.session_result(live.spec, live.state.outcome)


@handles(SESSION_ACKNOWLEDGE)
def acknowledge(call: Call, params: m.SessionAcknowledgeParams) -> m.Nothing:
    call.services.sessions.acknowledge(params.session_id, call.client.owner, params.receipt)
    return m.Nothing()


@handles(SESSION_PENDING)
def pending(call: Call, params: m.SessionPendingParams) -> m.SessionPendingResult:
    waiting = call.services.sessions.pending(None if params.all else call.client.owner)
    return m.SessionPendingResult(sessions=[translate.pending_session(live) for live in waiting])


@handles(SESSION_CLAIM)
def claim(call: Call, params: m.SessionRef) -> m.PendingSession:
    live = call.services.sessions.claim(params.session_id, call.client.owner)
    call.client.latest_session = live.id
    return translate.pending_session(live)


@handles(SESSION_RECOVER)
def recover(call: Call, _: m.Nothing) -> m.SessionStarted:
    call.client.latest_session = call.services.sessions.recover(call.client.owner)
    return m.SessionStarted(session_id=call.client.latest_session)
