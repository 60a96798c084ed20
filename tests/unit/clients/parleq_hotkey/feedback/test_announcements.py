from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import pytest

from parleq_hotkey.feedback.announcements import Announcements
from parleq_hotkey.ports import ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, ReceiptStatus

SECRET = "the eagle lands at noon"


class FakeSlot:
    """Keeps what it is shown. ``hang``: showing waits for it."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str, bool]] = []
        self.hang = anyio.Event()
        self.hang.set()

    async def show(self, summary: str, body: str = "", *, urgent: bool = False) -> None:
        self.shown.append((summary, body, urgent))
        await self.hang.wait()

    async def close(self) -> None:
        self.shown.append(("", "", False))


class Stage:
    """Announcements between two places."""

    def __init__(self) -> None:
        self.steps, self.problems = FakeSlot(), FakeSlot()
        self.told = Announcements(self.steps, self.problems)

    @asynccontextmanager
    async def running(self, level: str) -> AsyncIterator[Announcements]:
        self.told.choose(FeedbackSettings(notifications=level))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self.told.run)
            await anyio.wait_all_tasks_blocked()
            yield self.told
            await anyio.wait_all_tasks_blocked()
            tasks.cancel_scope.cancel()


async def everything(told: Announcements) -> None:
    for hands_free in (False, True):
        told.recording(hands_free)
        await anyio.wait_all_tasks_blocked()
    told.level(-20)
    told.partial(SECRET, SECRET)
    for phase in Phase:
        told.working(phase)
        await anyio.wait_all_tasks_blocked()
    told.review(ReadyText(SECRET, SECRET))
    await anyio.wait_all_tasks_blocked()
    for status in ReceiptStatus:
        told.inserted(Receipt(status, "read by xterm"), ReadyText(SECRET, SECRET))
        await anyio.wait_all_tasks_blocked()
    told.nothing_said()
    await anyio.wait_all_tasks_blocked()
    told.cancelled()
    await anyio.wait_all_tasks_blocked()
    told.dropped()
    await anyio.wait_all_tasks_blocked()
    told.waits(Receipt(ReceiptStatus.FAILED, "the window has lost the focus"))
    told.failed("no_microphone", "there is no microphone", "plug one in")
    told.problem("daemon_unreachable", "no daemon answers", "start parleqd")
    await anyio.wait_all_tasks_blocked()


@pytest.mark.asyncio
async def test_each_step_takes_the_place_of_the_one_before_and_no_text_is_shown() -> None:
    stage = Stage()
    async with stage.running("all") as told:
        await everything(told)
    summaries = [summary for summary, _, _ in stage.steps.shown]
    assert summaries[:3] == ["Listening…", "Listening, hands-free…", "Transcribing…"]
    assert summaries[-3:] == ["Given up", "", ""]  # once the key was dropped, once before the problem
    assert SECRET not in repr(stage.steps.shown) + repr(stage.problems.shown)


@pytest.mark.asyncio
async def test_problems_have_a_place_of_their_own() -> None:
    stage = Stage()
    async with stage.running("problems") as told:
        await everything(told)
    assert stage.steps.shown == []
    assert stage.problems.shown == [
        ("The text waits", "The window has lost the focus. `parleqctl last --copy` has it.", True),
        ("There is no microphone", "Plug one in", True),
        ("No daemon answers", "Start parleqd", False),
    ]


@pytest.mark.asyncio
async def test_a_text_that_waits_is_offered_by_the_key_that_was_chosen() -> None:
    stage = Stage()
    async with stage.running("problems") as told:
        told.choose(FeedbackSettings(offer_key="F10"))
        told.waits(Receipt(ReceiptStatus.FAILED))
    assert stage.problems.shown[0][1] == "F10 inserts it where you are; `parleqctl last --copy` has it."


@pytest.mark.asyncio
async def test_off_is_off() -> None:
    stage = Stage()
    async with stage.running("off") as told:
        await everything(told)
    assert stage.steps.shown + stage.problems.shown == []


@pytest.mark.asyncio
async def test_a_desktop_that_hangs_costs_steps_but_keeps_the_latest() -> None:
    stage = Stage()
    stage.steps.hang, stage.problems.hang = anyio.Event(), anyio.Event()
    async with stage.running("all") as told:
        told.recording(hands_free=False)
        await anyio.wait_all_tasks_blocked()
        told.working(Phase.TRANSCRIBING)
        told.nothing_said()
        for number in range(100):
            told.problem("", f"problem {number}", "")
        await anyio.wait_all_tasks_blocked()
        stage.steps.hang.set()
        stage.problems.hang.set()
    assert [summary for summary, _, _ in stage.steps.shown] == ["Listening…", "Nothing was said"]
    assert len(stage.problems.shown) < 30
