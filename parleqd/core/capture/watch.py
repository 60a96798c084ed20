"""Decides when a stream that was opened is lost: by the frames that arrive, since nothing else can be trusted."""

from __future__ import annotations

from enum import StrEnum

FIRST_FRAME_WITHIN_S = 1.0
"""A stream can open without error and never give a frame."""
NEXT_FRAME_WITHIN_S = 0.5
LATE_LOOK_S = 0.3
"""After a longer time without a look (a stopped process, a machine that slept) no silence is proved yet."""


class Loss(StrEnum):
    """How a stream was lost, as the end of a sentence that begins with the device's name."""

    NEVER_BEGAN = "opened, but gave no sound"
    FELL_SILENT = "stopped giving sound"
    ENDED = "went away"


class Watch:
    """Over one stream. All times are of one monotonic clock, in seconds."""

    def __init__(self, began: float) -> None:
        self._counts_from = began
        self._looked = began

    def look(self, now: float, last_frame: float | None, ended: bool) -> Loss | None:
        """``last_frame``: when the latest one came. ``ended``: the stream says that it is over."""
        if now - self._looked > LATE_LOOK_S:
            self._counts_from = now
        self._looked = now
        if ended:
            return Loss.ENDED
        if last_frame is None:
            return Loss.NEVER_BEGAN if now - self._counts_from > FIRST_FRAME_WITHIN_S else None
        quiet_since = max(last_frame, self._counts_from)
        return Loss.FELL_SILENT if now - quiet_since > NEXT_FRAME_WITHIN_S else None
