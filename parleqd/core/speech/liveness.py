"""Is the recogniser alive? Decided from pings and pongs alone; whoever sends them owns the clock.

Two ways of hanging are told apart: a stopped or starved process answers no ping, and a decode that never comes back
is seen by how long the current step has been going on.
"""

from __future__ import annotations

PING_INTERVAL_S = 1.0
MISSED_PINGS = 3
MISSED_PINGS_LOADING = 20
"""While libraries and model come from a cold disk, the interpreter may be held for seconds at a time."""
STEP_LIMIT_S = 120.0
"""One step decodes at most 30 s of audio; large models on slow machines need a minute for it."""


class Liveness:
    """Counts unanswered pings, and watches how long one step takes."""

    def __init__(self) -> None:
        self._sent = 0
        self._answered = 0
        self._step_seconds = 0.0
        self._allowed = MISSED_PINGS_LOADING

    def loaded(self) -> None:
        """The model is there: from now on only a hang keeps the recogniser from answering."""
        self._allowed = MISSED_PINGS

    def next_ping(self) -> int:
        """The number of the ping to send now."""
        self._sent += 1
        return self._sent

    def answered(self, number: int, step_seconds: float) -> None:
        """A pong came."""
        self._answered = max(self._answered, number)
        self._step_seconds = step_seconds

    @property
    def hung(self) -> bool:
        """Too many pings in a row without an answer, or one step for longer than any step takes."""
        return self._sent - self._answered >= self._allowed or self._step_seconds > STEP_LIMIT_S
