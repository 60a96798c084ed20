"""Beyond the contract (``tests/contract/test_audio_source.py``): the end can be held back."""

from __future__ import annotations

import anyio
import pytest

from parleqd.adapters.audio.scripted import ScriptedSource
from parleqd.core.ports import CaptureRequest
from parleqd.protocol.names import Source
from tests.fakes.sink import MemorySink


@pytest.mark.asyncio
async def test_the_end_waits_for_its_gate() -> None:
    gate, sink = anyio.Event(), MemorySink()
    source = ScriptedSource([b"\1\0", b"\2\0"], gate=gate)
    ended = anyio.Event()

    async def capture() -> None:
        await source.capture(CaptureRequest(Source.FILE), sink)
        ended.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(capture)
        await anyio.wait_all_tasks_blocked()
        assert sink.pcm == b"\1\0\2\0"
        assert not ended.is_set()
        gate.set()
    assert ended.is_set()
