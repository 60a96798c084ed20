from __future__ import annotations

import inspect

import anyio
import pytest

from parleq_hotkey.feedbacks import Silent, Together
from parleq_hotkey.ports import Feedback, ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, ReceiptStatus
from tests.fakes.hotkey import FakeFeedback


def tell(feedback: Feedback) -> None:
    feedback.choose(FeedbackSettings())
    feedback.recording(True)
    feedback.level(-20.0)
    feedback.partial("a", "b")
    feedback.working(Phase.CLEANING)
    feedback.review(ReadyText("a"))
    feedback.inserted(Receipt(ReceiptStatus.READ), ReadyText("a"))
    feedback.waits(Receipt(ReceiptStatus.FAILED, "no focus"))
    feedback.nothing_said()
    feedback.cancelled()
    feedback.dropped()
    feedback.failed("timeout", "m", "h")
    feedback.problem("timeout", "m", "h")


@pytest.mark.asyncio
async def test_every_part_is_told_of_everything() -> None:
    first, second = FakeFeedback(), FakeFeedback()
    together = Together([first, Silent(), second])
    await together.before_recording()
    tell(together)
    assert first.moments == second.moments
    moments = {name for name, member in inspect.getmembers(Feedback, inspect.isfunction) if name[0] != "_"}
    assert set(first.names()) == moments - {"run", "choose", "level"}
    assert first.settings == [FeedbackSettings()]


@pytest.mark.asyncio
async def test_all_run_until_cancelled() -> None:
    with anyio.move_on_after(0.01) as scope:
        await Together([Silent(), Silent()]).run()
    assert scope.cancelled_caught
