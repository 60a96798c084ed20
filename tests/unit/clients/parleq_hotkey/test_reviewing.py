from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from parleq_hotkey.placing import Placing
from parleq_hotkey.ports import ReadyText, Receipt, Window
from parleq_hotkey.reviewing import Reviewing
from parleq_hotkey.settings import InsertionSettings
from tests.fakes.daemon import RESULT, FakeDaemon, Object
from tests.fakes.desktop import Desktop, FakeInserter
from tests.fakes.hotkey import FakeFeedback, linked

CHANGED: Object = {**RESULT, "session_id": "s2", "text": "Changed.", "baseline": "Text."}


class Held:
    """A text "Text." of session s1 in review."""

    def __init__(self, daemon: FakeDaemon, reviewing: Reviewing, world: Desktop, inserter: FakeInserter) -> None:
        self.daemon = daemon
        self.reviewing = reviewing
        self.world = world
        self.inserter = inserter
        self.missed: list[str] = []
        self.window: Window | None = world.focus

    def acknowledged(self) -> list[tuple[str, str]]:
        asked = self.daemon.asked("session/acknowledge")
        return [(one["session_id"], one["receipt"]["status"]) for one in asked]


@asynccontextmanager
async def held(feedback: FakeFeedback) -> AsyncIterator[Held]:
    async with linked() as (daemon, link):
        world, placing = Desktop(), Placing(InsertionSettings(review=True))
        world.program("editor")
        placing.inserter = inserter = FakeInserter(world)
        reviewing = Reviewing(link, placing, feedback, lambda: None)
        made = Held(daemon, reviewing, world, inserter)

        def missed(session_id: str, window: Window | None, receipt: Receipt) -> None:
            made.missed.append(session_id)

        reviewing.on_missed = missed
        reviewing.hold("s1", ReadyText("Text."), made.window)
        yield made


@pytest.mark.asyncio
async def test_accepted_it_is_inserted_and_acknowledged() -> None:
    feedback = FakeFeedback()
    async with held(feedback) as made:
        assert made.reviewing.holds("s1")
        await made.reviewing.accept()
        assert made.inserter.inserted == [("Text.", made.window)]
        assert made.acknowledged() == [("s1", "read")]
        assert made.reviewing.current is None
        await made.reviewing.accept()
        assert feedback.names() == ["review", "inserted"]


@pytest.mark.asyncio
async def test_accepted_while_another_window_has_the_focus_it_waits() -> None:
    async with held(FakeFeedback()) as made:
        made.world.program("browser")
        await made.reviewing.accept()
        assert made.missed == ["s1"]
        assert made.acknowledged() == [("s1", "failed")]


@pytest.mark.asyncio
async def test_a_change_is_shown_and_accepted_with_the_first_text() -> None:
    feedback = FakeFeedback()
    async with held(feedback) as made:
        review = made.reviewing.current
        assert review is not None
        review.refining = True
        await made.reviewing.accept()  # too soon: the change is waited for
        assert made.inserter.inserted == []
        await made.reviewing.refined(review, "s2", CHANGED)
        assert made.inserter.inserted == [("Changed.", made.window)]
        assert made.acknowledged() == [("s1", "sent"), ("s2", "read")]
        assert feedback.names() == ["review", "review", "inserted"]


@pytest.mark.asyncio
async def test_a_change_that_came_to_nothing_leaves_the_text() -> None:
    async with held(FakeFeedback()) as made:
        review = made.reviewing.current
        assert review is not None
        await made.reviewing.refined(review, "s2", {**CHANGED, "raw": ""})
        assert made.acknowledged() == [("s2", "sent")]
        await made.reviewing.refined(review, "s3", None)
        assert review.ready.text == "Text."


@pytest.mark.asyncio
async def test_a_changed_text_that_cannot_be_placed_waits_in_place_of_the_one_before() -> None:
    async with held(FakeFeedback()) as made:
        review = made.reviewing.current
        assert review is not None
        await made.reviewing.refined(review, "s2", CHANGED)
        made.world.program("browser")
        await made.reviewing.accept()
        assert made.missed == ["s2"]
        assert made.acknowledged() == [("s1", "sent"), ("s2", "failed")]


@pytest.mark.asyncio
async def test_a_change_that_fell_back_is_told_and_leaves_what_is_shown() -> None:
    feedback = FakeFeedback()
    fallback = {"reason": "not_configured", "message": "no target", "hint": "parleqctl setup", "target": ""}
    async with held(feedback) as made:
        review = made.reviewing.current
        assert review is not None
        before = review.ready
        await made.reviewing.refined(review, "s2", {**CHANGED, "text": "Text.", "fallback": fallback})
        assert await feedback.until("problem") == ("not_configured", "no target", "parleqctl setup")
        assert review.ready is before
        assert made.acknowledged() == [("s2", "sent")]


@pytest.mark.asyncio
async def test_a_changed_text_has_the_blank_that_the_settings_put_behind_it() -> None:
    async with held(FakeFeedback()) as made:
        review = made.reviewing.current
        assert review is not None
        await made.reviewing.refined(review, "s2", {**CHANGED, "trailing_space": True})
        await made.reviewing.accept()
        assert made.inserter.inserted == [("Changed. ", made.window)]


@pytest.mark.asyncio
async def test_given_up_it_ends_at_the_daemon() -> None:
    feedback = FakeFeedback()
    async with held(feedback) as made:
        await made.reviewing.give_up()
        await made.reviewing.give_up()
        assert made.daemon.asked("session/cancel") == [{"session_id": "s1"}]
        assert feedback.names() == ["review", "cancelled"]


@pytest.mark.asyncio
async def test_the_next_is_shown_when_the_first_is_settled() -> None:
    feedback = FakeFeedback()
    async with held(feedback) as made:
        made.reviewing.hold("s2", ReadyText("Next."), made.window)
        assert feedback.moments[-1] == ("review", (ReadyText("Text."),))
        await made.reviewing.accept()
        made.reviewing.show()
        assert feedback.moments[-1] == ("review", (ReadyText("Next."),))


@pytest.mark.asyncio
async def test_what_is_left_behind_stays_pending() -> None:
    async with held(FakeFeedback()) as made:
        await made.reviewing.leave()
        assert made.acknowledged() == [("s1", "failed")]
        assert made.inserter.inserted == []
