from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import anyio
import pytest

from parleq_hotkey.placing import Placing
from parleq_hotkey.ports import Receipt, Window
from parleq_hotkey.settings import InsertionSettings
from parleq_hotkey.waiting import Waiting
from parleqd.protocol.names import ReceiptStatus
from tests.fakes.daemon import RESULT, FakeDaemon, Object, Refusal, Reply
from tests.fakes.desktop import Desktop, FakeInserter
from tests.fakes.hotkey import FakeFeedback, linked

FAILED = Receipt(ReceiptStatus.FAILED, "the window has lost the focus")


def pending(session_id: str, started: float, deliver: str = "insert") -> Object:
    return {
        "session_id": session_id,
        "state": "ready",
        "deliver": deliver,
        "started": started,
        "audio_seconds": 1.0,
    }


class World:
    def __init__(self, daemon: FakeDaemon, waiting: Waiting, desktop: Desktop, inserter: FakeInserter) -> None:
        self.daemon = daemon
        self.waiting = waiting
        self.desktop = desktop
        self.inserter = inserter
        self.feedback = FakeFeedback()

    @property
    def inserted(self) -> list[str]:
        return [text for text, _ in self.inserter.inserted]


@asynccontextmanager
async def world(*sessions: Object, missed: str = "wait", in_review: str = "", **replies: Reply) -> AsyncIterator[World]:
    told: dict[str, Reply] = {
        "session/pending": {"sessions": list(sessions)},
        "session/claim": pending("s1", 1.0),
        **{name.replace("_", "/"): reply for name, reply in replies.items()},
    }
    async with linked(told) as (daemon, link):
        desktop, placing, feedback = Desktop(), Placing(InsertionSettings(missed=missed)), FakeFeedback()
        desktop.program("editor")
        placing.inserter = inserter = FakeInserter(desktop)
        waiting = Waiting(link, placing, feedback, lambda session_id: session_id == in_review, look_every_s=0.001)
        made = World(daemon, waiting, desktop, inserter)
        made.feedback = feedback
        yield made


@pytest.mark.asyncio
async def test_the_latest_that_waits_is_claimed_inserted_and_acknowledged() -> None:
    async with world(pending("old", 1.0), pending("new", 2.0)) as made:
        await made.waiting.insert_latest()
        assert made.daemon.asked("session/claim") == [{"session_id": "new"}]
        assert made.inserted == ["Hello world."]
        await made.daemon.until_asked("session/acknowledge")
        assert made.daemon.asked("session/acknowledge")[0]["receipt"]["status"] == "read"
        assert made.feedback.names() == ["inserted"]


@pytest.mark.asyncio
async def test_what_is_in_review_or_somebody_else_s_is_passed_over() -> None:
    async def claim(_: object, params: Object) -> Object:
        if params["session_id"] == "theirs":
            raise Refusal("not_owner")
        return pending(params["session_id"], 1.0)

    sessions = (pending("old", 1.0), pending("theirs", 2.0), pending("review", 3.0))
    async with world(*sessions, in_review="review", session_claim=claim) as made:
        await made.waiting.insert_latest()
        assert [one["session_id"] for one in made.daemon.asked("session/acknowledge")] == ["old"]


@pytest.mark.asyncio
async def test_a_text_that_still_cannot_be_placed_is_there_to_be_asked_for_again() -> None:
    async with world(pending("s1", 1.0, "return")) as made:
        made.desktop.focus_on(None)
        await made.waiting.insert_latest()
        await made.waiting.insert_latest()
        assert [one["receipt"]["status"] for one in made.daemon.asked("session/acknowledge")] == ["failed", "failed"]
        assert made.feedback.names() == ["waits", "waits"]


@pytest.mark.asyncio
async def test_a_text_that_waits_has_the_blank_that_the_settings_put_behind_it() -> None:
    async with world(pending("s1", 1.0), session_result={**RESULT, "trailing_space": True}) as made:
        await made.waiting.insert_latest()
        assert made.inserted == ["Hello world. "]


@pytest.mark.asyncio
async def test_that_nothing_waits_is_told() -> None:
    async with world() as made:
        await made.waiting.insert_latest()
        assert made.feedback.names() == ["problem"]


@pytest.mark.asyncio
async def test_a_new_window_under_the_name_of_one_that_closed_gets_nothing() -> None:
    async with world(missed="next-focus") as made, anyio.create_task_group() as tasks:
        tasks.start_soon(made.waiting.run)
        editor = made.desktop.focus
        assert editor is not None
        made.desktop.program("browser")
        made.waiting.missed("s1", editor, FAILED)
        made.desktop.focus_on(replace(editor, process=editor.process + 1))
        looks = made.inserter.looks
        with anyio.fail_after(5):
            while made.inserter.looks < looks + 3:  # noqa: ASYNC110 - there is no event
                await anyio.sleep(0.001)
        assert made.daemon.asked("session/claim") == []
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_a_text_goes_into_its_own_window_once_that_has_the_focus_again() -> None:
    async with world(missed="next-focus") as made, anyio.create_task_group() as tasks:
        tasks.start_soon(made.waiting.run)
        editor = made.desktop.focus
        made.desktop.program("browser")
        made.waiting.missed("s1", editor, FAILED)
        await made.feedback.until("waits")
        made.desktop.focus_on(editor)
        await made.feedback.until("inserted")
        assert made.inserter.inserted == [("Hello world.", editor)]
        tasks.cancel_scope.cancel()


@pytest.mark.asyncio
async def test_a_text_is_announced_once_and_waits_to_be_asked_for() -> None:
    async with world() as made, anyio.create_task_group() as tasks:
        tasks.start_soon(made.waiting.run)
        made.waiting.missed("s1", Window("editor"), FAILED)
        await anyio.wait_all_tasks_blocked()
        assert made.feedback.names() == ["waits"]
        assert made.inserted == []
        tasks.cancel_scope.cancel()
