from __future__ import annotations

import anyio
import pytest

from parleq_hotkey.background import beside


@pytest.mark.asyncio
async def test_jobs_run_beside_the_block_and_end_with_it() -> None:
    started, cancelled = anyio.Event(), False

    async def job() -> None:
        nonlocal cancelled
        started.set()
        try:
            await anyio.sleep_forever()
        except anyio.get_cancelled_exc_class():
            cancelled = True
            raise

    async with beside(job):
        await started.wait()
        assert not cancelled
    assert cancelled


@pytest.mark.asyncio
async def test_what_the_block_raises_comes_out_as_it_is() -> None:
    with pytest.raises(LookupError, match="mine"):
        async with beside(anyio.sleep_forever):
            raise LookupError("mine")


@pytest.mark.asyncio
async def test_a_job_that_fails_ends_the_block() -> None:
    async def job() -> None:
        raise LookupError("the job's")

    with pytest.raises(ExceptionGroup) as caught:
        async with beside(job):
            await anyio.sleep_forever()
    assert caught.group_contains(LookupError, match="the job's")
