"""An audio source out of memory: the same frames each time, and whatever failure a test wants to see."""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from parleqd.core.errors import OutsideError
from parleqd.core.ports import AudioSink, CaptureRequest


class ScriptedSource:
    """Fills the ``AudioSource`` port with ``frames``; the pace is as fast as there is room.

    ``failure`` is raised where the frames end. ``gate``: the end, or the failure, waits for this event.
    """

    def __init__(
        self,
        frames: Sequence[bytes],
        *,
        failure: OutsideError | None = None,
        gate: anyio.Event | None = None,
    ) -> None:
        self._frames = frames
        self._failure = failure
        self._gate = gate

    async def capture(self, request: CaptureRequest, sink: AudioSink) -> None:
        """Put the frames into the sink."""
        for frame in self._frames:
            await sink.write(frame)
        if self._gate is not None:
            await self._gate.wait()
        if self._failure is not None:
            raise self._failure
