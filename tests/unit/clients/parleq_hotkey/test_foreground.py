from __future__ import annotations

import pytest

from parleq_hotkey.foreground import Foreground
from parleq_hotkey.ports import ReadyText, Receipt
from parleq_hotkey.settings import FeedbackSettings
from parleqd.protocol.names import Phase, ReceiptStatus
from tests.fakes.hotkey import FakeFeedback
from tests.unit.clients.parleq_hotkey.test_feedbacks import tell

READY = ReadyText("Hello.", "um hello")
FAILED = Receipt(ReceiptStatus.FAILED, "the window has lost the focus")


class Stage:
    def __init__(self, *, recording: bool = False, review: ReadyText | None = None) -> None:
        self.feedback = FakeFeedback()
        self.shown = Foreground(self.feedback, lambda: recording, lambda: review)


@pytest.mark.asyncio
async def test_everything_is_passed_on_while_nothing_else_is_recorded() -> None:
    directly, stage = FakeFeedback(), Stage()
    for feedback in (directly, stage.shown):
        await feedback.before_recording()
        tell(feedback)
    assert stage.feedback.moments == directly.moments
    assert stage.feedback.settings == [FeedbackSettings()]


def test_news_of_an_earlier_dictation_do_not_end_what_a_recording_shows_and_plays() -> None:
    stage = Stage(recording=True, review=READY)
    stage.shown.working(Phase.CLEANING)
    stage.shown.inserted(Receipt(ReceiptStatus.READ), READY)
    stage.shown.review(READY)
    stage.shown.nothing_said()
    stage.shown.cancelled()
    stage.shown.dropped()
    assert stage.feedback.moments == []


def test_bad_news_are_told_beside_a_recording() -> None:
    stage = Stage(recording=True)
    stage.shown.waits(FAILED)
    stage.shown.failed("worker_failed", "it broke", "mend it")
    stage.shown.problem("dead_input", "silence", "unmute it")
    assert [values[0] for name, values in stage.feedback.moments if name == "problem"] == [
        "no_insertion",
        "worker_failed",
        "dead_input",
    ]
    assert "the window has lost the focus" in str(stage.feedback.moments[0])
    assert "last --copy" in str(stage.feedback.moments[0])


def test_a_text_in_review_is_shown_again_behind_the_news() -> None:
    stage = Stage(review=READY)
    stage.shown.working(Phase.TRANSCRIBING)
    stage.shown.inserted(Receipt(ReceiptStatus.READ), ReadyText("Another."))
    stage.shown.waits(FAILED)
    assert stage.feedback.names() == ["working", "review", "inserted", "review", "waits", "review"]
