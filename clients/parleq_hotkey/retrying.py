"""Holds on to a part of the desktop: opened again, ever less often, when it is lost or not there yet."""

from __future__ import annotations

import logging
import os
import traceback
from collections.abc import Awaitable, Callable

import anyio

from parleq_hotkey.ports import DesktopError
from parleqd.protocol.names import Reason

PAUSES = (0.2, 5.0)
_log = logging.getLogger(__name__)


async def hold(
    part: str,
    use: Callable[[Callable[[], None]], Awaitable[None]],
    on_lost: Callable[[DesktopError], None],
    pauses: tuple[float, float] = PAUSES,
) -> None:
    """Calls ``use`` for ever: it opens the part, calls what it is given once it works, and raises DesktopError.

    ``on_lost`` is told of each problem once: of another one, or of the same after it has worked in between. Any other
    exception is a bug, and told as ``internal``.
    ``pauses``: the first and the longest wait before the next attempt, in seconds. It ends when ``use`` returns.
    """
    told: tuple[str, str] | None = None
    pause, longest = pauses

    def works() -> None:
        nonlocal told, pause
        told, pause = None, pauses[0]
        _log.info("%s: ready", part)

    while True:
        try:
            await use(works)
            return
        except Exception as failure:  # noqa: BLE001 - a part that fails must not take the others with it
            problem = as_problem(part, failure)
            if told != (problem.reason, problem.message):
                told = (problem.reason, problem.message)
                _log.warning("%s: %s", part, problem.reason)
                on_lost(problem)
        await anyio.sleep(pause)
        pause = min(2 * pause, longest)


def as_problem(part: str, failure: Exception) -> DesktopError:
    """What a part failed of. It says where a bug is, and nothing of what the bug said: that may hold text."""
    while isinstance(failure, ExceptionGroup) and len(failure.exceptions) == 1:
        failure = failure.exceptions[0]
    if isinstance(failure, DesktopError):
        return failure
    where = traceback.extract_tb(failure.__traceback__)[-1]
    bug = f"{type(failure).__name__} at {os.path.basename(where.filename)}:{where.lineno}"
    return DesktopError(Reason.INTERNAL, f"a bug in parleq-hotkey, {part}: {bug}", "please report it")
