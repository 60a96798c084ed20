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
