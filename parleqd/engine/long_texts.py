"""Work on a text that takes milliseconds where the text is long: nobody else may wait for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import anyio.to_thread

_T = TypeVar("_T")

_THREADS = anyio.CapacityLimiter(2)
"""More would only take the interpreter from the event loop."""


async def worked_on(work: Callable[[], _T], characters: int, inline: int) -> _T:
    """What ``work`` gives: done at once for a text of up to ``inline`` characters, in a thread for a longer one."""
    if characters <= inline:
        return work()
    return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=_THREADS)
