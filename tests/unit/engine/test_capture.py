from __future__ import annotations

import anyio
import anyio.lowlevel
import anyio.to_thread
import pytest

from parleqd.adapters.journal.memory import MemoryEntry, MemoryJournal
from parleqd.core.ports import JournalEntry
from parleqd.engine.capture import RING_SECONDS, Capture
from parleqd.protocol.names import SAMPLE_BYTES, SAMPLE_RATE

SECOND = bytes(SAMPLE_RATE * SAMPLE_BYTES)


class SlowEntry(MemoryEntry):
    """A journal entry whose disk is busy until ``done`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = anyio.Event()
        self.done = anyio.Event()

    async def append(self, pcm: bytes) -> None:
        self.begun.set()
        await self.done.wait()
        await super().append(pcm)


def capture_into(entry: JournalEntry, told: list[int] | None = None) -> Capture:
    """``told``: how many samples were in the journal whenever there were new ones."""

    async def on_frames(_: bytes) -> None:
        if told is not None:
            told.append(entry.samples)

    return Capture(entry, on_frames)


@pytest.mark.asyncio
async def test_frames_are_in_the_journal_before_anybody_is_told() -> None:
    entry, told = MemoryJournal().open("s1"), list[int]()
    capture = capture_into(entry, told)
    await capture.write(b"\1\0" * 10)
    await capture.write(b"\2\0" * 5)
    assert told == [10, 15]
    assert entry.read(0, 100) == b"\1\0" * 10 + b"\2\0" * 5


@pytest.mark.asyncio
async def test_the_length_of_the_recording_is_what_the_journal_holds() -> None:
    capture = capture_into(MemoryJournal().open("s1"))
    await capture.write(SECOND)
    await capture.write(SECOND[:16_000])
    assert capture.seconds == 1.5


@pytest.mark.asyncio
async def test_a_foreign_thread_pushes_and_the_loop_drains_in_order() -> None:
    entry = MemoryJournal().open("s1")
    capture = capture_into(entry)
    frames = [number.to_bytes(2, "little") * 100 for number in range(500)]

    def push_all() -> None:
        for frame in frames:
            capture.push(frame)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(capture.drain)
        await anyio.to_thread.run_sync(push_all)
        with anyio.fail_after(5):
            while entry.samples < 50_000:
                await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    assert entry.read(0, 50_000) == b"".join(frames)
    assert capture.dropped_samples == 0


@pytest.mark.asyncio
async def test_a_full_ring_drops_and_counts_until_there_is_room() -> None:
    entry = MemoryJournal().open("s1")
    capture = capture_into(entry)
    for _ in range(int(RING_SECONDS)):
        capture.push(SECOND)
    capture.push(b"\0\0" * 7)
    assert capture.dropped_samples == 7
    await capture.flush()
    assert capture.seconds == RING_SECONDS
    capture.push(SECOND)
    await capture.flush()
    assert capture.seconds == RING_SECONDS + 1
    assert capture.dropped_samples == 7


@pytest.mark.asyncio
async def test_the_ring_never_holds_more_than_its_bound() -> None:
    capture = capture_into(MemoryJournal().open("s1"))
    for _ in range(1000):
        capture.push(SECOND)
    assert capture.dropped_samples == (1000 - RING_SECONDS) * SAMPLE_RATE


@pytest.mark.asyncio
async def test_a_stop_while_frames_are_being_written_loses_none() -> None:
    entry = SlowEntry()
    capture = capture_into(entry)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(capture.drain)
        capture.push(b"\1\0")
        capture.push(b"\2\0")
        await entry.begun.wait()
        tasks.cancel_scope.cancel()
        entry.done.set()
    await capture.flush()
    assert entry.read(0, 10) == b"\1\0\2\0"
