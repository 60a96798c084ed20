from __future__ import annotations

import anyio
import pytest

from parleq_hotkey.dictations import Dictation, Dictations
from parleq_hotkey.gesture import Intent
from parleqd.protocol.names import Phase


def test_one_is_recorded_until_keys_daemon_or_end_say_otherwise() -> None:
    assert Dictation().recording
    assert Dictation(phase=Phase.RECORDING).recording
    assert not Dictation(phase=Phase.CLEANING).recording
    assert not Dictation(ending=Intent.STOP).recording
    assert not Dictation(over=True).recording
    assert Dictation(ending=Intent.STOP_QUICK).quick
    assert Dictation(ending=Intent.STOP).released


@pytest.mark.asyncio
async def test_one_that_begins_is_found_once_the_daemon_has_named_it() -> None:
    dictations, dictation = Dictations(), Dictation()
    dictations.begin(dictation)
    found: list[Dictation | None] = []

    async def look() -> None:
        found.append(await dictations.named("s1"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(look)
        await anyio.wait_all_tasks_blocked()
        assert dictations.starting
        dictations.name(dictation, "s1")
    assert found == [dictation]
    assert dictations.all == [dictation]
    dictations.forget(dictation)
    assert dictation.over
    assert dictations.find("s1") is None
    assert dictations.all == []


@pytest.mark.asyncio
async def test_another_client_s_is_not_found() -> None:
    dictations, dictation = Dictations(), Dictation()
    dictations.begin(dictation)
    dictations.forget(dictation)
    assert await dictations.named("s9") is None
