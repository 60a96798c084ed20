"""Keeps the last moments of sound while nobody listens, and hands them over without a gap to whoever does."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable


class Tap:
    """Where a stream's frames go: into a bounded memory, or to a listener, which gets the memory first.

    ``put`` belongs to the stream's thread, the rest to another one: each side only replaces what the other reads.
    The memory is handed over by the stream's thread, with the next frames, so that the order holds. ``busy``: that
    thread is handing over, be it to a listener that has just left.
    """

    def __init__(self, blocks: int) -> None:
        self.busy = False
        self._memory: deque[bytes] = deque(maxlen=blocks)
        self._listener: Callable[[bytes], None] | None = None

    def put(self, pcm: bytes) -> None:
        """The next frames; of those that nobody hears the oldest are forgotten."""
        self.busy = True
        listener, memory = self._listener, self._memory  # what is begun is ended, whatever the other side does now
        if listener is None:
            memory.append(pcm)
        else:
            while memory:
                listener(memory.popleft())
            listener(pcm)
        self.busy = False

    def listen(self, listener: Callable[[bytes], None]) -> None:
        """From the next frames on, hand over."""
        self._listener = listener

    def leave(self, blocks: int) -> None:
        """Nobody listens any more: remember so many blocks from now on."""
        self._listener = None
        self._memory = deque(maxlen=blocks)

    def close(self) -> None:
        """The stream gives nothing more: what is in memory goes to the listener, if there is one."""
        listener, self._listener = self._listener, None
        while listener is not None and self._memory:
            listener(self._memory.popleft())
