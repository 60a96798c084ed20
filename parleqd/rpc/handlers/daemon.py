"""status/get, metrics/get."""

from __future__ import annotations

import os
import time

import parleqd
from parleqd.engine.hearing import DEAD
from parleqd.engine.report import measured
from parleqd.engine.sessions import Sessions
from parleqd.protocol import messages as m
from parleqd.protocol.methods import METRICS_GET, STATUS_GET
from parleqd.protocol.names import DaemonState, MicrophoneState, Phase, Reason, Source
from parleqd.rpc.dispatch import handles
from parleqd.rpc.services import Call, Services


@handles(STATUS_GET)
def status(call: Call, _: m.Nothing) -> m.StatusResult:
    services = call.services
    configuration = services.configuration
    settings = configuration.settings
    model = services.recognition.model
    microphone = _microphone(services)
    return m.StatusResult(
        state=_state(services.sessions),
        model=m.ModelStatus(name=model.name, compute_type=model.compute_type, state=model.state, detail=model.detail),
        device=microphone.device,
        microphone=microphone,
        cleanup=m.CleanupStatus(
            mode=settings.cleanup.mode,
            targets=services.targets.status(),
        ),
        pending=len(services.sessions.pending()),
        sessions=len(services.sessions.busy()),
        config=m.ConfigStatus(
            path=str(configuration.store.path),
            state=configuration.state,
            problems=[str(problem) for problem in configuration.store.problems],
            managed_by="" if configuration.store.policy is None else configuration.store.policy.path,
        ),
        version=parleqd.__version__,
        pid=os.getpid(),
        uptime_seconds=round(time.time() - services.started, 3),
    )


def _microphone(services: Services) -> m.MicrophoneStatus:
    chosen = services.configuration.settings.audio.device
    if services.microphone is None:
        return m.MicrophoneStatus(
            state=MicrophoneState.MISSING,
            device=chosen,
            chosen=chosen,
            reason=Reason.NO_MICROPHONE,
            message="this daemon has no microphone",
            hint="dictate a file with `parleqctl dictate FILE`",
        )
    found = services.microphone.status
    dead = found.reason is None and services.sessions.hearing.hears_nothing(services.sessions.busy())
    return m.MicrophoneStatus(
        state=found.state,
        device=found.device or chosen,
        chosen=chosen,
        reason=DEAD.reason if dead else found.reason,
        message=DEAD.message if dead else found.message,
        hint=DEAD.hint if dead else found.hint,
    )


def _state(sessions: Sessions) -> DaemonState:
    busy = sessions.busy()
    live = any(one.spec.source is not Source.FILE and one.state.phase is Phase.RECORDING for one in busy)
    if live:
        return DaemonState.RECORDING
    return DaemonState.WORKING if busy else DaemonState.IDLE


@handles(METRICS_GET)
def metrics(call: Call, _: m.Nothing) -> m.MetricsResult:
    services = call.services
    return measured(services.records.metrics, time.time() - services.started)
