from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import anyio
import pytest

from parleq_hotkey.feedback.quiet import Quiet
from parleq_hotkey.ports import ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, ReceiptStatus

RECEIPT = Receipt(ReceiptStatus.SENT)


class FakeHush:
    """Notes what it is asked. ``hang``: quietening waits for it."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.hang = anyio.Event()
        self.hang.set()

    async def quieten(self) -> None:
        self.done.append("quieten")
        await self.hang.wait()

    async def restore(self) -> None:
        self.done.append("restore")


@asynccontextmanager
async def running(quiet: Quiet, media: str) -> AsyncIterator[None]:
    quiet.choose(FeedbackSettings(media=media))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(quiet.run)
        await anyio.wait_all_tasks_blocked()
        yield
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize(
    "ends",
    [
        lambda quiet: quiet.working(Phase.TRANSCRIBING),
        lambda quiet: quiet.cancelled(),
        lambda quiet: quiet.dropped(),
        lambda quiet: quiet.nothing_said(),
        lambda quiet: quiet.waits(RECEIPT),
        lambda quiet: quiet.inserted(RECEIPT, ReadyText("a")),
        lambda quiet: quiet.review(ReadyText("a")),
        lambda quiet: quiet.failed("no_microphone", "", ""),
    ],
)
@pytest.mark.asyncio
async def test_it_is_quiet_from_the_key_to_the_end_of_the_recording(ends: Callable[[Quiet], None]) -> None:
    pause, duck = FakeHush(), FakeHush()
    quiet = Quiet({"pause": pause, "duck": duck})
    async with running(quiet, "duck"):
        assert (pause.done, duck.done) == (["restore"], ["restore"])  # what an earlier process left
        await quiet.before_recording()
        await anyio.wait_all_tasks_blocked()
        assert duck.done == ["restore", "quieten"]
        ends(quiet)
        await anyio.wait_all_tasks_blocked()
        assert duck.done == ["restore", "quieten", "restore"]
        ends(quiet)
        await anyio.wait_all_tasks_blocked()
        assert duck.done == ["restore", "quieten", "restore"]
    assert pause.done == ["restore", "restore"]


@pytest.mark.asyncio
async def test_nothing_is_touched_unless_asked() -> None:
    pause = FakeHush()
    quiet = Quiet({"pause": pause})
    async with running(quiet, "leave"):
        await quiet.before_recording()
        await anyio.wait_all_tasks_blocked()
        assert pause.done == ["restore"]


@pytest.mark.asyncio
async def test_a_recording_that_is_over_before_it_was_quiet_is_followed_by_sound() -> None:
    pause = FakeHush()
    pause.hang = anyio.Event()
    quiet = Quiet({"pause": pause})
    async with running(quiet, "pause"):
        await quiet.before_recording()
        await anyio.wait_all_tasks_blocked()
        quiet.dropped()
        pause.hang.set()
        await anyio.wait_all_tasks_blocked()
        assert pause.done == ["restore", "quieten", "restore"]


@pytest.mark.asyncio
async def test_the_program_s_end_undoes_it_even_in_the_middle() -> None:
    pause = FakeHush()
    pause.hang = anyio.Event()
    quiet = Quiet({"pause": pause})
    async with running(quiet, "pause"):
        await quiet.before_recording()
        await anyio.wait_all_tasks_blocked()
    assert pause.done == ["restore", "quieten", "restore"]


@pytest.mark.asyncio
async def test_another_way_that_is_chosen_holds_from_the_next_recording_on() -> None:
    pause, duck = FakeHush(), FakeHush()
    quiet = Quiet({"pause": pause, "duck": duck})
    async with running(quiet, "pause"):
        await quiet.before_recording()
        await anyio.wait_all_tasks_blocked()
        quiet.choose(FeedbackSettings(media="duck"))
        quiet.cancelled()
        await anyio.wait_all_tasks_blocked()
        await quiet.before_recording()
        await anyio.wait_all_tasks_blocked()
        assert (pause.done, duck.done) == (["restore", "quieten", "restore"], ["restore", "quieten"])
