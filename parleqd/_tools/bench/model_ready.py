"""Figure without a budget, since nobody waits for it: from the daemon's start until the model is ready."""

from __future__ import annotations

import uuid
from time import perf_counter
from typing import Any

from parleq_client import Connection
from parleqd._tools.bench.figures import Figure
from parleqd._tools.private_daemon import NoDaemonError, PrivateDaemon
from parleqd.protocol.names import ModelState, Topic


def measure(daemon: PrivateDaemon, began: float) -> list[Figure]:
    """``began`` is when the daemon was started, by ``perf_counter``. Raises ``NoDaemonError`` if it fails."""
    daemon.wait_for_answer()
    with daemon.connect() as connection:
        connection.initialize("parleqd-bench", instance=str(uuid.uuid4()))
        connection.call("events/subscribe", {"topics": [Topic.STATE]})
        model = connection.call("status/get")["model"]
        while model["state"] != ModelState.READY:
            if model["state"] in (ModelState.MISSING, ModelState.FAILED):
                raise NoDaemonError(f"the speech model is {model['state']}: {model['detail']}")
            model = _next_state(connection)
    took = (perf_counter() - began) * 1000
    return [Figure("daemon start → model ready", took, "ms", f"{model['name']}, {model['compute_type']}")]


def _next_state(connection: Connection) -> dict[str, Any]:
    """What the daemon tells of its model next."""
    method, params = connection.next_notification()
    while method != "daemon/state":
        method, params = connection.next_notification()
    model: dict[str, Any] = params["model"]
    return model
