"""Blocking calls of one C library: in a thread, one at a time, each with a deadline after which it is left alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import anyio
from anyio import to_thread

from parleqd.core.capture import problems
from parleqd.core.errors import OutsideError

T = TypeVar("T")
_LOOK_S = 0.002


class Calls:
    """``whole``: a call that was begun is waited for, up to the deadline, even by a cancelled task.

    Otherwise a cancelled task leaves it at once. A call that was left goes on in its thread, and until it comes back
    no other is begun: the next one waits for it as long as the deadline of that call allows.
    """

    def __init__(self, what: str, patience_s: float, whole: bool) -> None:
        self._what = what
        self._patience_s = patience_s
        self._whole = whole
        self._turn = anyio.Lock()
        self._left: _Call[Any] | None = None

    async def __call__(self, function: Callable[[], T], undo: Callable[[T], object] | None = None) -> T:
        """What ``function`` returns or raises. ``undo`` is called with the result of a call that had been left.

        Raises ``OutsideError`` (``device_lost``) at the deadline, and while an earlier call hangs beyond its own.
        """
        async with self._turn:
            await self._end_of_left()
            call = _Call(function, undo, anyio.current_time() + self._patience_s)
            try:
                with anyio.CancelScope(deadline=call.deadline, shield=self._whole):
                    await to_thread.run_sync(call.run, abandon_on_cancel=True)
            finally:
                self._left = call if call.leave() else None
            if call.results:
                return call.results[0]
            raise self._hangs()

    async def _end_of_left(self) -> None:
        left = self._left
        if left is None:
            return
        with anyio.CancelScope(deadline=left.deadline):
            while not left.returned:  # noqa: ASYNC110 - a call's thread sets no event of the loop
                await anyio.sleep(_LOOK_S)
        if not left.returned:
            raise self._hangs()

    def _hangs(self) -> OutsideError:
        return problems.hangs(self._what, self._patience_s)


class _Call(Generic[T]):
    """One call. The thread that runs it and the task that leaves it claim its beginning, then its result.

    Of each, the side that comes second finds it claimed: what was left before it began never begins, and what was
    left before it returned is undone.
    """

    def __init__(self, function: Callable[[], T], undo: Callable[[T], object] | None, deadline: float) -> None:
        self.deadline = deadline
        self.returned = False
        self.results: list[T] = []
        self._function = function
        self._undo = undo
        self._beginning = threading.Lock()
        self._result = threading.Lock()

    def run(self) -> None:
        if not self._beginning.acquire(blocking=False):
            return
        try:
            result = self._function()
            if self._result.acquire(blocking=False):
                self.results.append(result)
            elif self._undo is not None:
                self._undo(result)
        finally:
            self.returned = True

    def leave(self) -> bool:
        """Is it still under way? Its result will be undone then."""
        if self._beginning.acquire(blocking=False):
            return False
        return self._result.acquire(blocking=False) and not self.returned
