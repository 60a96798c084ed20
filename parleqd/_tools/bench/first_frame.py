"""Budget: from key-down to the first frame of the microphone, at the client, over a private PulseAudio."""

from __future__ import annotations

import uuid
from statistics import median
from threading import Event
from time import perf_counter
from typing import Any

from parleq_client import Connection, Dictation
from parleqd._tools.bench.figures import Budget, Figure, percentile
from parleqd._tools.private_audio import NoAudioError, private_audio
from parleqd._tools.private_daemon import private_daemon
from parleqd.protocol.names import ModelState

BUDGET = Budget("key-down → first frame of the microphone, p95", 150, "ms")
ROUNDS = 20
_POLL_S = 0.02


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """`session/start` until the client is told that it is heard, again and again; the very first counts alone too."""
    try:
        with private_audio() as audio, private_daemon(environment=audio.env) as daemon:
            daemon.wait_for_answer()
            with daemon.connect() as connection:
                connection.initialize("parleqd-bench", instance=str(uuid.uuid4()), partials=False)
                wait_until_prepared(connection)
                took = [_press(connection) for _ in range(rounds)]
    except NoAudioError as problem:
        return [Figure(BUDGET.what, 0.0, "ms", f"not measured: {problem}")]
    detail = f"{rounds} presses, median {median(took):.0f} ms, the first {took[0]:.0f} ms"
    return [BUDGET.figure(percentile(took, 0.95), detail)]


def wait_until_prepared(connection: Connection) -> None:
    """What the daemon loads in the background at its start is there; a key is pressed later than that."""
    pause = Event()
    while _loads(connection.call("status/get")):
        pause.wait(_POLL_S)


def _loads(status: dict[str, Any]) -> bool:
    return not status["microphone"]["device"] or status["model"]["state"] == ModelState.LOADING


def _press(connection: Connection) -> float:
    """Milliseconds."""
    dictation = Dictation(connection)
    began = perf_counter()
    dictation.start_microphone()
    dictation.until_heard()
    took = (perf_counter() - began) * 1000
    dictation.cancel()
    return took
