from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from parleq_client import RefusedError
from parleq_hotkey.dictations import Dictation, Dictations
from parleq_hotkey.gesture import Intent
from parleq_hotkey.inserting import Inserting
from parleq_hotkey.placing import Placing
from parleq_hotkey.reviewing import Reviewing
from parleq_hotkey.settings import InsertionSettings
from parleq_hotkey.waiting import Waiting
from tests.fakes.daemon import FakeDaemon
from tests.fakes.desktop import Desktop, FakeInserter
from tests.fakes.hotkey import FakeFeedback, linked

TEXT = {"session_id": "s1", "text": "Hello.", "target": "editor", "raw": "um hello", "edits": []}


class Made:
    def __init__(
        self, daemon: FakeDaemon, inserting: Inserting, dictations: Dictations, world: Desktop, feedback: FakeFeedback
    ) -> None:
        self.daemon = daemon
        self.inserting = inserting
        self.dictations = dictations
        self.world = world
        self.feedback = feedback

    async def known(self, ending: Intent = Intent.STOP) -> Dictation:
        dictation = Dictation(ending=ending)
        self.dictations.name(dictation, "s1")
        await self.inserting.capture(dictation)
        return dictation


@asynccontextmanager
async def inserting(review: bool = False, within_s: float = 5.0) -> AsyncIterator[Made]:
    async with linked() as (daemon, link):
        world, placing, feedback = Desktop(), Placing(InsertionSettings(review=review)), FakeFeedback()
        world.program("editor")
        placing.inserter = FakeInserter(world)
        dictations = Dictations()
        reviewing = Reviewing(link, placing, feedback, lambda: None)
        waiting = Waiting(link, placing, feedback)
        yield Made(
            daemon,
            Inserting(
                link,
                dictations,
                placing,
                feedback,
                reviewing,
                waiting,
                on_settled=dictations.forget,
                answered_within_s=within_s,
            ),
            dictations,
            world,
            feedback,
        )


@pytest.mark.asyncio
async def test_the_window_of_the_press_is_told_and_gets_the_text() -> None:
    async with inserting() as made:
        await made.known()
        prepared = await made.inserting.asked("insert/prepare", {"session_id": "s1"})
        assert prepared["target"] == "editor"
        assert prepared["context"] == {"app": "editor", "window_class": "Entry", "title": "editor"}
        assert (await made.inserting.asked("text/insert", TEXT))["status"] == "read"
        assert made.feedback.names() == ["inserted"]
        assert made.dictations.all == []


@pytest.mark.asyncio
async def test_an_answer_that_may_come_too_late_is_given_as_a_receipt_too() -> None:
    async with inserting(within_s=-1.0) as made:
        await made.known()
        await made.inserting.asked("text/insert", TEXT)
        (told,) = made.daemon.asked("session/acknowledge")
        assert (told["session_id"], told["receipt"]["status"]) == ("s1", "read")


@pytest.mark.asyncio
async def test_another_client_s_dictation_goes_to_the_window_of_its_beginning() -> None:
    async with inserting() as made:
        await made.inserting.asked("insert/prepare", {"session_id": "s1"})
        made.world.program("browser")
        assert (await made.inserting.asked("text/insert", TEXT))["status"] == "failed"
        assert made.feedback.names() == ["waits"]


@pytest.mark.asyncio
async def test_a_text_of_which_nobody_knows_the_window_waits() -> None:
    async with inserting() as made:
        assert (await made.inserting.asked("text/insert", TEXT))["status"] == "failed"


@pytest.mark.asyncio
async def test_without_a_window_nothing_is_known_of_the_place() -> None:
    async with inserting() as made:
        made.world.focus_on(None)
        prepared = await made.inserting.asked("insert/prepare", {"session_id": "s1"})
        assert prepared == {"target": "", "context": {}}


@pytest.mark.parametrize(("ending", "status"), [(Intent.STOP, "held"), (Intent.STOP_QUICK, "read")])
@pytest.mark.asyncio
async def test_review_holds_a_text_unless_it_is_to_be_quick(ending: Intent, status: str) -> None:
    async with inserting(review=True) as made:
        await made.known(ending)
        edited = {**TEXT, "edits": [{"stage": "fillers", "before": "um ", "after": ""}]}
        assert (await made.inserting.asked("text/insert", edited))["status"] == status


@pytest.mark.asyncio
async def test_what_is_not_known_is_refused() -> None:
    async with inserting() as made:
        with pytest.raises(RefusedError, match="no text/other"):
            await made.inserting.asked("text/other", {})
