"""Tasks that run beside a block of code and end with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import anyio


@asynccontextmanager
async def beside(*jobs: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """Runs the jobs until the end of the block, and cancels them there.

    What the block raises comes out as it is, not within a group of exceptions as a task group has it: who calls cannot
    know of the jobs. What a job raises ends the block, and comes out in a group.
    """
    failure: Exception | None = None
    async with anyio.create_task_group() as group:
        for job in jobs:
            group.start_soon(job)
        try:
            yield
        except Exception as problem:  # noqa: BLE001 — raised again below
            failure = problem
        group.cancel_scope.cancel()
    if failure is not None:
        raise failure
