"""When something happened on this process's monotonic clock, by the time stamp that the X server gave it."""

from __future__ import annotations

_WRAP_MS = 1 << 32
_LATEST_S = 10.0


class ServerClock:
    """Maps the server's milliseconds, which start anew every 49.7 days, to seconds of the monotonic clock.

    The event that came soonest after it happened tells how far the clocks are apart. One that seems to have come later
    than after ten seconds tells that the server's clock was set.
    """

    def __init__(self) -> None:
        self._reference: tuple[int, float] | None = None

    def at(self, stamp_ms: int, now: float) -> float:
        """When an event with that stamp, seen ``now``, happened; never later than ``now``."""
        if self._reference is not None:
            reference_ms, reference_s = self._reference
            at = reference_s + _difference(stamp_ms, reference_ms) / 1000
            if now - _LATEST_S <= at <= now:
                self._reference = (stamp_ms, at)
                return at
        self._reference = (stamp_ms, now)
        return now


def _difference(later_ms: int, earlier_ms: int) -> int:
    """Milliseconds from one stamp to the other, either way round."""
    return (later_ms - earlier_ms + _WRAP_MS // 2) % _WRAP_MS - _WRAP_MS // 2
