"""Blocking calls of one C library: in a thread, one at a time, each with a deadline after which it is left alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import anyio
from anyio import to_thread

from parleqd.core.capture import problems

T = TypeVar("T")


class Calls:
    """``whole``: a call that was begun is waited for, up to the deadline, even by a cancelled task.

    Otherwise a cancelled task leaves it at once. A call that was left goes on in its thread: until it comes back no
    other is begun.
    """

    def __init__(self, what: str, patience_s: float, whole: bool) -> None:
        self._what = what
        self._patience_s = patience_s
        self._whole = whole
        self._turn = anyio.Lock()
        self._left: _Call[Any] | None = None

    async def __call__(self, function: Callable[[], T], undo: Callable[[T], object] | None = None) -> T:
        """What ``function`` returns or raises. ``undo`` is called with the result of a call that had been left.

        Raises ``OutsideError`` (``device_lost``) at the deadline, and while an earlier call still hangs.
        """
        async with self._turn:
            if self._left is not None and not self._left.returned:
                raise problems.hangs(self._what, self._patience_s)
            call = _Call(function, undo)
            try:
                with anyio.CancelScope(shield=self._whole), anyio.move_on_after(self._patience_s):
                    await to_thread.run_sync(call.run, abandon_on_cancel=True)
            finally:
                if call.leave():
                    self._left = call
            if call.results:
                return call.results[0]
            raise problems.hangs(self._what, self._patience_s)


class _Call(Generic[T]):
    """One call. Exactly one side finds it unclaimed: the thread at its return, or the task that leaves it."""

    def __init__(self, function: Callable[[], T], undo: Callable[[T], object] | None) -> None:
        self.returned = False
        self.results: list[T] = []
        self._function = function
        self._undo = undo
        self._claim = threading.Lock()

    def run(self) -> None:
        try:
            result = self._function()
            if self._claim.acquire(blocking=False):
                self.results.append(result)
            elif self._undo is not None:
                self._undo(result)
        finally:
            self.returned = True

    def leave(self) -> bool:
        """Has it not returned yet? Its result will be undone then."""
        return self._claim.acquire(blocking=False) and not self.returned
