from __future__ import annotations

from threading import Event

import anyio
import anyio.lowlevel
import pytest

from parleqd.adapters.audio.microphone.calls import Calls
from parleqd.core.errors import OutsideError
from parleqd.protocol.names import Reason

PATIENCE_S = 0.05


def refuse() -> None:
    raise ValueError("so it is")


@pytest.mark.asyncio
async def test_what_a_call_returns_or_raises_comes_back() -> None:
    calls = Calls("it", 10, whole=True)
    assert await calls(lambda: 7) == 7
    with pytest.raises(ValueError, match="so it is"):
        await calls(refuse)
    assert await calls(lambda: 8) == 8


@pytest.mark.asyncio
async def test_a_call_that_hangs_is_left_undone_later_and_bars_the_next_until_then() -> None:
    calls, go, undone = Calls("it", PATIENCE_S, whole=True), Event(), Event()
    hangs = pytest.raises(OutsideError, match="it does not answer")
    try:
        with hangs as error:
            await calls(lambda: go.wait(10), undo=lambda _: undone.set())
        assert error.value.reason is Reason.DEVICE_LOST
        with pytest.raises(OutsideError, match="it does not answer"):
            await calls(lambda: True)
    finally:
        go.set()
    assert await anyio.to_thread.run_sync(undone.wait, 10)
    with anyio.fail_after(5):
        while True:
            try:
                assert await calls(lambda: 1) == 1
                break
            except OutsideError:
                await anyio.lowlevel.checkpoint()


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.asyncio
async def test_a_cancelled_task_waits_for_a_whole_call_and_leaves_another(whole: bool) -> None:
    calls, begun, go = Calls("it", 10, whole), Event(), Event()
    finished = []

    def work() -> None:
        begun.set()
        go.wait(10)
        finished.append(True)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(calls, work)
        assert await anyio.to_thread.run_sync(begun.wait, 10)
        tasks.cancel_scope.cancel()
        if whole:
            go.set()
    assert finished == ([True] if whole else [])
    go.set()


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("moments", range(7))
@pytest.mark.asyncio
async def test_whenever_a_task_is_cancelled_the_next_call_is_made_and_the_first_never_after_it(
    moments: int, whole: bool
) -> None:
    calls, made = Calls("it", 10, whole), list[str]()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(calls, lambda: made.append("first"))
        for _ in range(moments):
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    await calls(lambda: made.append("second"))
    await calls(lambda: made.append("third"))
    assert made in (["second", "third"], ["first", "second", "third"])


@pytest.mark.asyncio
async def test_a_call_that_a_cancelled_task_left_is_waited_for_by_the_next() -> None:
    calls, begun, go = Calls("it", 10, whole=False), Event(), Event()
    made = []

    def work() -> None:
        begun.set()
        go.wait(10)
        made.append("first")

    try:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(calls, work)
            assert await anyio.to_thread.run_sync(begun.wait, 10)
            tasks.cancel_scope.cancel()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(calls, lambda: made.append("second"))
            await anyio.wait_all_tasks_blocked()
            assert made == []
            go.set()
    finally:
        go.set()
    assert made == ["first", "second"]


@pytest.mark.asyncio
async def test_a_call_that_found_no_thread_bars_nothing() -> None:
    calls, threads = Calls("it", PATIENCE_S, whole=True), anyio.to_thread.current_default_thread_limiter()
    made, others = list[str](), [object() for _ in range(int(threads.available_tokens))]
    for other in others:
        threads.acquire_on_behalf_of_nowait(other)
    with pytest.raises(OutsideError, match="it does not answer"):
        await calls(lambda: made.append("first"))
    for other in others:
        threads.release_on_behalf_of(other)
    await calls(lambda: made.append("second"))
    assert made == ["second"]
