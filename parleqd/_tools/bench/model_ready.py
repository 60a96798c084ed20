"""Figure without a budget, since nobody waits for it: from the daemon's start until the model is ready."""

from __future__ import annotations

import subprocess
from time import perf_counter

from parleqd._tools.bench.figures import Figure
from parleqd._tools.private_daemon import NoDaemonError, PrivateDaemon
from parleqd.protocol.names import ModelState

READY_WITHIN_S = 60.0
_POLL_S = 0.02


def measure(daemon: PrivateDaemon, began: float) -> list[Figure]:
    """``began`` is when the daemon was started, by ``perf_counter``. Raises ``NoDaemonError`` if it fails."""
    daemon.wait_for_answer()
    with daemon.connect() as connection:
        while (model := connection.call("status/get")["model"])["state"] != ModelState.READY:
            if model["state"] in (ModelState.MISSING, ModelState.FAILED):
                raise NoDaemonError(f"the speech model is {model['state']}: {model['detail']}")
            try:
                daemon.process.wait(timeout=_POLL_S)
            except subprocess.TimeoutExpired:
                if perf_counter() - began < READY_WITHIN_S:
                    continue
            raise NoDaemonError(f"the model was not ready in {READY_WITHIN_S:g} s:\n{daemon.log_tail()}")
    took = (perf_counter() - began) * 1000
    return [Figure("daemon start → model ready", took, "ms", f"{model['name']}, {model['compute_type']}")]
