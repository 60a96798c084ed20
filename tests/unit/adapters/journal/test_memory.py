"""Beyond the contract (``tests/contract/test_journal.py``): trimmed audio no longer takes memory."""

from __future__ import annotations

import tracemalloc

import pytest

from parleqd.adapters.journal.memory import MemoryJournal

MEGABYTE = 1_000_000


@pytest.mark.asyncio
async def test_memory_is_what_is_kept_however_long_the_audio() -> None:
    tracemalloc.start()
    try:
        entry = MemoryJournal().open("s1")
        for _ in range(100):
            await entry.append(bytes(MEGABYTE))
            entry.trim(before=entry.samples - 1000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5 * MEGABYTE
