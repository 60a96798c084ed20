"""Clips that went through both, as the speech bench sees them; made up."""

from __future__ import annotations

from parleqd._tools.bench.speech.accuracy import Errors
from parleqd._tools.bench.speech.comparison import Compared, Theirs

NOTHING = Errors()


def compared(
    length: float,
    ours_ms: float,
    whole_ms: float,
    *,
    way: str = "",
    errors: Errors = NOTHING,
    theirs: Errors = NOTHING,
    cpu_seconds: float | None = 0.5,
) -> Compared:
    """A clip of ``length`` seconds and two words a second, the client 2 ms behind, beam 5 twice as slow."""
    return Compared(
        way=way,
        length=length,
        seconds=length,
        words=round(2 * length),
        release_to_raw=ours_ms,
        at_client=ours_ms + 2,
        errors=errors,
        said="hello",
        heard="hallo",
        whole={1: Theirs(whole_ms, theirs, "hollow"), 5: Theirs(2 * whole_ms, theirs, "hello")},
        cpu_seconds=cpu_seconds,
        worker_mb=200.0,
        whole_mb=300.0,
    )
