from __future__ import annotations

from collections.abc import Callable

import pytest

from parleq_hotkey.ports import DesktopError
from parleq_hotkey.retrying import hold
from parleqd.protocol.names import Reason

ABSENT = DesktopError(Reason.NO_DISPLAY, "there is no display")
TAKEN = DesktopError(Reason.KEY_TAKEN, "F9 is taken")


async def told_of(*attempts: tuple[bool, Exception | None]) -> list[str]:
    """What is told of attempts: whether each worked for a while, and how it ended."""
    told: list[str] = []
    left = list(attempts)

    async def use(works: Callable[[], None]) -> None:
        worked, problem = left.pop(0)
        if worked:
            works()
        if problem is not None:
            raise problem

    await hold("keys", use, lambda problem: told.append(problem.reason), (0.0, 0.0))
    assert not left
    return told


@pytest.mark.asyncio
async def test_what_is_missing_is_tried_again_and_told_once() -> None:
    assert await told_of((False, ABSENT), (False, ABSENT), (True, None)) == ["no_display"]


@pytest.mark.asyncio
async def test_another_problem_or_the_same_after_it_worked_is_told() -> None:
    assert await told_of((False, ABSENT), (False, TAKEN), (True, None)) == ["no_display", "key_taken"]
    assert await told_of((True, ABSENT), (True, ABSENT), (True, None)) == ["no_display", "no_display"]


@pytest.mark.asyncio
async def test_what_a_task_group_wraps_is_told_as_it_is_and_a_bug_as_a_bug() -> None:
    wrapped = ExceptionGroup("a task", [ExceptionGroup("a task", [TAKEN])])
    assert await told_of((False, wrapped), (False, KeyError("x")), (True, None)) == ["key_taken", "internal"]
